/** Yields once for all items that came while the reader was at work. */
export async function* bursts(items: AsyncIterable<unknown>): AsyncGenerator<void, void> {
  const seen: { isStale: boolean; end: { readonly error?: unknown } | null; wake: () => void } = {
    isStale: false,
    end: null,
    wake: () => {},
  };
  const read = async (): Promise<void> => {
    for await (const _item of items) {
      seen.isStale = true;
      seen.wake();
    }
  };
  void read()
    .then(
      () => (seen.end = {}),
      (error: unknown) => (seen.end = { error }),
    )
    .then(() => seen.wake());
  for (;;) {
    if (seen.isStale) {
      seen.isStale = false;
      yield;
    } else if (seen.end === null) {
      await new Promise<void>((resolve) => {
        seen.wake = resolve;
      });
    } else {
      if ("error" in seen.end) throw seen.end.error;
      return;
    }
  }
}

/** The context handles of one association, with whose they are. */
import { ContextHandle } from "@msrpc/ndr";
import type { InterfaceDescriptor } from "./interface.ts";

/** What a handle is and whom it was given to. */
export interface HandleEntry {
  readonly handle: ContextHandle;
  readonly kind: object;
  readonly data: unknown;
  /** Whoever was given it: text that is the same for the same principal. */
  readonly owner: string;
  /** The interface whose operation opened it. */
  readonly interface: InterfaceDescriptor;
  readonly rundown: () => void | Promise<void>;
}

export class HandleStore {
  readonly #entries = new Map<string, HandleEntry>();
  readonly #newUuid: () => string;
  /** Hears of rundowns that fail; null while the association lives. */
  #onError: ((error: unknown) => void) | null = null;

  constructor(newUuid: () => string) {
    this.#newUuid = newUuid;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Where the association has ended it is run down at once, and is no handle to `find`. */
  add(entry: Omit<HandleEntry, "handle">): ContextHandle {
    const handle = new ContextHandle(this.#newUuid());
    if (this.#onError === null) this.#entries.set(handle.toString(), { ...entry, handle });
    else void attempt(entry.rundown, this.#onError);
    return handle;
  }

  find(handle: ContextHandle): HandleEntry | undefined {
    return this.#entries.get(handle.toString());
  }

  delete(handle: ContextHandle): void {
    this.#entries.delete(handle.toString());
  }

  /**
   * Runs every handle down, newest first, and from then on each that is opened. Errors go to `onError` and
   * stop nothing.
   */
  async runDown(onError: (error: unknown) => void): Promise<void> {
    this.#onError = onError;
    const entries = [...this.#entries.values()].toReversed();
    this.#entries.clear();
    for (const entry of entries) await attempt(entry.rundown, onError);
  }
}

async function attempt(
  rundown: () => void | Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    await rundown();
  } catch (error) {
    onError(error);
  }
}

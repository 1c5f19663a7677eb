/** Native objects that have to be let go of. */

interface Held {
  pointer: bigint;
  readonly free: (pointer: bigint) => void;
}

function letGo(held: Held): void {
  const { pointer } = held;
  held.pointer = 0n;
  if (pointer !== 0n) held.free(pointer);
}

/** For what nobody has disposed of. */
const forgotten = new FinalizationRegistry<Held>(letGo);

/** A name, a credential or a context. Freed once: when it is disposed of, or by the garbage collector. */
export class NativeHandle implements Disposable {
  readonly #held: Held;

  constructor(free: (pointer: bigint) => void, pointer = 0n) {
    this.#held = { pointer, free };
    forgotten.register(this, this.#held);
  }

  /** 0 where there is none, yet or any more. */
  get pointer(): bigint {
    return this.#held.pointer;
  }

  set pointer(pointer: bigint) {
    this.#held.pointer = pointer;
  }

  [Symbol.dispose](): void {
    letGo(this.#held);
  }
}

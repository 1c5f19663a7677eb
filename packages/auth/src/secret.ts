/** A box for keys and hashes, so that they show up in no log, error or inspection. */

export class Secret {
  readonly #octets: Uint8Array;

  /** Keeps a copy. */
  constructor(octets: Uint8Array) {
    this.#octets = Uint8Array.from(octets);
  }

  /** The octets themselves; not to be kept, printed or changed. */
  reveal(): Uint8Array {
    return this.#octets;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }
}

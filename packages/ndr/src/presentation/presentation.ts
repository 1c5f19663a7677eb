/** What a program sees of a type whose form on the wire is another. */

/**
 * Both ways between what is sent and what a program sees. Both are functions of their argument alone: a value
 * may be converted more than once, or once for several places in a message that have it.
 */
export interface Presentation<Wire, Presented> {
  /** The value to send. What it throws ends the encoding as an `NdrError`, with the operation and the field. */
  toWire(value: Presented): Wire;
  /**
   * The value for the program. What it throws ends the decoding likewise. It has to take zeros as well: an answer
   * that is only a status is made of them.
   */
  fromWire(value: Wire): Presented;
}

/** What a program sees through a presentation: `Presented<typeof money>`. */
export type Presented<P> = P extends Presentation<infer _Wire, infer Shown> ? Shown : never;

/** Values that were converted in a message: what is in place and what is deferred are of the same conversion. */
export class Conversions {
  readonly #values = new Map<object, Map<unknown, unknown>>();

  /** The value to send, converted at the first of its uses. */
  of<Wire, Shown>(presentation: Presentation<Wire, Shown>, value: Shown): Wire {
    let known = this.#values.get(presentation);
    if (known === undefined) this.#values.set(presentation, (known = new Map()));
    if (known.has(value)) return known.get(value) as Wire;
    const wire = presentation.toWire(value);
    known.set(value, wire);
    return wire;
  }
}

/** Context handles: an opaque name for state that a server keeps ([C706] 4.2.16.6). */

/**
 * A context handle as it stands on the wire: four octets of attributes and a UUID.
 *
 * Immutable. `Type` keeps handles of different IDL types apart: `ContextHandle<"HGROUP_RPC">`.
 * The NULL handle is `null` in requests and responses and never an instance.
 */
export class ContextHandle<Type extends string = string> {
  /** Tells types apart for the compiler; never there at run time. */
  declare readonly handleType?: Type;
  readonly attributes: number;
  /** Lower case, without braces. */
  readonly uuid: string;

  constructor(uuid: string, attributes = 0) {
    this.uuid = uuid;
    this.attributes = attributes;
  }

  equals(other: ContextHandle | null): boolean {
    return other !== null && other.uuid === this.uuid && other.attributes === this.attributes;
  }

  toString(): string {
    return this.attributes === 0 ? this.uuid : `${this.uuid}/${this.attributes}`;
  }
}

/** What a reader or writer has to know about the octet stream it works on. */

/** NDR 2.0 ([C706] 14, [MS-RPCE] 2.2.4.12) or NDR64 ([MS-RPCE] 2.2.5). */
export type TransferSyntax = "ndr" | "ndr64";

export type ByteOrder = "little" | "big";

/** Target level of the consistency checks of [MS-RPCE] 3.1.1.5.3; 6 is a superset of 5. */
export type Strictness = 5 | 6;

export interface NdrLimits {
  /** How deep constructed types may nest, a linked list counting one for each node. */
  readonly maxDepth: number;
}

export const defaultLimits: NdrLimits = { maxDepth: 500 };

export interface NdrOptions {
  /** Default: "ndr". */
  readonly syntax?: TransferSyntax;
  /** Default: "little". */
  readonly byteOrder?: ByteOrder;
  readonly limits?: Partial<NdrLimits>;
  /**
   * Writer: referent id of the first pointer. Full pointers keep theirs for a whole call, so an answer's have to be others
   * than its request's. Default: 0x20000, as with Windows and Samba.
   */
  readonly firstReferent?: number;
}

export interface NdrReaderOptions extends NdrOptions {
  /** Default: 6. */
  readonly strictness?: Strictness;
  /**
   * The octets to read are the reader's to give away: nobody else keeps or changes them. An array of octets that is most
   * of their buffer is then a view of it instead of a copy. Default: false.
   */
  readonly ownsOctets?: boolean;
}

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
}

export interface NdrReaderOptions extends NdrOptions {
  /** Default: 6. */
  readonly strictness?: Strictness;
}

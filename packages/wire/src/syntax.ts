/** The two transfer syntaxes and the widths that differ between them. */

/** `ndr`: NDR 2.0. `ndr64`: [MS-RPCE] 2.2.5. */
export type Syntax = "ndr" | "ndr64";

export const syntaxes: readonly Syntax[] = ["ndr", "ndr64"];

/** Bytes of a referent id, a max count, an offset, an actual count; they align as they are wide. */
export function wordSize(syntax: Syntax): 4 | 8 {
  return syntax === "ndr" ? 4 : 8;
}

/** The least multiple of `align` that is not below `offset`. */
export function alignUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

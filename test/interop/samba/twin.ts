// What a value is that python3-samba packs: as Python makes it, with the helpers of pack.py, and as we have it.
import type { StructValue } from "@msrpc/wire";

/** A structure, or one direction of a call. */
export interface Twin {
  readonly name: string;
  /** Python that leaves the value in `r`. */
  readonly code: string;
  readonly what: "struct" | "in" | "out";
  /** Where ours is declared: a type for a structure, else an operation. */
  readonly file: keyof typeof twinFiles;
  readonly symbol: string;
  readonly value: StructValue;
  /** Of a response: what of the request its counts need. */
  readonly request?: StructValue;
  /**
   * Samba numbers full pointers from 1 and not as it does unique ones, so the bytes differ in referent ids. Samba must
   * read ours as what it packs itself. The module and opnum that it has for the call.
   */
  readonly fullPointers?: { readonly module: string; readonly opnum: number };
  /** Forms in which Samba differs, by their names, and why it is wrong. */
  readonly unlike?: Readonly<Record<string, string>>;
}

export const twinFiles = {
  twins: "twins.idl",
  epm: "dce-rpc/epm.idl",
  mgmt: "dce-rpc/mgmt.idl",
} as const;

export const uuid = "01020304-0506-0708-090a-0b0c0d0e0f10";
export const clusapi = "b97db8b2-4c63-11cf-bff6-08002be23f2f";
export const handle: StructValue = { attributes: 0, uuid };

/** A UUID as its structure. */
export function guid(text: string): StructValue {
  const [low = "", middle = "", high = "", ...rest] = text.split("-");
  return {
    Data1: Number.parseInt(low, 16),
    Data2: Number.parseInt(middle, 16),
    Data3: Number.parseInt(high, 16),
    Data4: new Uint8Array(Buffer.from(rest.join(""), "hex")),
  };
}

/** Type serialization version 2 ([MS-RPCE] 2.2.7): NDR 2.0 or NDR64, little-endian. */
import type { TransferSyntax } from "../options.ts";
import { transferSyntaxes } from "../transfer-syntax.ts";
import { NdrReader } from "../reader.ts";
import { NdrWriter } from "../writer.ts";
import {
  type DeserializeOptions,
  join,
  type Layout,
  malformed,
  SerializedTypes,
  type WriteType,
} from "./common.ts";

const headerLength = 64;

/** The interface that types belong to. Readers ignore it. */
export interface SerializedInterface {
  readonly uuid: string;
  readonly version: { readonly major: number; readonly minor: number };
}

export interface SerializeV2Options {
  /** Default: "ndr". */
  readonly syntax?: TransferSyntax;
  readonly interface: SerializedInterface;
}

/** Types in one stream, constructed and primitive ones alike. */
export function serializeV2(types: readonly WriteType[], options: SerializeV2Options): Uint8Array {
  const { syntax = "ndr" } = options;
  const w = new NdrWriter();
  w.operation = "type serialization";
  w.u8(2, "Version");
  w.u8(0x10, "Endianness");
  w.u16(headerLength, "CommonHeaderLength");
  w.bytes(new Uint8Array(20).fill(0xcc), "endianInfo");
  for (const id of [transferSyntaxes[syntax], options.interface]) {
    w.uuid(id.uuid, "uuid");
    w.u16(id.version.major, "major version");
    w.u16(id.version.minor, "minor version");
  }
  return join(w.finish(), types, layout(syntax));
}

const layout = (syntax: TransferSyntax): Layout => ({
  syntax,
  byteOrder: "little",
  headerLength,
  unit: 16,
});

/**
 * Opens a stream of version 2.
 *
 * @throws NdrError unsupported_representation for another version, an unknown transfer syntax or a
 *   malformed header
 */
export function deserializeV2(
  stream: Uint8Array,
  options: DeserializeOptions = {},
): SerializedTypes {
  if (stream.length < headerLength) throw malformed("the header is cut off", "", stream.length);
  const r = new NdrReader(stream);
  const version = r.u8("Version");
  if (version !== 2) throw malformed(`version ${version} is not 2`, "Version", 0);
  const label = r.u8("Endianness");
  if (label !== 0x10) throw malformed(`${label} is not 0x10`, "Endianness", 1);
  const length = r.u16("CommonHeaderLength");
  if (length !== headerLength) throw malformed(`${length} is not 64`, "CommonHeaderLength", 2);
  r.bytes(20, "endianInfo");
  const uuid = r.uuid("TransferSyntax");
  const major = r.u16("TransferSyntax");
  for (const syntax of ["ndr", "ndr64"] as const) {
    const known = transferSyntaxes[syntax];
    if (known.uuid === uuid && known.version.major === major) {
      return new SerializedTypes(stream, layout(syntax), options);
    }
  }
  throw malformed(`${uuid} version ${major} is neither NDR nor NDR64`, "TransferSyntax", 24);
}

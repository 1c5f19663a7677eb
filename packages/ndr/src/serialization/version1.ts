/** Type serialization version 1 ([MS-RPCE] 2.2.6): NDR 2.0 in either byte order. */
import type { ByteOrder } from "../options.ts";
import {
  type DeserializeOptions,
  join,
  type Layout,
  malformed,
  type ReadType,
  SerializedTypes,
  type WriteType,
} from "./common.ts";
import { NdrWriter } from "../writer.ts";

const headerLength = 8;

/** Constructed types in one stream: `serializeV1([(w) => writePac(w, pac)])`. */
export function serializeV1(
  types: readonly WriteType[],
  options: { readonly byteOrder?: ByteOrder } = {},
): Uint8Array {
  const { byteOrder = "little" } = options;
  return join(header(byteOrder), types, layout(byteOrder));
}

/** One primitive type: no private header, padded to 8 octets ([MS-RPCE] 2.2.6.3). */
export function serializePrimitiveV1(
  write: WriteType,
  options: { readonly byteOrder?: ByteOrder } = {},
): Uint8Array {
  const { byteOrder = "little" } = options;
  const w = new NdrWriter({ byteOrder });
  w.operation = "type serialization";
  write(w);
  const stream = new Uint8Array(headerLength + 8);
  stream.set(header(byteOrder));
  stream.set(w.finish(), headerLength);
  return stream;
}

function header(byteOrder: ByteOrder): Uint8Array {
  const label = byteOrder === "little" ? 0x10 : 0;
  return Uint8Array.of(1, label, headerLength, 0, 0xcc, 0xcc, 0xcc, 0xcc);
}

const layout = (byteOrder: ByteOrder): Layout => ({
  syntax: "ndr",
  byteOrder,
  headerLength,
  unit: 8,
});

export class SerializedTypesV1 extends SerializedTypes {
  /** Reads the next type where it is a primitive one. */
  primitive<T>(read: ReadType<T>): T {
    return this.nextPrimitive(read);
  }
}

/**
 * Opens a stream of version 1.
 *
 * @throws NdrError unsupported_representation for another version or a malformed header
 */
export function deserializeV1(
  stream: Uint8Array,
  options: DeserializeOptions = {},
): SerializedTypesV1 {
  const [version, label, lengthLow = 0, lengthHigh = 0] = stream;
  if (stream.length < headerLength) throw malformed("the header is cut off", "", stream.length);
  if (version !== 1) throw malformed(`version ${version} is not 1`, "Version", 0);
  if (label !== 0x10 && label !== 0) {
    throw malformed(`${label} is neither 0x10 nor 0`, "Endianness", 1);
  }
  const length = lengthLow | (lengthHigh << 8);
  if (length !== headerLength) throw malformed(`${length} is not 8`, "CommonHeaderLength", 2);
  return new SerializedTypesV1(stream, layout(label === 0x10 ? "little" : "big"), options);
}

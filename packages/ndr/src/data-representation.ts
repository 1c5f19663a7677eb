/** The data representation format label of a PDU ([C706] 14.1). */
import { NdrError } from "./error.ts";
import type { ByteOrder } from "./options.ts";

const floats: readonly string[] = ["IEEE", "VAX", "Cray", "IBM"];

/**
 * The byte order that a label of 4 octets announces.
 *
 * @throws NdrError unsupported_representation for EBCDIC characters and floats that are not IEEE
 */
export function parseDataRepresentation(label: Uint8Array): ByteOrder {
  const [integers = 0, float = 0] = label;
  if (label.length < 4) throw refuse(`a label has 4 octets, not ${label.length}`, "");
  const order = integers >> 4;
  const characters = integers & 15;
  if (order > 1) throw refuse(`integer format ${order} is not defined`, "integer format");
  if (characters !== 0) {
    const name = characters === 1 ? "EBCDIC" : `format ${characters}`;
    throw refuse(`characters are in ${name}, only ASCII is supported`, "character format");
  }
  if (float !== 0) {
    const name = floats[float] ?? `format ${float}`;
    throw refuse(`floats are in ${name}, only IEEE is supported`, "floating-point format");
  }
  return order === 1 ? "little" : "big";
}

/** The label of ASCII characters, IEEE floats and this byte order. */
export function formatDataRepresentation(byteOrder: ByteOrder): Uint8Array {
  return Uint8Array.of(byteOrder === "little" ? 0x10 : 0, 0, 0, 0);
}

function refuse(problem: string, path: string): NdrError {
  const operation = "data representation";
  return new NdrError({ code: "unsupported_representation", problem, operation, path, offset: 0 });
}

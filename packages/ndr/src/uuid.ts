/** UUIDs as text and as octets. The first three fields follow the byte order of the stream. */

export const nilUuid = "00000000-0000-0000-0000-000000000000";

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: unknown): boolean {
  return typeof text === "string" && form.test(text);
}

const hex: readonly string[] = Array.from({ length: 256 }, (_, i) =>
  i.toString(16).padStart(2, "0"),
);

/** The UUID whose 16 octets start at `offset`: lower case, without braces. */
export function formatUuid(view: DataView, offset: number, littleEndian: boolean): string {
  const octet = (i: number): string => hex[view.getUint8(offset + i)] ?? "";
  const first = view.getUint32(offset, littleEndian).toString(16).padStart(8, "0");
  const second = view
    .getUint16(offset + 4, littleEndian)
    .toString(16)
    .padStart(4, "0");
  const third = view
    .getUint16(offset + 6, littleEndian)
    .toString(16)
    .padStart(4, "0");
  const last = octet(10) + octet(11) + octet(12) + octet(13) + octet(14) + octet(15);
  return `${first}-${second}-${third}-${octet(8)}${octet(9)}-${last}`;
}

/** Where each octet's two digits stand in the text, for a little-endian and a big-endian stream. */
const littlePlaces = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34] as const;
const bigPlaces = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;

/** Puts a UUID, which `isUuid` has accepted, at `offset`. */
export function putUuid(view: DataView, offset: number, littleEndian: boolean, uuid: string): void {
  for (const place of littleEndian ? littlePlaces : bigPlaces) {
    view.setUint8(offset++, (digit(uuid, place) << 4) | digit(uuid, place + 1));
  }
}

/** The value of a hexadecimal digit: letters have bit 6 set, and their low four bits count from 1. */
function digit(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return (unit & 15) + 9 * (unit >> 6);
}

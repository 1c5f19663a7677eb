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

/** Puts a UUID, which `isUuid` has accepted, at `offset`. */
export function putUuid(view: DataView, offset: number, littleEndian: boolean, uuid: string): void {
  view.setUint32(offset, Number.parseInt(uuid.slice(0, 8), 16), littleEndian);
  view.setUint16(offset + 4, Number.parseInt(uuid.slice(9, 13), 16), littleEndian);
  view.setUint16(offset + 6, Number.parseInt(uuid.slice(14, 18), 16), littleEndian);
  view.setUint16(offset + 8, Number.parseInt(uuid.slice(19, 23), 16), false);
  view.setUint16(offset + 10, Number.parseInt(uuid.slice(24, 28), 16), false);
  view.setUint32(offset + 12, Number.parseInt(uuid.slice(28, 36), 16), false);
}

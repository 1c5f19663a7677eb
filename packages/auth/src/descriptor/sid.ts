/** SIDs as text and as octets ([MS-DTYP] 2.4.2). */
import { formatSid, parseSid, type SidParts } from "@msrpc/ndr";
import { viewOf } from "../bytes.ts";
import { DescriptorError } from "./error.ts";

/** Null for what is no SID; one in a descriptor has a sub-authority at least. */
function partsOf(text: string): SidParts | null {
  const parts = parseSid(text);
  return parts === null || parts.subAuthorities.length === 0 ? null : parts;
}

/** Whether a text is a SID: `S-1-5-32-544`. */
export function isSid(text: string): boolean {
  return partsOf(text) !== null;
}

/** The octets of a SID, 8 and 4 for each sub-authority. @throws DescriptorError */
export function writeSid(text: string): Uint8Array {
  const parts = partsOf(text);
  if (parts === null) throw new DescriptorError(`${JSON.stringify(text)} is no SID`);
  const { authority, subAuthorities } = parts;
  const octets = new Uint8Array(8 + 4 * subAuthorities.length);
  const view = viewOf(octets);
  view.setBigUint64(0, authority);
  octets[0] = 1;
  octets[1] = subAuthorities.length;
  subAuthorities.forEach((part, index) => view.setUint32(8 + 4 * index, part, true));
  return octets;
}

/** The SID at an offset, in its one text. @throws DescriptorError */
export function readSid(octets: Uint8Array, at = 0): string {
  const count = octets[at + 1];
  if (count === undefined || at + 8 + 4 * count > octets.length) {
    throw new DescriptorError("A SID does not end", at);
  }
  if (octets[at] !== 1) throw new DescriptorError("A SID is not of revision 1", at);
  if (count === 0 || count > 15) {
    throw new DescriptorError(`A SID can't have ${count} sub-authorities`, at);
  }
  const view = viewOf(octets);
  const authority = view.getBigUint64(at) & 0xffffffffffffn;
  const subAuthorities = Array.from({ length: count }, (_, index) =>
    view.getUint32(at + 8 + 4 * index, true),
  );
  return formatSid({ authority, subAuthorities });
}

/** Octets of a SID that {@link readSid} has read. */
export function sidLength(octets: Uint8Array, at: number): number {
  return 8 + 4 * (octets[at + 1] ?? 0);
}

/** Security identifiers as text: `S-1-5-32-544` ([MS-DTYP] 2.4.2.1). */
import type { Presentation } from "./presentation.ts";

const form = /^S-1-(?:(0|[1-9]\d{0,9})|0x([0-9A-Fa-f]{12}))((?:-(?:0|[1-9]\d{0,9})){0,15})$/;

export interface SidParts {
  /** 48 bits. */
  readonly authority: bigint;
  /** Of 32 bits; at most 15. */
  readonly subAuthorities: readonly number[];
}

/** The parts of a SID's text; null for what is none: too many parts, numbers out of range, zeros in front. */
export function parseSid(text: string): SidParts | null {
  const [, decimal, hexadecimal, rest = ""] = form.exec(text) ?? [];
  if (decimal === undefined && hexadecimal === undefined) return null;
  const authority = BigInt(decimal ?? `0x${hexadecimal}`);
  const subAuthorities = rest === "" ? [] : rest.slice(1).split("-").map(Number);
  const fits = subAuthorities.every((part) => part <= 0xffffffff);
  return fits && (decimal === undefined || authority <= 0xffffffffn)
    ? { authority, subAuthorities }
    : null;
}

/** The one text of a SID: an authority above 32 bits is in hexadecimal. */
export function formatSid({ authority, subAuthorities }: SidParts): string {
  const head =
    authority <= 0xffffffffn ? `${authority}` : `0x${authority.toString(16).padStart(12, "0")}`;
  return ["S-1", head, ...subAuthorities].join("-");
}

/** RPC_SID ([MS-DTYP] 2.4.2.3). */
export interface SidWire {
  revision: number;
  /** Six octets, the highest first. */
  identifierAuthority: { value: Uint8Array };
  subAuthority: number[];
}

/** No SID, all zeros, is `""`: it stands in answers that are only a status. */
export const asSid: Presentation<SidWire, string> = {
  toWire(text) {
    if (text === "")
      return { revision: 0, identifierAuthority: { value: new Uint8Array(6) }, subAuthority: [] };
    const parts = typeof text === "string" ? parseSid(text) : null;
    if (parts === null) throw new RangeError(`${JSON.stringify(text)} is no SID`);
    const value = new Uint8Array(8);
    new DataView(value.buffer).setBigUint64(0, parts.authority);
    return {
      revision: 1,
      identifierAuthority: { value: value.subarray(2) },
      subAuthority: [...parts.subAuthorities],
    };
  },
  fromWire({ revision, identifierAuthority, subAuthority }) {
    const authority = identifierAuthority.value.reduce(
      (sum, octet) => sum * 256n + BigInt(octet),
      0n,
    );
    if (revision === 0 && authority === 0n && subAuthority.length === 0) return "";
    if (revision !== 1) throw new RangeError(`a SID of revision ${revision}; 1 is the only one`);
    if (subAuthority.length > 15)
      throw new RangeError(`a SID of ${subAuthority.length} sub-authorities; 15 are the most`);
    return formatSid({ authority, subAuthorities: subAuthority });
  },
};

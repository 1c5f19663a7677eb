/** The 16 octets that every connection-oriented PDU starts with ([C706] 12.6.3.1). */
import { parseDataRepresentation } from "@msrpc/ndr";
import { PduError } from "./error.ts";
import { get16, get32, put16, put32 } from "./octets.ts";

/** Values of PTYPE ([C706] 12.6.4, [MS-RPCE] 2.2.2.10). */
export const pduTypes = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bind_ack: 12,
  bind_nak: 13,
  alter_context: 14,
  alter_context_resp: 15,
  auth3: 16,
  shutdown: 17,
  cancel: 18,
  orphaned: 19,
} as const;

export type PduType = keyof typeof pduTypes;

const typeNames: readonly (PduType | undefined)[] = Array.from({ length: 20 }, (_, value) =>
  Object.entries(pduTypes).find(([, number]) => number === value),
).map((entry) => entry?.[0] as PduType | undefined);

/** Bits of pfc_flags. `headerSign` and `pendingCancel` share one ([MS-RPCE] 2.2.2.3). */
export const pduFlags = {
  first: 0x01,
  last: 0x02,
  pendingCancel: 0x04,
  headerSign: 0x04,
  concurrent: 0x10,
  didNotExecute: 0x20,
  maybe: 0x40,
  object: 0x80,
} as const;

export const headerLength = 16;
/** A sec_trailer without its token ([MS-RPCE] 2.2.2.11). */
export const trailerLength = 8;
/** What every implementation can receive ([C706] 12.6.3.1, MustRecvFragSize). */
export const mustReceive = 1432;
/** The largest frag_length. */
export const largestFragment = 0xffff;

export interface PduHeader {
  readonly type: PduType;
  readonly flags: number;
  readonly littleEndian: boolean;
  readonly fragLength: number;
  readonly authLength: number;
  readonly callId: number;
}

/** frag_length of a PDU whose header is at hand and not yet checked. */
export function readFragLength(octets: Uint8Array): number {
  return get16(octets, 8, isLittleEndian(octets, 0));
}

/**
 * The header of a PDU whose first 16 octets are at hand.
 *
 * @throws PduError bad_version, bad_representation, unknown_type, bad_length
 */
export function readHeader(octets: Uint8Array, at = 0): PduHeader {
  if (octets.length - at < headerLength) throw new PduError("too_short", "no whole header");
  const major = octets[at] as number;
  const minor = octets[at + 1] as number;
  if (major !== 5 || minor !== 0) {
    const callId = get32(octets, at + 12, isLittleEndian(octets, at));
    throw new PduError("bad_version", `protocol version ${major}.${minor}`, { callId });
  }
  const littleEndian = readByteOrder(octets, at);
  const callId = get32(octets, at + 12, littleEndian);
  const number = octets[at + 2] as number;
  const type = typeNames[number];
  if (type === undefined) throw new PduError("unknown_type", `PDU type ${number}`, { callId });
  const fragLength = get16(octets, at + 8, littleEndian);
  const authLength = get16(octets, at + 10, littleEndian);
  if (fragLength < headerLength) {
    const message = `frag_length ${fragLength} is less than a header`;
    throw new PduError("bad_length", message, { callId });
  }
  const flags = octets[at + 3] as number;
  return { type, flags, littleEndian, fragLength, authLength, callId };
}

/** What the first octet of the data representation says of integers, whatever else it says. */
function isLittleEndian(octets: Uint8Array, at: number): boolean {
  return ((octets[at + 4] as number) & 0xf0) !== 0;
}

function readByteOrder(octets: Uint8Array, at: number): boolean {
  // Little-endian, ASCII, IEEE is what everybody sends.
  if (octets[at + 4] === 0x10 && octets[at + 5] === 0) return true;
  try {
    return parseDataRepresentation(octets.subarray(at + 4, at + 8)) === "little";
  } catch (cause) {
    const callId = get32(octets, at + 12, isLittleEndian(octets, at));
    throw new PduError("bad_representation", "data representation", { cause, callId });
  }
}

/** Puts a header into the first 16 octets. */
export function putHeader(octets: Uint8Array, header: PduHeader): void {
  const { littleEndian } = header;
  octets[0] = 5;
  octets[1] = 0;
  octets[2] = pduTypes[header.type];
  octets[3] = header.flags;
  octets[4] = littleEndian ? 0x10 : 0;
  octets[5] = 0;
  octets[6] = 0;
  octets[7] = 0;
  put16(octets, 8, header.fragLength, littleEndian);
  put16(octets, 10, header.authLength, littleEndian);
  put32(octets, 12, header.callId, littleEndian);
}

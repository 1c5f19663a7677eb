/** Octets of one PDU -> what it says. */
import { PduError } from "./error.ts";
import { headerLength, pduFlags, type PduHeader, readHeader } from "./header.ts";
import { get16, get32, getUuid, OctetReader } from "./octets.ts";
import { extendedErrorSignature } from "./types.ts";
import { readProposals, readResults } from "./presentation.ts";
import type { BindAckPdu, BindNakPdu, BindPdu, Pdu } from "./types.ts";
import { checkAuthLength, readVerifier, verifierOffset } from "./verifier.ts";

/** Where the body of a request without object UUID, of a response and of a fault starts. */
export const callHeaderLength = 24;
export const faultHeaderLength = 32;
const uuidLength = 16;

/**
 * Decodes one PDU, which `octets` has to be exactly. Bodies and tokens are views into it.
 *
 * @throws PduError
 */
export function decodePdu(octets: Uint8Array): Pdu {
  const header = readHeader(octets);
  if (header.fragLength !== octets.length) {
    throw new PduError("bad_length", `frag_length ${header.fragLength}, and ${octets.length} came`);
  }
  return decodeBody(octets, header);
}

/** The same where the header has been read already, and frag_length found to fit. */
export function decodeBody(octets: Uint8Array, header: PduHeader): Pdu {
  const { type, flags, callId, littleEndian } = header;
  checkAuthLength(header);
  switch (type) {
    case "request":
      return decodeRequest(octets, header);
    case "response": {
      const common = decodeAnswer(octets, header, callHeaderLength);
      return { type, flags, callId, littleEndian, ...common };
    }
    case "fault": {
      const common = decodeAnswer(octets, header, faultHeaderLength);
      const status = get32(octets, callHeaderLength, littleEndian);
      const extended = ((octets[23] as number) & 1) !== 0;
      return { type, flags, callId, littleEndian, ...common, extended, status };
    }
    case "bind":
    case "alter_context":
      return decodeBind(octets, header, type);
    case "bind_ack":
    case "alter_context_resp":
      return decodeBindAck(octets, header, type);
    case "bind_nak":
      return decodeBindNak(octets, header);
    case "auth3": {
      const verifier = readVerifier(octets, header, headerLength);
      if (verifier === null) throw new PduError("bad_verifier", "an auth3 without a token");
      return { type, flags, callId, littleEndian, verifier };
    }
    case "cancel":
    case "orphaned": {
      const verifier = readVerifier(octets, header, headerLength);
      return { type, flags, callId, littleEndian, verifier };
    }
    case "shutdown":
      return { type, flags, callId, littleEndian };
  }
}

function decodeRequest(octets: Uint8Array, header: PduHeader): Pdu {
  const { flags, callId, littleEndian } = header;
  const hasObject = (flags & pduFlags.object) !== 0;
  const bodyStart = hasObject ? callHeaderLength + 16 : callHeaderLength;
  const bodyEnd = bodyEndOf(header, bodyStart);
  return {
    type: "request",
    flags,
    callId,
    littleEndian,
    allocHint: get32(octets, 16, littleEndian),
    contextId: get16(octets, 20, littleEndian),
    opnum: get16(octets, 22, littleEndian),
    object: hasObject ? getUuid(octets, callHeaderLength, littleEndian) : null,
    body: octets.subarray(bodyStart, bodyEnd),
    verifier: readVerifier(octets, header, bodyStart),
  };
}

/** What responses and faults have in common. */
function decodeAnswer(octets: Uint8Array, header: PduHeader, bodyStart: number) {
  const bodyEnd = bodyEndOf(header, bodyStart);
  return {
    allocHint: get32(octets, 16, header.littleEndian),
    contextId: get16(octets, 20, header.littleEndian),
    cancelCount: octets[22] as number,
    body: octets.subarray(bodyStart, bodyEnd),
    verifier: readVerifier(octets, header, bodyStart),
  };
}

function bodyEndOf(header: PduHeader, bodyStart: number): number {
  const end = verifierOffset(header);
  if (end < bodyStart) {
    throw new PduError("too_short", `a ${header.type} that ends at ${end} of ${bodyStart}`);
  }
  return end;
}

function decodeBind(octets: Uint8Array, header: PduHeader, type: BindPdu["type"]): BindPdu {
  const { flags, callId, littleEndian } = header;
  const end = verifierOffset(header);
  const r = new OctetReader(octets.subarray(0, end), headerLength, littleEndian);
  const maxTransmit = r.u16();
  const maxReceive = r.u16();
  const groupId = r.u32();
  const proposals = readProposals(r);
  const verifier = readVerifier(octets, header, end - r.left);
  const common = { type, flags, callId, littleEndian };
  return { ...common, maxTransmit, maxReceive, groupId, proposals, verifier };
}

function decodeBindAck(
  octets: Uint8Array,
  header: PduHeader,
  type: BindAckPdu["type"],
): BindAckPdu {
  const { flags, callId, littleEndian } = header;
  const end = verifierOffset(header);
  const r = new OctetReader(octets.subarray(0, end), headerLength, littleEndian);
  const maxTransmit = r.u16();
  const maxReceive = r.u16();
  const groupId = r.u32();
  const secondaryAddress = decodeAddress(r.bytes(r.u16()));
  r.align(4);
  const results = readResults(r);
  const verifier = readVerifier(octets, header, end - r.left);
  const common = { type, flags, callId, littleEndian };
  return { ...common, maxTransmit, maxReceive, groupId, secondaryAddress, results, verifier };
}

/** ASCII up to its terminator. */
function decodeAddress(octets: Uint8Array): string {
  const end = octets.indexOf(0);
  return String.fromCharCode(
    ...octets.subarray(0, end === -1 ? octets.length : Math.min(end, 128)),
  );
}

/** Behind the versions may stand a signature, and extended error information where it is the one for that. */
function decodeBindNak(octets: Uint8Array, header: PduHeader): BindNakPdu {
  const { flags, callId, littleEndian } = header;
  const r = new OctetReader(octets, headerLength, littleEndian);
  const reason = r.u16();
  const versions: { major: number; minor: number }[] = [];
  // Some servers leave the list out altogether.
  if (r.left > 0) {
    const count = r.u8();
    for (let i = 0; i < count; i++) versions.push({ major: r.u8(), minor: r.u8() });
  }
  const common = { type: "bind_nak", flags, callId, littleEndian, reason, versions } as const;
  const padding = (r.left - octets.length) & 3;
  if (r.left < padding + uuidLength) return common;
  r.skip(padding);
  return r.uuid() === extendedErrorSignature
    ? { ...common, extendedError: r.bytes(r.left) }
    : common;
}

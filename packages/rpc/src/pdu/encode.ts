/** A PDU as octets. Those of calls are put in place by fragments instead, with these functions. */
import { callHeaderLength, faultHeaderLength } from "./decode.ts";
import { headerLength, pduFlags, putHeader, trailerLength } from "./header.ts";
import { OctetWriter, put16, put32, setUuid } from "./octets.ts";
import { writeProposals, writeResults } from "./presentation.ts";
import {
  type BindAckPdu,
  type BindPdu,
  extendedErrorSignature,
  type FaultPdu,
  type Pdu,
  type RequestPdu,
  type ResponsePdu,
} from "./types.ts";
import { putTrailer } from "./verifier.ts";

/**
 * Encodes one PDU. Padding before a verifier is part of a body already; bind PDUs, which have no body, are
 * padded to 4 octets.
 *
 * @throws RangeError where it would be longer than 65,535 octets
 */
export function encodePdu(pdu: Pdu): Uint8Array {
  const w = new OctetWriter(headerLength, pdu.littleEndian);
  const padLength = writeBody(w, pdu);
  const verifier = "verifier" in pdu ? pdu.verifier : null;
  if (verifier !== null) {
    w.zeros(trailerLength);
    w.bytes(verifier.token);
  }
  const octets = w.finish();
  const authLength = verifier?.token.length ?? 0;
  const { type, littleEndian, callId } = pdu;
  const flags = flagsOf(pdu);
  if (octets.length > 0xffff) {
    throw new RangeError(`a ${type} of ${octets.length} octets does not fit into one PDU`);
  }
  putHeader(octets, { type, flags, littleEndian, fragLength: octets.length, authLength, callId });
  if (verifier !== null) {
    const at = octets.length - authLength - trailerLength;
    putTrailer(
      octets,
      at,
      { ...verifier, padLength: padLength ?? verifier.padLength },
      littleEndian,
    );
  }
  return octets;
}

/** The flag that a request has an object UUID follows from its having one. */
function flagsOf(pdu: Pdu): number {
  if (pdu.type !== "request") return pdu.flags;
  return pdu.object === null ? pdu.flags & ~pduFlags.object : pdu.flags | pduFlags.object;
}

/** Gives the padding that it wrote, where it is not the body's own. */
function writeBody(w: OctetWriter, pdu: Pdu): number | null {
  switch (pdu.type) {
    case "bind":
    case "alter_context":
      writeBindHead(w, pdu);
      writeProposals(w, pdu.proposals);
      return 0;
    case "bind_ack":
    case "alter_context_resp":
      writeBindHead(w, pdu);
      writeAddress(w, pdu.secondaryAddress);
      w.align(4);
      writeResults(w, pdu.results);
      return 0;
    case "bind_nak":
      w.u16(pdu.reason);
      w.u8(pdu.versions.length);
      for (const { major, minor } of pdu.versions) {
        w.u8(major);
        w.u8(minor);
      }
      w.align(4);
      if (pdu.extendedError !== undefined) {
        w.uuid(extendedErrorSignature);
        w.bytes(pdu.extendedError);
      }
      return null;
    case "auth3":
      w.zeros(4);
      return 0;
    case "request":
    case "response":
    case "fault":
      writeCall(w, pdu);
      return null;
    case "cancel":
    case "orphaned":
      return 0;
    case "shutdown":
      return null;
  }
}

function writeBindHead(w: OctetWriter, pdu: BindPdu | BindAckPdu): void {
  w.u16(pdu.maxTransmit);
  w.u16(pdu.maxReceive);
  w.u32(pdu.groupId);
}

function writeAddress(w: OctetWriter, text: string): void {
  w.u16(text.length === 0 ? 0 : text.length + 1);
  if (text.length === 0) return;
  for (let i = 0; i < text.length; i++) w.u8(text.charCodeAt(i));
  w.u8(0);
}

function writeCall(w: OctetWriter, pdu: RequestPdu | ResponsePdu | FaultPdu): void {
  const head = new Uint8Array(callHeadLength(pdu));
  putCallHead(head, pdu, pdu.allocHint, pdu.littleEndian);
  w.bytes(head.subarray(headerLength));
  w.bytes(pdu.body);
}

/** The fields before the body of a request, response or fault. */
export type CallHead =
  | Pick<RequestPdu, "type" | "contextId" | "opnum" | "object">
  | Pick<ResponsePdu, "type" | "contextId" | "cancelCount">
  | Pick<FaultPdu, "type" | "contextId" | "cancelCount" | "extended" | "status">;

/** Octets before the body, header included. */
export function callHeadLength(head: CallHead): number {
  if (head.type === "fault") return faultHeaderLength;
  return head.type === "request" && head.object !== null ? callHeaderLength + 16 : callHeaderLength;
}

/** Puts those fields behind the header. */
export function putCallHead(
  octets: Uint8Array,
  head: CallHead,
  allocHint: number,
  little: boolean,
): void {
  put32(octets, 16, allocHint, little);
  put16(octets, 20, head.contextId, little);
  if (head.type === "request") {
    put16(octets, 22, head.opnum, little);
    if (head.object !== null) setUuid(octets, callHeaderLength, head.object, little);
    return;
  }
  octets[22] = head.cancelCount;
  octets[23] = 0;
  if (head.type === "response") return;
  octets[23] = head.extended ? 1 : 0;
  put32(octets, callHeaderLength, head.status, little);
  put32(octets, callHeaderLength + 4, 0, little);
}

/** Flags of a PDU that is a whole message by itself. */
export const wholeMessage: number = pduFlags.first | pduFlags.last;

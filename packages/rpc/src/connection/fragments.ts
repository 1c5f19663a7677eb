/** Messages of calls as PDUs, and PDUs as messages ([C706] 12.6.2, [MS-RPCE] 2.2.2.6). */
import { type CallHead, callHeadLength, pduFlags, putCallHead, putHeader } from "../pdu/index.ts";
import type { Outbox } from "./outbox.ts";
import { paddingUnit, type SecuritySession } from "./security-session.ts";

/** A request or response to be sent; `allocHint` is filled in for each fragment. */
export interface OutgoingMessage {
  readonly head: CallHead;
  readonly callId: number;
  readonly littleEndian: boolean;
  readonly stub: Uint8Array;
}

/** Puts a message into the outbox, in as many fragments as it takes. */
export function sendMessage(
  outbox: Outbox,
  message: OutgoingMessage,
  maxFragment: number,
  session: SecuritySession | null,
): void {
  const { head, callId, littleEndian, stub } = message;
  const headLength = callHeadLength(head);
  const room = stubRoom(maxFragment - headLength, session);
  const { type } = head;
  let flags = head.type === "request" && head.object !== null ? pduFlags.object : 0;
  let from = 0;
  do {
    const to = Math.min(from + room, stub.length);
    if (from === 0) flags |= pduFlags.first;
    if (to === stub.length) flags |= pduFlags.last;
    const padLength = session === null ? 0 : (from - to) & (paddingUnit - 1);
    const bodyEnd = headLength + to - from + padLength;
    const overhead = session === null ? 0 : session.overhead(bodyEnd - headLength);
    const octets = outbox.reserve(bodyEnd + overhead);
    const fragLength = octets.length;
    putHeader(octets, { type, flags, littleEndian, fragLength, authLength: 0, callId });
    putCallHead(octets, head, stub.length - from, littleEndian);
    octets.set(from === 0 && to === stub.length ? stub : stub.subarray(from, to), headLength);
    if (session !== null) {
      octets.fill(0, bodyEnd - padLength, bodyEnd);
      session.protect(octets, headLength, bodyEnd, padLength, littleEndian);
    }
    flags &= ~pduFlags.first;
    from = to;
  } while (from < stub.length);
}

/** Octets of stub data that fit into one fragment: a multiple of 8, or of 16 before a verifier. */
function stubRoom(length: number, session: SecuritySession | null): number {
  if (session === null) return length & ~7;
  const unit = ~(paddingUnit - 1);
  return (length - session.overhead(length & unit)) & unit;
}

/** Stub data arriving in fragments. Grows with what has come, whatever alloc_hint promises. */
export class IncomingStub {
  #octets: Uint8Array = new Uint8Array(0);
  /** `#octets` is a copy, with room behind what has come. */
  #copied = false;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(body: Uint8Array): void {
    const end = this.#length + body.length;
    if (this.#length === 0) {
      this.#octets = body;
    } else {
      if (!this.#copied || this.#octets.length < end) {
        const larger = new Uint8Array(Math.max(end, 2 * this.#length));
        larger.set(this.#octets.subarray(0, this.#length));
        this.#octets = larger;
        this.#copied = true;
      }
      this.#octets.set(body, this.#length);
    }
    this.#length = end;
  }

  /** What has come, in one piece. */
  join(): Uint8Array {
    return this.#octets.length === this.#length
      ? this.#octets
      : this.#octets.subarray(0, this.#length);
  }
}

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
  /** Further pfc_flags of all fragments. */
  readonly flags?: number;
}

/**
 * Puts a message into the outbox, in as many fragments as it takes.
 *
 * @throws what signing and sealing throw; the fragment is not sent then, and the connection has to end
 */
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
  let flags = message.flags ?? 0;
  if (head.type === "request" && head.object !== null) flags |= pduFlags.object;
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
      try {
        session.protect(octets, headLength, bodyEnd, padLength, littleEndian);
      } catch (error) {
        outbox.takeBack(octets);
        throw error;
      }
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

const empty = new Uint8Array(0);

/**
 * Stub data arriving in fragments. It holds no more than twice as much as has come, whatever alloc_hint promises, and
 * what was lent only until it is settled.
 */
export class IncomingStub {
  /** What was copied, with room behind it. */
  #kept: Uint8Array = empty;
  /** Octets of it that are in use. */
  #inUse = 0;
  /** The first fragment behind that, which as a rule is the only one, and those that follow. */
  #first: Uint8Array = empty;
  #rest: Uint8Array[] | null = null;
  /** The first is all that has come, and lent. */
  #isLent = false;
  #length = 0;
  /** Octets that there will be, as the fragments say. */
  #announced = 0;

  get length(): number {
    return this.#length;
  }

  /** What `join` gives is to be copied before others come in its place. */
  get isLent(): boolean {
    return this.#isLent;
  }

  /** `allocHint` is that of the fragment: octets of its body and of those that follow. */
  add(body: Uint8Array, allocHint: number, isLent: boolean): void {
    const before = this.#length;
    this.#announced = before + allocHint;
    this.#length = before + body.length;
    if (before === 0) {
      this.#first = body;
      this.#isLent = isLent;
      return;
    }
    this.#isLent = false;
    if (this.#first.length === 0 && this.#rest === null) this.#first = body;
    else (this.#rest ??= []).push(body);
  }

  /** Before the turn ends: copies what is lent. */
  settle(): void {
    const need = this.#length;
    const isOwn = this.#inUse === 0 && this.#rest === null && !this.#isLent;
    if (isOwn || this.#first.length === 0) return;
    if (this.#kept.length < need) {
      this.#grow(Math.min(Math.max(need, this.#announced), 2 * need));
    }
    this.#copy();
    this.#isLent = false;
  }

  /** What has come, in one piece. */
  join(): Uint8Array {
    if (this.#inUse === 0 && this.#rest === null) return this.#first;
    if (this.#kept.length < this.#length) this.#grow(this.#length);
    this.#copy();
    return this.#kept.subarray(0, this.#length);
  }

  #grow(size: number): void {
    const larger = new Uint8Array(size);
    larger.set(this.#kept.subarray(0, this.#inUse));
    this.#kept = larger;
  }

  #copy(): void {
    this.#kept.set(this.#first, this.#inUse);
    let at = this.#inUse + this.#first.length;
    for (const part of this.#rest ?? []) {
      this.#kept.set(part, at);
      at += part.length;
    }
    this.#inUse = at;
    this.#first = empty;
    this.#rest = null;
  }
}

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

/** So many views of received octets are held at the most, as one may be of a single octet. */
const mostParts = 64;

const empty = new Uint8Array(0);

/** Stub data arriving in fragments. Grows with what has come, whatever alloc_hint promises. */
export class IncomingStub {
  /** The first fragment, which as a rule is the only one. */
  #first: Uint8Array = empty;
  /** Those behind it, and behind what was joined already. */
  #parts: Uint8Array[] | null = null;
  /** So many of them hold no buffer of which they are a small part. */
  #settled = 0;
  #joined: Uint8Array = empty;
  /** Octets in use of what was joined. */
  #inUse = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(body: Uint8Array): void {
    this.#length += body.length;
    if (this.#parts === null && this.#first.length === 0) {
      this.#first = body;
      return;
    }
    this.#parts ??= [this.#first];
    this.#parts.push(body);
    if (this.#parts.length >= mostParts) this.#join(Math.max(this.#length, 2 * this.#inUse));
  }

  /** Before a wait: from now on it holds no more than twice as much as it is long. */
  settle(): void {
    const parts = (this.#parts ??= [this.#first]);
    this.#first = empty;
    while (this.#settled < parts.length) this.#settleNext(parts);
  }

  /** Fragments that came in one read share its buffer. It is kept where they are the most of it. */
  #settleNext(parts: Uint8Array[]): void {
    const from = this.#settled++;
    const { buffer } = parts[from] as Uint8Array;
    let length = 0;
    let to = from;
    for (; parts[to]?.buffer === buffer; to++) length += (parts[to] as Uint8Array).length;
    if (length >= buffer.byteLength / 2) {
      this.#settled = to;
      return;
    }
    parts.splice(from, to - from, concat(parts.slice(from, to), length));
  }

  /** What has come, in one piece. */
  join(): Uint8Array {
    if (this.#parts === null) return this.#first;
    const [only] = this.#parts;
    if (only?.length === this.#length) return only;
    this.#join(this.#length);
    return this.#joined.subarray(0, this.#length);
  }

  /** Puts the parts behind what was joined, with room for so many octets where more is needed. */
  #join(size: number): void {
    if (this.#joined.length < this.#length) {
      const larger = new Uint8Array(size);
      larger.set(this.#joined.subarray(0, this.#inUse));
      this.#joined = larger;
    }
    putAll(this.#joined, this.#inUse, this.#parts ?? []);
    this.#inUse = this.#length;
    this.#parts = [];
    this.#settled = 0;
  }
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const octets = new Uint8Array(length);
  putAll(octets, 0, parts);
  return octets;
}

function putAll(octets: Uint8Array, at: number, parts: readonly Uint8Array[]): void {
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
}

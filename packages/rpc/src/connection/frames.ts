/** Cuts PDUs out of a stream of octets. Holds what has arrived, never what a header claims. */
import {
  headerLength,
  PduError,
  type PduHeader,
  type PduType,
  readFragLength,
  readHeader,
} from "../pdu/index.ts";
import type { ByteChannel } from "./channel.ts";

export interface Frame {
  readonly header: PduHeader;
  /** The whole PDU. */
  readonly octets: Uint8Array;
  /** Others may come in the place of its octets as soon as `received` of its connection returns. */
  readonly isLent: boolean;
}

/**
 * PDUs that carry security tokens may be as long as frag_length can say, before sizes are agreed on. They are never lent,
 * as tokens are worked on, and kept, beyond the turn in which they came.
 */
const negotiating: ReadonlySet<PduType> = new Set([
  "bind",
  "bind_ack",
  "bind_nak",
  "alter_context",
  "alter_context_resp",
  "auth3",
] as const);

const none = new Uint8Array(0);

export class FrameSplitter {
  readonly #limit: number;
  readonly #observer: Pick<ByteChannel, "observe">;
  /** What was pushed last, or a buffer of its own with what was kept. */
  #octets: Uint8Array = none;
  /** The octets not yet taken, from and to. */
  #start = 0;
  #end = 0;
  #isLent = false;
  /** A PDU that came in two chunks, put together. It goes before those in `#octets`. */
  #joined: Uint8Array | null = null;

  /** `limit`: the longest fragment of a call that is taken. */
  constructor(limit: number, observer: Pick<ByteChannel, "observe">) {
    this.#limit = limit;
    this.#observer = observer;
  }

  /** Octets of a PDU that is not complete. */
  get held(): number {
    return (this.#joined?.length ?? 0) + this.#end - this.#start;
  }

  /** Takes a chunk, whose octets are to stay until all of its PDUs were taken or `keep` was called. */
  push(chunk: Uint8Array): void {
    this.keep();
    const held = this.#end - this.#start;
    if (held === 0) return this.#take(chunk, 0, true);
    if (this.#joined === null && this.#join(chunk)) return;
    const need = held + chunk.length;
    this.#makeRoom(need, Math.max(need, held * 2));
    this.#octets.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Copies what is left of a chunk. */
  keep(): void {
    if (!this.#isLent) return;
    const held = this.#end - this.#start;
    if (held === 0) return this.#take(none, 0, false);
    const rest = this.#octets.subarray(this.#start, this.#end);
    const length = held < headerLength ? 0 : readFragLength(rest);
    // What follows a PDU of which most is there finds its place behind it.
    const kept = new Uint8Array(length > held && length <= 2 * held ? length : held);
    kept.set(rest);
    this.#octets = kept;
    this.#start = 0;
    this.#end = held;
    this.#isLent = false;
  }

  /** Everything in a chunk from an offset on. */
  #take(chunk: Uint8Array, start: number, isLent: boolean): void {
    this.#octets = chunk;
    this.#isLent = isLent;
    this.#start = start;
    this.#end = chunk.length;
  }

  /** Copies no more than the one PDU that a chunk completes; false where it completes none. */
  #join(chunk: Uint8Array): boolean {
    const length = this.#lengthWith(chunk);
    const missing = length - (this.#end - this.#start);
    if (length < headerLength || missing <= 0 || missing > chunk.length) return false;
    this.#makeRoom(length, length);
    this.#octets.set(chunk.subarray(0, missing), this.#end);
    this.#joined = this.#octets.subarray(0, length);
    this.#take(chunk, missing, true);
    return true;
  }

  /** frag_length of the first PDU that was kept, or 0, where its header ends in a chunk or before. */
  #lengthWith(chunk: Uint8Array): number {
    const kept = this.#octets.subarray(this.#start, this.#end);
    if (kept.length >= headerLength) return readFragLength(kept);
    const missing = headerLength - kept.length;
    if (missing > chunk.length) return 0;
    const header = new Uint8Array(headerLength);
    header.set(kept);
    header.set(chunk.subarray(0, missing), kept.length);
    return readFragLength(header);
  }

  /** For so many octets, the kept ones at the start; a buffer that is new has this size. */
  #makeRoom(need: number, size: number): void {
    if (this.#start === 0 && need <= this.#octets.length) return;
    const larger = new Uint8Array(size);
    larger.set(this.#octets.subarray(this.#start, this.#end));
    this.#octets = larger;
    this.#end -= this.#start;
    this.#start = 0;
  }

  /**
   * The next PDU; null where it hasn't arrived in full.
   *
   * @throws PduError for a header that makes no sense, or announces more than the limit
   */
  next(): Frame | null {
    try {
      const frame = this.#cut();
      if (frame !== null) this.#observer.observe?.(frame.octets, frame.header);
      return frame;
    } catch (error) {
      const rest = this.#joined ?? this.#octets.subarray(this.#start, this.#end);
      this.#observer.observe?.(rest, null);
      throw error;
    }
  }

  #cut(): Frame | null {
    const joined = this.#joined;
    if (joined !== null) {
      const header = this.#readHeader(joined, 0);
      this.#joined = null;
      return { header, octets: joined, isLent: false };
    }
    const start = this.#start;
    if (this.#end - start < headerLength) return null;
    const header = this.#readHeader(this.#octets, start);
    const end = start + header.fragLength;
    if (end > this.#end) return null;
    this.#start = end;
    return negotiating.has(header.type)
      ? { header, octets: this.#octets.slice(start, end), isLent: false }
      : { header, octets: this.#octets.subarray(start, end), isLent: true };
  }

  #readHeader(octets: Uint8Array, at: number): PduHeader {
    const header = readHeader(octets, at);
    const { fragLength: length, type } = header;
    if (length > this.#limit && !negotiating.has(type)) {
      const message = `a fragment of ${length} octets, at most ${this.#limit}`;
      throw new PduError("bad_length", message, { callId: header.callId });
    }
    return header;
  }
}

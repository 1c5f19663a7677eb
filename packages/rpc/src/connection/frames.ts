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
}

/** PDUs that carry security tokens may be as long as frag_length can say, before sizes are agreed on. */
const negotiating: ReadonlySet<PduType> = new Set([
  "bind",
  "bind_ack",
  "bind_nak",
  "alter_context",
  "alter_context_resp",
  "auth3",
] as const);

export class FrameSplitter {
  readonly #limit: number;
  readonly #observer: Pick<ByteChannel, "observe">;
  #octets: Uint8Array = new Uint8Array(0);
  /** The octets not yet taken, from and to. */
  #start = 0;
  #end = 0;
  /** `#octets` is ours to write to. */
  #owned = false;
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

  push(chunk: Uint8Array): void {
    const held = this.#end - this.#start;
    if (held === 0) return this.#take(chunk, 0);
    if (this.#joined === null && this.#join(chunk)) return;
    if (!this.#owned || this.#end + chunk.length > this.#octets.length) {
      const larger = new Uint8Array(Math.max(held + chunk.length, held * 2));
      larger.set(this.#octets.subarray(this.#start, this.#end));
      this.#octets = larger;
      this.#owned = true;
      this.#start = 0;
      this.#end = held;
    }
    this.#octets.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Everything in a chunk from an offset on. */
  #take(chunk: Uint8Array, start: number): void {
    this.#octets = chunk;
    this.#owned = false;
    this.#start = start;
    this.#end = chunk.length;
  }

  /** Copies no more than the one PDU that a chunk completes; false where it completes none. */
  #join(chunk: Uint8Array): boolean {
    const octets = this.#octets.subarray(this.#start, this.#end);
    if (octets.length < headerLength) return false;
    const length = readFragLength(octets);
    const missing = length - octets.length;
    if (missing <= 0 || missing > chunk.length) return false;
    this.#joined = new Uint8Array(length);
    this.#joined.set(octets);
    this.#joined.set(chunk.subarray(0, missing), octets.length);
    this.#take(chunk, missing);
    return true;
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
      return { header, octets: joined };
    }
    const start = this.#start;
    if (this.#end - start < headerLength) return null;
    const header = this.#readHeader(this.#octets, start);
    const end = start + header.fragLength;
    if (end > this.#end) return null;
    this.#start = end;
    // What is handed out must not be written over.
    this.#owned = false;
    return { header, octets: this.#octets.subarray(start, end) };
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

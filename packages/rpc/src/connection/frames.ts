/** Cuts PDUs out of a stream of octets. Holds what has arrived, never what a header claims. */
import { headerLength, PduError, type PduHeader, type PduType, readHeader } from "../pdu/index.ts";

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
  #octets: Uint8Array = new Uint8Array(0);
  /** The octets not yet taken, from and to. */
  #start = 0;
  #end = 0;
  /** `#octets` is ours to write to. */
  #owned = false;

  /** `limit`: the longest fragment of a call that is taken. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Octets of a PDU that is not complete. */
  get held(): number {
    return this.#end - this.#start;
  }

  push(chunk: Uint8Array): void {
    const held = this.held;
    if (held === 0) {
      this.#octets = chunk;
      this.#owned = false;
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
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

  /**
   * The next PDU; null where it hasn't arrived in full.
   *
   * @throws PduError for a header that makes no sense, or announces more than the limit
   */
  next(): Frame | null {
    const start = this.#start;
    if (this.#end - start < headerLength) return null;
    const header = readHeader(this.#octets, start);
    const length = header.fragLength;
    if (length > this.#limit && !negotiating.has(header.type)) {
      throw new PduError("bad_length", `a fragment of ${length} octets, at most ${this.#limit}`);
    }
    if (this.#end - start < length) return null;
    const octets = this.#octets.subarray(start, start + length);
    this.#start = start + length;
    // What is handed out must not be written over.
    this.#owned = false;
    return { header, octets };
  }
}

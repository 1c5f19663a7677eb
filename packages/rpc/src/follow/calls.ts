/** Fragments of one direction of a connection, put together to messages. */
import { IncomingStub } from "../connection/fragments.ts";
import { pduFlags } from "../pdu/index.ts";

/** Messages that are not complete, of a direction; the oldest goes where there are more. */
const mostOpen = 1024;

export interface Message {
  readonly stub: Uint8Array;
  /** Its first fragment was not seen, or was lost. */
  readonly isHeadless: boolean;
  readonly isTooLong: boolean;
  readonly problem: string | null;
}

interface OpenMessage {
  readonly stub: IncomingStub;
  readonly isHeadless: boolean;
  isTooLong: boolean;
  problem: string | null;
}

export class Messages {
  readonly #maxStub: number;
  readonly #open = new Map<number, OpenMessage>();

  constructor(maxStub: number) {
    this.#maxStub = maxStub;
  }

  /** Takes a fragment; the message where it was the last one, else null. */
  add(callId: number, flags: number, body: Uint8Array, problem: string | null): Message | null {
    const isFirst = (flags & pduFlags.first) !== 0;
    const known = isFirst ? undefined : this.#open.get(callId);
    const message = known ?? {
      stub: new IncomingStub(),
      isHeadless: !isFirst,
      isTooLong: false,
      problem: null,
    };
    message.problem ??= problem;
    if (message.stub.length + body.length > this.#maxStub) message.isTooLong = true;
    if (!message.isTooLong) message.stub.add(body, 0, true);
    if ((flags & pduFlags.last) !== 0) {
      this.#open.delete(callId);
      const { isHeadless, isTooLong } = message;
      return { stub: message.stub.join(), isHeadless, isTooLong, problem: message.problem };
    }
    message.stub.settle();
    if (known === undefined) {
      this.#open.delete(callId);
      this.#open.set(callId, message);
      const [oldest] = this.#open.keys();
      if (this.#open.size > mostOpen && oldest !== undefined) this.#open.delete(oldest);
    }
    return null;
  }

  /** Nothing of what is open can be completed any more. */
  clear(): void {
    this.#open.clear();
  }
}

/** What the parts of a server's connection share: where it leads, what was agreed on, and its way out. */
import type { CallerTransport } from "../call-context.ts";
import {
  encodePdu,
  faultHeaderLength,
  nakReasons,
  type Pdu,
  pduFlags,
  wholeMessage,
} from "../pdu/index.ts";
import type { ByteChannel } from "./channel.ts";
import { Debts } from "./debts.ts";
import { Outbox } from "./outbox.ts";
import type { ServerHost } from "./server-host.ts";

/** Where a client is: its host for association groups, the text for handlers; and which address it came to. */
export interface ClientAddress {
  /** How it came here; that a text is empty says nothing of it. */
  readonly transport: Exclude<CallerTransport, "memory">;
  readonly host: string;
  readonly text: string;
  readonly reached: string;
}

export interface FaultOptions {
  /** Nothing further is taken on this connection. */
  readonly disconnect?: true;
  /** Default: true. */
  readonly littleEndian?: boolean;
  /** The client hears that the operation surely hasn't run, so that it may call again. Default: true. */
  readonly didNotExecute?: boolean;
  /** Records of [MS-EERR]. Default: none. */
  readonly extendedError?: Uint8Array;
}

const none = new Uint8Array(0);

export class ServerLink {
  readonly host: ServerHost;
  readonly address: ClientAddress;
  readonly channel: ByteChannel;
  readonly outbox: Outbox;
  /** What the client is waited for. */
  readonly debts: Debts;
  /** `new` before the bind, `open` after it, `draining` until the last answer is out, then `closed`. */
  state: "new" | "open" | "draining" | "closed" = "new";
  /** Octets of the longest fragment that the client takes. */
  maxFragment: number;
  /** Calls may overlap. */
  multiplexed = false;
  /** Gives up what nobody will hear of. */
  onDestroyed: () => void = () => {};
  /** Octets that the client had not read when they were counted. */
  #unread = 0;

  constructor(host: ServerHost, channel: ByteChannel, address: ClientAddress) {
    this.host = host;
    this.channel = channel;
    this.address = address;
    this.debts = new Debts(host.now);
    this.outbox = new Outbox(
      { write: this.#write, defer: (run) => channel.defer(run) },
      host.counters,
    );
    this.maxFragment = host.limits.maxFragment;
  }

  readonly #write = (octets: Uint8Array): boolean => {
    const isSent = this.channel.write(octets);
    if (!isSent) this.debts.owe("reading");
    return isSent;
  };

  /** Sees to it that what the client doesn't read is not too much. Called whenever that may have changed. */
  countUnread(): void {
    const { limits, unread } = this.host;
    const own = this.outbox.isFull ? this.outbox.unsent : 0;
    unread.change(this.#unread, own);
    this.#unread = own;
    const isTooMuch = own > limits.maxUnread || unread.isExceededBy(own, limits.maxUnreadOfServer);
    if (isTooMuch) this.destroy();
  }

  /** Ends at once. The channel says so later, and what is answered until then would only be kept. */
  destroy(): void {
    this.channel.destroy();
    this.closed();
    this.onDestroyed();
  }

  /** The channel has ended: nothing is sent any more. */
  closed(): void {
    this.state = "closed";
    this.outbox.abandon();
    this.countUnread();
  }

  get isClosed(): boolean {
    return this.state === "closed";
  }

  send(pdu: Pdu): void {
    if (!this.isClosed) this.outbox.send(encodePdu(pdu));
  }

  fault(callId: number, contextId: number, status: number, options: FaultOptions = {}): void {
    const { littleEndian = true, didNotExecute = true } = options;
    const flags = didNotExecute ? wholeMessage | pduFlags.didNotExecute : wholeMessage;
    const body = this.#fitting(options.extendedError);
    const head = { type: "fault", callId, littleEndian, contextId, status, flags, body } as const;
    const extended = body.length > 0;
    const allocHint = faultHeaderLength + body.length;
    this.send({ ...head, allocHint, cancelCount: 0, extended, verifier: null });
    if (options.disconnect === true) this.end();
  }

  /** A fault is one PDU. */
  #fitting(extendedError: Uint8Array = none): Uint8Array {
    return faultHeaderLength + extendedError.length <= this.maxFragment ? extendedError : none;
  }

  nak(callId: number, reason: number = nakReasons.notSpecified): void {
    const versions = [{ major: 5, minor: 0 }];
    const flags = wholeMessage;
    this.send({ type: "bind_nak", flags, callId, littleEndian: true, reason, versions });
    this.end();
  }

  /** Nothing more is taken, and what was sent still goes out. The client is to end the connection as well. */
  end(): void {
    if (this.isClosed) return;
    this.outbox.flush();
    this.state = "closed";
    this.debts.oweOnly("end");
    this.channel.end();
  }
}

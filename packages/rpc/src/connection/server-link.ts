/** What the parts of a server's connection share: where it leads, what was agreed on, and its way out. */
import { encodePdu, nakReasons, type Pdu, pduFlags, wholeMessage } from "../pdu/index.ts";
import type { ByteChannel } from "./channel.ts";
import { Outbox } from "./outbox.ts";
import type { ServerHost } from "./server-host.ts";

/** Where a client is: its host for association groups, the text for handlers. */
export interface ClientAddress {
  readonly host: string;
  readonly text: string;
}

export interface FaultOptions {
  /** Nothing further is taken on this connection. */
  readonly disconnect?: true;
  /** Default: true. */
  readonly littleEndian?: boolean;
  /** The operation may have run. Default: false. */
  readonly ran?: boolean;
}

export class ServerLink {
  readonly host: ServerHost;
  readonly address: ClientAddress;
  readonly channel: ByteChannel;
  readonly outbox: Outbox;
  /** `new` before the bind, `open` after it, `draining` until the last answer is out, then `closed`. */
  state: "new" | "open" | "draining" | "closed" = "new";
  /** Octets of the longest fragment that the client takes. */
  maxFragment: number;
  /** Calls may overlap. */
  multiplexed = false;

  constructor(host: ServerHost, channel: ByteChannel, address: ClientAddress) {
    this.host = host;
    this.channel = channel;
    this.address = address;
    this.outbox = new Outbox(channel);
    this.maxFragment = host.limits.maxFragment;
  }

  send(pdu: Pdu): void {
    if (this.state !== "closed") this.outbox.send(encodePdu(pdu));
  }

  fault(callId: number, contextId: number, status: number, options: FaultOptions = {}): void {
    const { littleEndian = true, ran = false } = options;
    const flags = ran ? wholeMessage : wholeMessage | pduFlags.didNotExecute;
    const body = new Uint8Array(0);
    const head = { type: "fault", callId, littleEndian, contextId, status, flags, body } as const;
    this.send({ ...head, allocHint: 32, cancelCount: 0, extended: false, verifier: null });
    if (options.disconnect === true) this.end();
  }

  nak(callId: number, reason: number = nakReasons.notSpecified): void {
    const versions = [{ major: 5, minor: 0 }];
    const flags = wholeMessage;
    this.send({ type: "bind_nak", flags, callId, littleEndian: true, reason, versions });
    this.end();
  }

  /** Nothing more is taken, and what was sent still goes out. */
  end(): void {
    if (this.state === "closed") return;
    this.outbox.flush();
    this.state = "closed";
    this.channel.end();
  }
}

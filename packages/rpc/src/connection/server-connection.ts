/** One connection at a server: what comes in, and which part of it each PDU is for ([MS-RPCE] 3.3.3). */
import { decodeBody, nakReasons, type Pdu, PduError, wholeMessage } from "../pdu/index.ts";
import { faults } from "../status-names.ts";
import type { ByteChannel, ChannelListener } from "./channel.ts";
import { type Frame, FrameSplitter } from "./frames.ts";
import { ServerCalls } from "./server-calls.ts";
import type { ServerHost } from "./server-host.ts";
import { type ClientAddress, ServerLink } from "./server-link.ts";
import { ServerNegotiation } from "./server-negotiation.ts";

export class ServerConnection implements ChannelListener {
  readonly #link: ServerLink;
  readonly #negotiation: ServerNegotiation;
  readonly #calls: ServerCalls;
  readonly #frames: FrameSplitter;
  #waitingSince: number | null;

  constructor(host: ServerHost, channel: ByteChannel, address: ClientAddress) {
    this.#link = new ServerLink(host, channel, address);
    this.#negotiation = new ServerNegotiation(this.#link, () => this.#takeFrames());
    this.#calls = new ServerCalls(this.#link, this.#negotiation);
    this.#frames = new FrameSplitter(host.limits.maxFragment);
    this.#waitingSince = host.now();
  }

  /** Since when the client owes a bind, the rest of something, or its end; null while it owes nothing. */
  get waitingSince(): number | null {
    return this.#waitingSince;
  }

  received(octets: Uint8Array): void {
    if (this.#link.state === "closed") return;
    this.#frames.push(octets);
    this.#takeFrames();
  }

  drained(): void {
    this.#link.outbox.drained();
    this.#takeFrames();
  }

  closed(): void {
    this.#link.state = "closed";
    this.#calls.abandon();
    this.#negotiation.dispose();
  }

  /** Takes no further calls and asks the client to go; ends when the calls under way have been answered. */
  drain(): void {
    const link = this.#link;
    if (link.state === "closed" || link.state === "draining") return;
    const wasOpen = link.state === "open";
    link.state = "draining";
    if (wasOpen) {
      link.send({ type: "shutdown", flags: wholeMessage, callId: 0, littleEndian: true });
    }
    if (this.#calls.size === 0) link.end();
  }

  /** Ends at once. */
  destroy(): void {
    this.#link.channel.destroy();
  }

  /** Takes what has arrived, unless the client is to wait for its tokens or must first read its answers. */
  #takeFrames(): void {
    const link = this.#link;
    try {
      while (link.state !== "closed" && !this.#mustWait) {
        const frame = this.#frames.next();
        if (frame === null) break;
        this.#waitingSince = null;
        this.#take(frame);
      }
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.#refuseOctets(error);
    }
    const isClosed = (): boolean => link.state === "closed";
    if (!isClosed() && this.#mustWait) link.channel.pause();
    else link.channel.resume();
    const owes =
      isClosed() || link.state === "new" || this.#frames.held > 0 || this.#calls.isReceiving;
    this.#waitingSince = owes ? (this.#waitingSince ?? link.host.now()) : null;
  }

  get #mustWait(): boolean {
    return this.#negotiation.isBusy || this.#link.outbox.isFull;
  }

  #take(frame: Frame): void {
    const { header, octets } = frame;
    const link = this.#link;
    const disconnect = true;
    if (link.state === "new" && header.type !== "bind") {
      return link.fault(header.callId, 0, faults.protocol, { disconnect });
    }
    let pdu: Pdu;
    try {
      pdu = decodeBody(octets, header);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      link.host.onError(error);
      if (header.type === "bind") return link.nak(header.callId);
      return link.fault(header.callId, 0, faults.protocol, { disconnect });
    }
    switch (pdu.type) {
      case "bind":
        return link.state === "new" ? this.#negotiation.bind(pdu) : link.nak(pdu.callId);
      case "alter_context":
        return this.#negotiation.alter(pdu);
      case "auth3":
        return this.#negotiation.auth3(pdu);
      case "request":
        return this.#calls.request(pdu, frame);
      case "cancel":
      case "orphaned":
        return this.#calls.giveUp(pdu);
      case "bind_ack":
      case "bind_nak":
      case "alter_context_resp":
      case "response":
      case "fault":
      case "shutdown":
        return link.fault(pdu.callId, 0, faults.protocol, { disconnect });
    }
  }

  /** Octets that are no PDU. Whoever speaks another version hears which one is spoken here. */
  #refuseOctets(error: PduError): void {
    const link = this.#link;
    link.host.onError(error);
    if (link.state !== "new") return link.fault(0, 0, faults.protocol, { disconnect: true });
    if (error.code === "bad_version") return link.nak(0, nakReasons.protocolVersionNotSupported);
    link.end();
  }
}

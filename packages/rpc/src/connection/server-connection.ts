/** One connection at a server: what comes in, and which part of it each PDU is for ([MS-RPCE] 3.3.3). */
import { decodeBody, nakReasons, type Pdu, PduError, wholeMessage } from "../pdu/index.ts";
import { faults } from "../status-names.ts";
import type { ByteChannel, ChannelListener } from "./channel.ts";
import { type Frame, FrameSplitter } from "./frames.ts";
import { ServerCalls } from "./server-calls.ts";
import type { ServerHost } from "./server-host.ts";
import { type ClientAddress, ServerLink } from "./server-link.ts";
import { ServerNegotiation } from "./server-negotiation.ts";
import { Turn } from "./turn.ts";

export class ServerConnection implements ChannelListener {
  readonly #link: ServerLink;
  readonly #negotiation: ServerNegotiation;
  readonly #calls: ServerCalls;
  readonly #frames: FrameSplitter;
  readonly #turn: Turn;
  /** PDUs that came since somebody asked whether it is idle; and since when it is. */
  #recent = 0;
  #idleSince: number;
  #isDestroyed = false;

  constructor(host: ServerHost, channel: ByteChannel, address: ClientAddress) {
    this.#link = new ServerLink(host, channel, address);
    this.#negotiation = new ServerNegotiation(this.#link, () => this.#takeFrames());
    this.#turn = new Turn(
      (run) => channel.later(run),
      () => this.#goOn(),
    );
    this.#calls = new ServerCalls(this.#link, this.#negotiation, this.#turn);
    this.#frames = new FrameSplitter(host.limits.maxFragment, channel);
    this.#link.debts.owe("bind");
    this.#idleSince = host.now();
  }

  /** Since when the client owes something; null while it owes nothing. */
  get owesSince(): number | null {
    return this.#link.debts.since;
  }

  /** Somebody has logged on, and not as nobody. */
  get isKnown(): boolean {
    return this.#negotiation.isKnown;
  }

  /** Whether it may be ended so that there is room for another: nobody knows whose it is, and nothing is under way. */
  get givesWay(): boolean {
    return !this.#isDestroyed && this.#calls.size === 0 && !this.isKnown;
  }

  /** Milliseconds without a PDU or a call, as seen whenever this is asked. */
  idle(): number {
    const now = this.#link.host.now();
    if (this.#recent > 0 || this.#calls.size > 0) this.#idleSince = now;
    this.#recent = 0;
    return now - this.#idleSince;
  }

  received(octets: Uint8Array): void {
    if (this.#link.state === "closed") return;
    this.#turn.begin();
    this.#frames.push(octets);
    this.#goOn();
  }

  #goOn(): void {
    // What is answered at once leaves in one write.
    const { outbox } = this.#link;
    outbox.hold();
    try {
      this.#calls.proceed();
      this.#takeFrames();
    } finally {
      this.#frames.keep();
      outbox.release();
      this.#link.countUnread();
    }
  }

  drained(): void {
    this.#link.debts.paid("reading");
    this.#link.outbox.drained();
    this.#link.countUnread();
    this.#turn.begin();
    this.#calls.proceed();
    this.#takeFrames();
  }

  closed(): void {
    this.#link.closed();
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
    this.#isDestroyed = true;
    this.#link.destroy();
  }

  /** Takes what has arrived, unless the client is to wait for its tokens or must first read its answers. */
  #takeFrames(): void {
    const link = this.#link;
    const { debts } = link;
    if (!this.#mustWait()) debts.resume();
    try {
      while (!link.isClosed && !this.#mustWait()) {
        if (this.#frames.held > 0 && this.#turn.leaves()) break;
        const frame = this.#frames.next();
        if (frame === null) break;
        debts.paid("pdu");
        this.#recent++;
        link.host.counters.packetsIn++;
        this.#take(frame);
      }
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.#refuseOctets(error);
    }
    this.#calls.settle();
    if (link.isClosed) {
      // Nobody hears of the calls under way any more.
      this.#calls.abandon();
      link.channel.resume();
    } else if (this.#mustWait()) {
      debts.pause();
      link.channel.pause();
    } else {
      if (this.#frames.held > 0) debts.owe("pdu");
      link.channel.resume();
    }
  }

  #mustWait(): boolean {
    return this.#negotiation.isBusy || this.#link.outbox.isFull || this.#turn.isAwaited;
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
      return this.#refuseBody(frame, error);
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

  /** A PDU whose header alone makes sense. */
  #refuseBody(frame: Frame, error: PduError): void {
    const link = this.#link;
    const { type, callId } = frame.header;
    link.host.onError(error);
    if (type === "request") return this.#calls.refuseBody(frame);
    if (type === "bind") {
      const { notSpecified, protocolVersionNotSupported } = nakReasons;
      const isVerifier = error.code === "bad_verifier" || error.code === "bad_padding";
      return link.nak(callId, isVerifier ? protocolVersionNotSupported : notSpecified);
    }
    const isUnpadded = type === "auth3" && error.code === "bad_padding";
    link.fault(callId, 0, isUnpadded ? faults.remoteNoMemory : faults.protocol, {
      disconnect: true,
    });
  }

  /** Octets that are no PDU. Whoever speaks another version hears which one is spoken here. */
  #refuseOctets(error: PduError): void {
    const link = this.#link;
    link.host.onError(error);
    const { code, callId } = error;
    if (link.state !== "new") {
      const didNotExecute = code !== "bad_length";
      return link.fault(callId, 0, faults.protocol, { disconnect: true, didNotExecute });
    }
    if (code === "bad_version") return link.nak(callId, nakReasons.protocolVersionNotSupported);
    link.end();
  }
}

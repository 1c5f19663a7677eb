/** One connection of a client: its calls, and which part of it each PDU is for ([MS-RPCE] 3.3.2). */
import {
  decodeBody,
  type FaultPdu,
  PduError,
  pduFlags,
  type ResponsePdu,
  verifierOffset,
  wholeMessage,
} from "../pdu/index.ts";
import { onAbort } from "../on-abort.ts";
import { RpcFault } from "../rpc-fault.ts";
import type { InterfaceId, Reply } from "../transport.ts";
import { TransportError } from "../transport-error.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { ByteChannel, ChannelListener } from "./channel.ts";
import type { ClientContext } from "./client-context.ts";
import { ClientLink } from "./client-link.ts";
import { ClientNegotiation } from "./client-negotiation.ts";
import type { ConnectionOptions } from "./client-options.ts";
import { IncomingStub, sendMessage } from "./fragments.ts";
import { type Frame, FrameSplitter } from "./frames.ts";
import { withTrailer } from "./with-trailer.ts";

interface PendingCall {
  readonly stub: IncomingStub;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

export class ClientConnection implements ChannelListener {
  readonly #link: ClientLink;
  readonly #negotiation: ClientNegotiation;
  readonly #frames: FrameSplitter = new FrameSplitter(0xffff);
  readonly #calls = new Map<number, PendingCall>();
  /** Without multiplexing one call follows the other. */
  #turns: Promise<unknown> = Promise.resolve();
  /** Comes when the server has read enough for further requests; null while it keeps up. */
  #room: PromiseWithResolvers<void> | null = null;
  #discarded = false;

  /** `groupId` is that of an association group to join, or 0. */
  constructor(channel: ByteChannel, host: string, options: ConnectionOptions, groupId = 0) {
    this.#link = new ClientLink(channel, options, groupId, (failure) => this.#failAll(failure));
    this.#negotiation = new ClientNegotiation(this.#link, host);
  }

  /** Takes no further calls: it has failed, the server has asked to end it, or its ids are used up. */
  get isClosed(): boolean {
    return this.#link.failure !== null || this.#discarded || this.isExhausted;
  }

  /** Had as many calls as it may, and lives on for those under way and for its association group. */
  get isExhausted(): boolean {
    const { failure, lastCallId, limits } = this.#link;
    return failure === null && lastCallId >= limits.maxCalls;
  }

  /** assoc_group_id, once something is bound. */
  get groupId(): number {
    return this.#link.groupId;
  }

  // ---- for callers -------------------------------------------------------------------------------

  /**
   * The context for an interface.
   *
   * @throws RpcFault nca_s_unk_if where the server doesn't offer it; TransportError
   */
  context(target: InterfaceId): Promise<ClientContext> {
    return this.#negotiation.context(target);
  }

  /**
   * Makes a call.
   *
   * @throws RpcFault, TransportError, and the signal's reason
   */
  call(
    context: ClientContext,
    opnum: number,
    stub: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    if (this.#link.multiplexed) {
      if (!this.#link.outbox.isFull) return this.#send(context, opnum, stub, signal);
      const again = (): Promise<Reply> => this.call(context, opnum, stub, signal);
      this.#room ??= Promise.withResolvers();
      return unlessAborted(this.#room.promise, signal).then(again);
    }
    const turn = this.#turns.then(() => this.#send(context, opnum, stub, signal));
    this.#turns = turn.catch(() => {});
    return turn;
  }

  /** Ends the connection. Calls under way fail. */
  close(): void {
    this.#link.fail(new TransportError("closed", "the connection was closed"));
  }

  /** Takes no further calls, and ends when those under way have been answered. */
  closeWhenIdle(): void {
    this.#discarded = true;
    this.#endIfDiscarded();
  }

  // ---- for the channel ---------------------------------------------------------------------------

  received(octets: Uint8Array): void {
    if (this.#link.failure !== null) return;
    this.#frames.push(octets);
    try {
      for (;;) {
        const frame = this.#frames.next();
        if (frame === null) return;
        this.#take(frame);
        if (this.#link.failure !== null) return;
      }
    } catch (cause) {
      if (!(cause instanceof PduError)) throw cause;
      this.#link.fail(new TransportError("protocol", `not a PDU: ${cause.message}`, { cause }));
    }
  }

  drained(): void {
    this.#link.outbox.drained();
    this.#goOn();
  }

  closed(cause: Error | null): void {
    const options = cause === null ? {} : { cause };
    this.#link.fail(new TransportError("closed", "the server has closed the connection", options));
    this.#negotiation.dispose();
  }

  // ---- calls -------------------------------------------------------------------------------------

  #send(
    context: ClientContext,
    opnum: number,
    stub: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    if (this.#link.failure !== null) return Promise.reject(this.#link.failure);
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const callId = ++this.#link.lastCallId;
    const link = this.#link;
    const { object = null, verificationTrailer = false } = link.options;
    const { contextId } = context;
    const { littleEndian } = link;
    const protectedBy = this.#negotiation.protection;
    const head = { type: "request", contextId, opnum, object } as const;
    const whole =
      verificationTrailer && protectedBy !== null
        ? withTrailer(stub, context, { opnum, callId, littleEndian }, protectedBy.signHeader)
        : stub;
    sendMessage(
      link.outbox,
      { head, callId, littleEndian, stub: whole },
      link.maxTransmit,
      protectedBy,
    );
    if (signal === undefined) {
      this.#calls.set(callId, { stub: new IncomingStub(), resolve, reject });
      return promise;
    }
    const stop = onAbort(signal, () => {
      this.#calls.delete(callId);
      this.#giveUp(callId);
      reject(signal.reason);
    });
    const done =
      <T>(settle: (value: T) => void) =>
      (value: T): void => {
        stop();
        settle(value);
      };
    this.#calls.set(callId, {
      stub: new IncomingStub(),
      resolve: done(resolve),
      reject: done(reject),
    });
    return promise;
  }

  /** Tells the server. What it may still answer is dropped: nobody waits for that id any more. */
  #giveUp(callId: number): void {
    if (this.#link.failure !== null) return;
    const common = { flags: wholeMessage, callId, littleEndian: this.#link.littleEndian } as const;
    this.#link.send({ type: "cancel", ...common, verifier: null });
    // The next call would have to wait for this one.
    if (!this.#link.multiplexed) return this.close();
    // A server that hasn't agreed to it would have to be left after an orphaned PDU.
    if (this.#link.keepsOnOrphan) this.#link.send({ type: "orphaned", ...common, verifier: null });
    this.#endIfDiscarded();
  }

  // ---- what the server sends -----------------------------------------------------------------------

  #take(frame: Frame): void {
    const pdu = decodeBody(frame.octets, frame.header);
    switch (pdu.type) {
      case "response":
        return this.#response(pdu, frame);
      case "fault":
        return this.#fault(pdu);
      case "bind_ack":
      case "alter_context_resp":
        return this.#negotiation.answered(pdu);
      case "bind_nak":
        return this.#negotiation.refused(pdu);
      case "shutdown":
        return this.closeWhenIdle();
      case "bind":
      case "alter_context":
      case "auth3":
      case "request":
      case "cancel":
      case "orphaned":
        return this.#link.violation(`a ${pdu.type} from a server`);
    }
  }

  #response(pdu: ResponsePdu, { header, octets }: Frame): void {
    let { body } = pdu;
    const session = this.#negotiation.protection;
    if (session !== null) {
      const { verifier } = pdu;
      if (verifier === null || !session.matches(verifier)) {
        return this.#link.fail(new TransportError("security", "a response without a signature"));
      }
      try {
        const bodyStart = verifierOffset(header) - body.length;
        session.unprotect(octets, header, bodyStart, verifier.token);
      } catch (cause) {
        return this.#link.fail(new TransportError("security", "a response was refused", { cause }));
      }
    }
    if (pdu.verifier !== null) body = body.subarray(0, body.length - pdu.verifier.padLength);
    const call = this.#calls.get(pdu.callId);
    if (call === undefined) {
      if (pdu.callId > this.#link.lastCallId)
        this.#link.violation(`a response to call ${pdu.callId}`);
      return;
    }
    call.stub.add(body);
    if (call.stub.length > this.#link.limits.maxResponse) {
      this.#calls.delete(pdu.callId);
      call.reject(
        new TransportError("too_large", `more than ${this.#link.limits.maxResponse} octets`),
      );
      return this.#giveUp(pdu.callId);
    }
    if ((pdu.flags & pduFlags.last) === 0) return;
    this.#calls.delete(pdu.callId);
    call.resolve({ stub: call.stub.join(), byteOrder: pdu.littleEndian ? "little" : "big" });
    this.#endIfDiscarded();
  }

  /** Fails its call, or the negotiation that is under way, and nothing else. */
  #fault(pdu: FaultPdu): void {
    const call = this.#calls.get(pdu.callId);
    if (call === undefined) {
      this.#negotiation.fault(pdu);
    } else {
      this.#calls.delete(pdu.callId);
      call.reject(new RpcFault(pdu.status));
    }
    this.#endIfDiscarded();
  }

  #endIfDiscarded(): void {
    const isIdle = this.#calls.size === 0 && !this.#negotiation.isUnderWay;
    if (this.#discarded && isIdle) this.close();
  }

  #goOn(): void {
    this.#room?.resolve();
    this.#room = null;
  }

  #failAll(failure: TransportError): void {
    this.#negotiation.fail(failure);
    for (const call of this.#calls.values()) call.reject(failure);
    this.#calls.clear();
    this.#link.outbox.drained();
    this.#goOn();
  }
}

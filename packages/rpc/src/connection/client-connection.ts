/** One connection of a client: its calls, and which part of it each PDU is for ([MS-RPCE] 3.3.2). */
import type { TransferSyntax } from "@msrpc/ndr";
import {
  decodeBody,
  type FaultPdu,
  PduError,
  pduFlags,
  type ResponsePdu,
  wholeMessage,
} from "../pdu/index.ts";
import { RpcFault } from "../rpc-fault.ts";
import { faultName, notForFaults } from "../status-names.ts";
import type { InterfaceId, Reply, TransportCallOptions } from "../transport.ts";
import { TransportError, unsent } from "../transport-error.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { ByteChannel, ChannelListener } from "./channel.ts";
import type { ClientContext } from "./client-context.ts";
import { type ClientIdentity, identityOf } from "./client-identity.ts";
import { ClientLink } from "./client-link.ts";
import { ClientNegotiation } from "./client-negotiation.ts";
import type { ConnectionOptions } from "./client-options.ts";
import { IncomingStub, sendMessage } from "./fragments.ts";
import { extendedErrorOf } from "./extended-error.ts";
import { type Frame, FrameSplitter } from "./frames.ts";
import { type AnswerPdu, openAnswer } from "./open-answer.ts";
import { type PendingCall, untilAborted } from "./pending-call.ts";
import { withTrailer } from "./with-trailer.ts";

/** Of a call that nobody answers. */
const noReply: Reply = { stub: new Uint8Array(0), byteOrder: "little" };

export class ClientConnection implements ChannelListener {
  readonly #link: ClientLink;
  readonly #negotiation: ClientNegotiation;
  readonly #frames: FrameSplitter;
  readonly #calls = new Map<number, PendingCall>();
  readonly #identity: ClientIdentity | null;
  /** Presentation contexts that the server has verified: it has answered a call with a trailer. */
  readonly #verified = new Set<number>();
  /** The call whose answer came last, and is not complete. */
  #receiving: PendingCall | null = null;
  /** Without multiplexing one call follows the other. */
  #turns: Promise<unknown> = Promise.resolve();
  /** Comes when the server has read enough for further requests; null while it keeps up. */
  #room: PromiseWithResolvers<void> | null = null;
  #discarded = false;
  /** Calls that wait for their turn or for room. */
  #waiting = 0;
  #listener: (failure: TransportError) => void = () => {};

  /** `groupId` is that of an association group to join, or 0. */
  constructor(channel: ByteChannel, host: string, options: ConnectionOptions, groupId = 0) {
    this.#link = new ClientLink(channel, options, groupId, (failure) => this.#failAll(failure));
    this.#negotiation = new ClientNegotiation(this.#link);
    this.#identity = identityOf(options, host);
    this.#frames = new FrameSplitter(0xffff, channel);
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

  /** Calls that are to be answered, or wait for their turn. */
  get load(): number {
    return this.#calls.size + this.#waiting;
  }

  /** Calls and negotiations so far. */
  get callCount(): number {
    return this.#link.lastCallId;
  }

  /** Calls may overlap. */
  get isMultiplexed(): boolean {
    return this.#link.multiplexed;
  }

  /** assoc_group_id, once something is bound. */
  get groupId(): number {
    return this.#link.groupId;
  }

  // ---- for callers -------------------------------------------------------------------------------

  /** Whether calls of an identity may go over this connection; null is nobody's. */
  accepts(identity: ClientIdentity | null): boolean {
    return this.#negotiation.accepts(identity);
  }

  /**
   * The context for an interface under an identity, which is that of the connection's options by default.
   *
   * @throws RpcFault nca_s_unk_if where the server doesn't offer it; TransportError
   */
  context(
    target: InterfaceId,
    identity: ClientIdentity | null = this.#identity,
    syntaxes: readonly TransferSyntax[] = this.#link.options.syntaxes ?? ["ndr", "ndr64"],
  ): Promise<ClientContext> {
    return this.#negotiation.context(target, identity, syntaxes);
  }

  /**
   * Makes a call. The stub is the caller's again when this returns.
   *
   * @throws RpcFault, TransportError, and the signal's reason
   */
  call(
    context: ClientContext,
    opnum: number,
    stub: Uint8Array,
    options: TransportCallOptions = {},
  ): Promise<Reply> {
    if (this.#link.multiplexed) {
      if (!this.#link.outbox.isFull) return this.#send(context, opnum, stub, options);
      const waiting = stub.slice();
      const again = (): Promise<Reply> => this.call(context, opnum, waiting, options);
      this.#room ??= Promise.withResolvers();
      return this.#after(unlessAborted(this.#room.promise, options.signal), again);
    }
    const waiting = stub.slice();
    const turn = this.#after(this.#turns, () => this.#send(context, opnum, waiting, options));
    this.#turns = turn.catch(() => {});
    return turn;
  }

  /** Has a function called when the connection ends, at once where it has. */
  onEnd(listener: (failure: TransportError) => void): void {
    const { failure } = this.#link;
    if (failure === null) this.#listener = listener;
    else listener(failure);
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
    } finally {
      this.#frames.keep();
      this.#receive(null);
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
    options: TransportCallOptions,
  ): Promise<Reply> {
    const link = this.#link;
    const { failure, littleEndian } = link;
    const { signal, maybe = false, cancelTimeout = 0 } = options;
    if (failure !== null) return Promise.reject(unsent(failure));
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const callId = ++link.lastCallId;
    const { contextId, session } = context;
    const { object = null, verificationTrailer } = link.options;
    const head = { type: "request", contextId, opnum, object } as const;
    const isSigned = session?.protects === true;
    const verifies =
      isSigned && (verificationTrailer ?? !(session.signHeader && this.#verified.has(contextId)));
    const whole = verifies
      ? withTrailer(stub, context, { opnum, callId, littleEndian }, session.offersHeaderSigning)
      : stub;
    const flags = maybe ? pduFlags.maybe : 0;
    const message = { head, callId, littleEndian, stub: whole, flags };
    try {
      const protectedBy = session?.hasVerifier === true ? session : null;
      sendMessage(link.outbox, message, link.maxTransmit, protectedBy);
    } catch (cause) {
      const failed = new TransportError("security", "a request could not be protected", { cause });
      link.fail(failed);
      return Promise.reject(failed);
    }
    if (maybe) return Promise.resolve(noReply);
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const verified = verifies ? contextId : null;
    const call = { session, verified, stub: new IncomingStub(), resolve, reject };
    if (signal === undefined) {
      this.#calls.set(callId, call);
      return promise;
    }
    const cancel = (): void => this.#cancel(callId);
    const leave = (): void => {
      this.#calls.delete(callId);
      this.#orphan(callId);
    };
    this.#calls.set(callId, untilAborted(call, signal, cancelTimeout, { cancel, leave }));
    return promise;
  }

  #cancel(callId: number): void {
    const { failure, littleEndian } = this.#link;
    if (failure !== null) return;
    const flags = wholeMessage;
    this.#link.send({ type: "cancel", flags, callId, littleEndian, verifier: null });
  }

  /** Tells the server. What it may still answer is dropped: nobody waits for that id any more. */
  #orphan(callId: number): void {
    const { failure, littleEndian, keepsOnOrphan } = this.#link;
    if (failure !== null) return;
    // The next call would have to wait for this one.
    if (!this.#link.multiplexed) return this.close();
    const flags = wholeMessage;
    // A server that hasn't agreed to it would have to be left after an orphaned PDU.
    if (keepsOnOrphan) {
      this.#link.send({ type: "orphaned", flags, callId, littleEndian, verifier: null });
    }
    this.#endIfDiscarded();
  }

  // ---- what the server sends -----------------------------------------------------------------------

  #take(frame: Frame): void {
    const pdu = decodeBody(frame.octets, frame.header);
    switch (pdu.type) {
      case "response":
        return this.#response(pdu, frame);
      case "fault":
        return this.#fault(pdu, frame);
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

  #response(pdu: ResponsePdu, frame: Frame): void {
    const callId = this.#callIdOf(pdu);
    const { lastCallId, limits } = this.#link;
    const call = this.#calls.get(callId);
    const body = this.#open(pdu, frame, call);
    if (body === null) return;
    if (call === undefined) {
      if (callId > lastCallId) this.#link.violation(`a response to call ${callId}`);
      return;
    }
    this.#receive(call);
    call.stub.add(body, pdu.allocHint, frame.isLent);
    if (call.stub.length > limits.maxResponse) {
      this.#calls.delete(callId);
      call.reject(new TransportError("too_large", `more than ${limits.maxResponse} octets`));
      this.#cancel(callId);
      return this.#orphan(callId);
    }
    if ((pdu.flags & pduFlags.last) === 0) return;
    this.#calls.delete(callId);
    this.#receiving = null;
    if (call.verified !== null) this.#verified.add(call.verified);
    const stub = call.stub.join();
    call.resolve({
      stub: call.stub.isLent ? stub.slice() : stub,
      byteOrder: pdu.littleEndian ? "little" : "big",
    });
    this.#endIfDiscarded();
  }

  /** Octets of another call come, or of none until the next turn. */
  #receive(call: PendingCall | null): void {
    if (this.#receiving !== call) this.#receiving?.stub.settle();
    this.#receiving = call;
  }

  /** Without multiplexing there is one call to answer, and Wine's servers say that its id is 1, always. */
  #callIdOf({ callId }: AnswerPdu): number {
    if (this.#link.multiplexed || this.#calls.size !== 1 || this.#negotiation.isUnderWay)
      return callId;
    const [only = callId] = this.#calls.keys();
    return only;
  }

  /** Fails its call, or the negotiation that is under way, and nothing else. */
  #fault(pdu: FaultPdu, frame: Frame): void {
    const { status, flags, verifier } = pdu;
    const callId = this.#callIdOf(pdu);
    const call = this.#calls.get(callId);
    const body = this.#open(pdu, frame, call);
    if (body === null) return;
    if (call === undefined) {
      this.#negotiation.fault(pdu);
    } else {
      this.#calls.delete(callId);
      // Whoever can put a fault in the place of an answer must not have the call made again.
      const isGenuine = verifier !== null || call.session?.protects !== true;
      const mayHaveRun = !isGenuine || (flags & pduFlags.didNotExecute) === 0;
      const options = { mayHaveRun, extendedError: extendedErrorOf(pdu, body) };
      call.reject(
        notForFaults.has(status)
          ? new TransportError("protocol", `a fault of status ${faultName(status)}`, options)
          : new RpcFault(status, "", options),
      );
    }
    this.#endIfDiscarded();
  }

  /** The body in the clear; null where the connection had to end for it. */
  #open(pdu: AnswerPdu, frame: Frame, call: PendingCall | undefined): Uint8Array | null {
    try {
      return openAnswer(pdu, frame, this.#negotiation, call);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#link.fail(error);
      return null;
    }
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
    this.#link.outbox.abandon();
    this.#goOn();
    this.#listener(failure);
  }

  /** Makes a call when its turn comes. It counts as one that the connection has all the time. */
  #after(turn: Promise<unknown>, make: () => Promise<Reply>): Promise<Reply> {
    this.#waiting++;
    const come = (): void => void this.#waiting--;
    return turn.then(
      () => {
        come();
        return make();
      },
      (error: unknown) => {
        come();
        throw error;
      },
    );
  }
}

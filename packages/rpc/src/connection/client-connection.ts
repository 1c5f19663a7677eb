/** One connection of a client: contexts negotiated on it, and its calls ([C706] 11.1, [MS-RPCE] 3.3.2). */
import {
  type BindAckPdu,
  bindFeatures,
  type ContextProposal,
  decodeBody,
  encodePdu,
  type FaultPdu,
  nakName,
  type Pdu,
  PduError,
  pduFlags,
  type ResponsePdu,
  verifierOffset,
  wholeMessage,
} from "../pdu/index.ts";
import { RpcFault } from "../rpc-fault.ts";
import type { InterfaceId, Reply } from "../transport.ts";
import { TransportError } from "../transport-error.ts";
import type { ByteChannel, ChannelListener } from "./channel.ts";
import { type ClientContext, contextOf, proposalsFor } from "./client-context.ts";
import {
  type ClientLimits,
  type ConnectionOptions,
  defaultClientLimits,
} from "./client-options.ts";
import { ClientSecurity } from "./client-security.ts";
import { IncomingStub, sendMessage } from "./fragments.ts";
import { type Frame, FrameSplitter } from "./frames.ts";
import { Outbox } from "./outbox.ts";
import { agreedFragment } from "./sizes.ts";
import { withTrailer } from "./with-trailer.ts";

interface PendingCall {
  readonly stub: IncomingStub;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

export class ClientConnection implements ChannelListener {
  readonly #channel: ByteChannel;
  readonly #options: ConnectionOptions;
  readonly #limits: ClientLimits;
  readonly #frames: FrameSplitter;
  readonly #outbox: Outbox;
  readonly #security: ClientSecurity | null;
  readonly #littleEndian: boolean;
  readonly #contexts = new Map<string, Promise<ClientContext>>();
  readonly #calls = new Map<number, PendingCall>();
  /** Waits for the answer to a bind or alter_context. */
  #awaited: PromiseWithResolvers<BindAckPdu> | null = null;
  /** Ends when no negotiation is under way. */
  #negotiations: Promise<unknown> = Promise.resolve();
  /** Without multiplexing one call follows the other. */
  #turns: Promise<unknown> = Promise.resolve();
  #lastCallId = 0;
  #nextContextId = 0;
  #bound = false;
  #multiplexed = false;
  #keepsOnOrphan = false;
  #maxTransmit: number;
  #groupId: number;
  #discarded = false;
  #failure: TransportError | null = null;

  /** `groupId` is that of an association group to join, or 0. */
  constructor(channel: ByteChannel, host: string, options: ConnectionOptions, groupId = 0) {
    const { security, level = "privacy", byteOrder = "little" } = options;
    this.#channel = channel;
    this.#options = options;
    this.#limits = { ...defaultClientLimits, ...options.limits };
    this.#frames = new FrameSplitter(0xffff);
    this.#outbox = new Outbox(channel);
    this.#security = ClientSecurity.create(security, level, host);
    this.#littleEndian = byteOrder === "little";
    this.#maxTransmit = this.#limits.maxFragment;
    this.#groupId = groupId;
  }

  /** Takes no further calls: it has failed, or the server has asked to end it. */
  get isClosed(): boolean {
    return this.#failure !== null || this.#discarded;
  }

  /** assoc_group_id, once something is bound. */
  get groupId(): number {
    return this.#groupId;
  }

  // ---- for callers -------------------------------------------------------------------------------

  /**
   * The context for an interface, negotiated at the first need.
   *
   * @throws RpcFault nca_s_unk_if where the server doesn't offer it; TransportError
   */
  context(target: InterfaceId): Promise<ClientContext> {
    const key = `${target.uuid} ${target.version.major}.${target.version.minor}`;
    let context = this.#contexts.get(key);
    if (context === undefined) {
      context = this.#negotiations.then(() => this.#negotiate(target));
      this.#negotiations = context.catch(() => this.#contexts.delete(key));
      this.#contexts.set(key, context);
    }
    return context;
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
    if (this.#multiplexed) return this.#send(context, opnum, stub, signal);
    const turn = this.#turns.then(() => this.#send(context, opnum, stub, signal));
    this.#turns = turn.catch(() => {});
    return turn;
  }

  /** Ends the connection. Calls under way fail. */
  close(): void {
    this.#outbox.flush();
    this.#fail(new TransportError("closed", "the connection was closed"));
  }

  // ---- for the channel ---------------------------------------------------------------------------

  received(octets: Uint8Array): void {
    if (this.#failure !== null) return;
    this.#frames.push(octets);
    try {
      for (;;) {
        const frame = this.#frames.next();
        if (frame === null) return;
        this.#take(frame);
        if (this.#failure !== null) return;
      }
    } catch (cause) {
      if (!(cause instanceof PduError)) throw cause;
      this.#fail(new TransportError("protocol", `not a PDU: ${cause.message}`, { cause }));
    }
  }

  drained(): void {
    this.#outbox.drained();
  }

  closed(cause: Error | null): void {
    const options = cause === null ? {} : { cause };
    this.#fail(new TransportError("closed", "the server has closed the connection", options));
    this.#security?.session.context.dispose?.();
  }

  // ---- negotiation -------------------------------------------------------------------------------

  async #negotiate(target: InterfaceId): Promise<ClientContext> {
    const { syntaxes = ["ndr", "ndr64"] } = this.#options;
    const isFirst = !this.#bound;
    this.#bound = true;
    const proposals = proposalsFor(target, syntaxes, this.#nextContextId, isFirst);
    this.#nextContextId += proposals.length;
    const security = isFirst ? this.#security : null;
    const verifier = security === null ? null : await this.#secured(() => security.start());
    const flags = wholeMessage | pduFlags.concurrent | (security?.flags ?? 0);
    const first = await this.#exchange({ isFirst, flags, proposals, verifier });
    if (isFirst) this.#settle(first, proposals.length);
    if (security !== null) await this.#authenticate(security, first, proposals);
    return contextOf(proposals, first.results, syntaxes);
  }

  /** The legs that follow the bind. */
  async #authenticate(
    security: ClientSecurity,
    bindAck: BindAckPdu,
    proposals: readonly ContextProposal[],
  ): Promise<void> {
    let answer = bindAck;
    for (;;) {
      const leg = await this.#secured(() => security.next(answer, answer === bindAck));
      if (leg === null) return;
      const { verifier } = leg;
      const flags = wholeMessage | pduFlags.concurrent | security.flags;
      if (!leg.answered) {
        const callId = this.#lastCallId;
        this.#write({ type: "auth3", flags, callId, littleEndian: this.#littleEndian, verifier });
        return;
      }
      answer = await this.#exchange({ isFirst: false, flags, proposals, verifier });
    }
  }

  /** Where authentication fails, nothing more may be sent. */
  async #secured<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (cause) {
      const failure = new TransportError("security", "authentication failed", { cause });
      this.#fail(failure);
      throw failure;
    }
  }

  /** Sends a bind or alter_context and waits for its answer. */
  #exchange(pdu: {
    readonly isFirst: boolean;
    readonly flags: number;
    readonly proposals: readonly ContextProposal[];
    readonly verifier: BindAckPdu["verifier"];
  }): Promise<BindAckPdu> {
    const awaited = Promise.withResolvers<BindAckPdu>();
    if (this.#failure !== null) throw this.#failure;
    this.#awaited = awaited;
    const { isFirst, ...rest } = pdu;
    const type = isFirst ? "bind" : "alter_context";
    const { maxFragment } = this.#limits;
    const sizes = { maxTransmit: maxFragment, maxReceive: maxFragment, groupId: this.#groupId };
    const callId = ++this.#lastCallId;
    this.#write({ type, callId, littleEndian: this.#littleEndian, ...sizes, ...rest });
    return awaited.promise;
  }

  /** What the answer to the bind settles for the connection. */
  #settle({ flags, maxReceive, groupId, results }: BindAckPdu, count: number): void {
    this.#multiplexed = (flags & pduFlags.concurrent) !== 0;
    this.#maxTransmit = agreedFragment(this.#limits.maxFragment, maxReceive);
    this.#groupId = groupId;
    const features = results[count - 1];
    if (features?.result === 3) {
      this.#keepsOnOrphan = (features.reason & bindFeatures.keepConnectionOnOrphan) !== 0;
    }
  }

  // ---- calls -------------------------------------------------------------------------------------

  #send(
    context: ClientContext,
    opnum: number,
    stub: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const callId = ++this.#lastCallId;
    const { object = null, verificationTrailer = false } = this.#options;
    const { contextId } = context;
    const littleEndian = this.#littleEndian;
    const protectedBy = this.#security?.session.protects === true ? this.#security.session : null;
    const head = { type: "request", contextId, opnum, object } as const;
    const whole =
      verificationTrailer && protectedBy !== null
        ? withTrailer(stub, context, { opnum, callId, littleEndian }, protectedBy.signHeader)
        : stub;
    sendMessage(
      this.#outbox,
      { head, callId, littleEndian, stub: whole },
      this.#maxTransmit,
      protectedBy,
    );
    if (signal === undefined) {
      this.#calls.set(callId, { stub: new IncomingStub(), resolve, reject });
      return promise;
    }
    const abort = (): void => {
      this.#calls.delete(callId);
      this.#giveUp(callId);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    const done =
      <T>(settle: (value: T) => void) =>
      (value: T): void => {
        signal.removeEventListener("abort", abort);
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
    if (this.#failure !== null) return;
    const common = { flags: wholeMessage, callId, littleEndian: this.#littleEndian } as const;
    this.#write({ type: "cancel", ...common, verifier: null });
    // The next call would have to wait for this one.
    if (!this.#multiplexed) return this.close();
    // A server that hasn't agreed to it would have to be left after an orphaned PDU.
    if (this.#keepsOnOrphan) this.#write({ type: "orphaned", ...common, verifier: null });
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
      case "alter_context_resp": {
        const awaited = this.#awaited;
        this.#awaited = null;
        if (awaited === null) return this.#violation(`a ${pdu.type} that nobody waits for`);
        return awaited.resolve(pdu);
      }
      case "bind_nak": {
        const reason = nakName(pdu.reason);
        return this.#fail(new TransportError("refused", `the server refused the bind: ${reason}`));
      }
      case "shutdown":
        this.#discarded = true;
        return this.#endIfDiscarded();
      case "bind":
      case "alter_context":
      case "auth3":
      case "request":
      case "cancel":
      case "orphaned":
        return this.#violation(`a ${pdu.type} from a server`);
    }
  }

  #response(pdu: ResponsePdu, { header, octets }: Frame): void {
    let { body } = pdu;
    const session = this.#security?.session;
    if (session?.protects === true) {
      const { verifier } = pdu;
      if (verifier === null || !session.matches(verifier)) {
        return this.#fail(new TransportError("security", "a response without a signature"));
      }
      try {
        const bodyStart = verifierOffset(header) - body.length;
        session.unprotect(octets, header, bodyStart, verifier.token);
      } catch (cause) {
        return this.#fail(new TransportError("security", "a response was refused", { cause }));
      }
    }
    if (pdu.verifier !== null) body = body.subarray(0, body.length - pdu.verifier.padLength);
    const call = this.#calls.get(pdu.callId);
    if (call === undefined) {
      if (pdu.callId > this.#lastCallId) this.#violation(`a response to call ${pdu.callId}`);
      return;
    }
    call.stub.add(body);
    if (call.stub.length > this.#limits.maxResponse) {
      this.#calls.delete(pdu.callId);
      call.reject(new TransportError("too_large", `more than ${this.#limits.maxResponse} octets`));
      return this.#giveUp(pdu.callId);
    }
    if ((pdu.flags & pduFlags.last) === 0) return;
    this.#calls.delete(pdu.callId);
    call.resolve({ stub: call.stub.join(), byteOrder: pdu.littleEndian ? "little" : "big" });
    this.#endIfDiscarded();
  }

  /** Fails its call, or the negotiation that is under way, and nothing else. */
  #fault({ callId, status }: FaultPdu): void {
    const call = this.#calls.get(callId);
    if (call !== undefined) {
      this.#calls.delete(callId);
      call.reject(new RpcFault(status));
    } else if (this.#awaited !== null) {
      const awaited = this.#awaited;
      this.#awaited = null;
      awaited.reject(new RpcFault(status));
    }
    this.#endIfDiscarded();
  }

  #violation(what: string): void {
    this.#fail(new TransportError("protocol", `the server sent ${what}`));
  }

  #endIfDiscarded(): void {
    if (this.#discarded && this.#calls.size === 0 && this.#awaited === null) this.close();
  }

  #fail(failure: TransportError): void {
    if (this.#failure !== null) return;
    this.#failure = failure;
    this.#awaited?.reject(failure);
    this.#awaited = null;
    for (const call of this.#calls.values()) call.reject(failure);
    this.#calls.clear();
    if (failure.code === "closed") this.#channel.end();
    else this.#channel.destroy();
  }

  #write(pdu: Pdu): void {
    this.#outbox.send(encodePdu(pdu));
  }
}

/** One connection at a server: its state, and what each PDU does to it ([C706] 11.2, [MS-RPCE] 3.3.3). */
import { anonymousCaller, type Caller } from "../call-context.ts";
import {
  type BindPdu,
  type CancelPdu,
  decodeBody,
  encodePdu,
  nakReasons,
  type Pdu,
  PduError,
  pduFlags,
  type RequestPdu,
  type Auth3Pdu,
  type BindAckPdu,
  verifierOffset,
  wholeMessage,
} from "../pdu/index.ts";
import { RpcFault } from "../rpc-fault.ts";
import { authLevels } from "../security.ts";
import type { ServerReply } from "../server-association.ts";
import { faults } from "../status-names.ts";
import { ActiveCall } from "./active-call.ts";
import type { AssociationGroup } from "./association-groups.ts";
import type { ByteChannel, ChannelListener } from "./channel.ts";
import { checkTrailer } from "./check-trailer.ts";
import { sendMessage } from "./fragments.ts";
import { type Frame, FrameSplitter } from "./frames.ts";
import { negotiate } from "./negotiate.ts";
import { Outbox } from "./outbox.ts";
import { agreedFragment } from "./sizes.ts";
import type { SecuritySession } from "./security-session.ts";
import { ServerContext } from "./server-context.ts";
import type { ServerHost } from "./server-host.ts";
import { levelName, type SecurityRefusal, ServerSecurity } from "./server-security.ts";

/** `new` before the bind, `open` after it, `draining` until the last answer is out, then `closed`. */
type State = "new" | "open" | "draining" | "closed";

export class ServerConnection implements ChannelListener {
  readonly #host: ServerHost;
  readonly #channel: ByteChannel;
  /** Where the client is: for handlers, and its host for association groups. */
  readonly #address: { readonly host: string; readonly text: string };
  readonly #frames: FrameSplitter;
  readonly #outbox: Outbox;
  readonly #security: ServerSecurity;
  readonly #contexts = new Map<number, ServerContext>();
  readonly #calls = new Map<number, ActiveCall>();
  readonly #anonymous: Caller;
  #callers = new WeakMap<SecuritySession, Caller>();
  #group: AssociationGroup | null = null;
  #state: State = "new";
  #maxFragment: number;
  #multiplexed = false;
  #clientSignsHeaders = false;
  /** A request of which fragments are missing: there is at most one. */
  #receiving: ActiveCall | null = null;
  #lastCallId = -1;
  /** Octets of stubs of the calls under way. */
  #stubOctets = 0;
  /** A security provider is at work; what comes in waits. */
  #busy = false;
  #waitingSince: number | null;

  constructor(
    host: ServerHost,
    channel: ByteChannel,
    address: { readonly host: string; readonly text: string },
  ) {
    const { limits, security } = host;
    this.#host = host;
    this.#channel = channel;
    this.#address = address;
    this.#anonymous = { ...anonymousCaller, address: address.text };
    this.#frames = new FrameSplitter(limits.maxFragment);
    this.#outbox = new Outbox(channel);
    this.#security = new ServerSecurity(security, limits.maxSecurityContexts);
    this.#maxFragment = limits.maxFragment;
    this.#waitingSince = host.now();
  }

  /** Since when the client owes a bind or the rest of something; null while it owes nothing. */
  get waitingSince(): number | null {
    return this.#waitingSince;
  }

  /** Calls whose answers are not out. */
  get callsUnderWay(): number {
    return this.#calls.size;
  }

  received(octets: Uint8Array): void {
    if (this.#state === "closed") return;
    this.#frames.push(octets);
    this.#takeFrames();
  }

  drained(): void {
    this.#outbox.drained();
    this.#takeFrames();
  }

  closed(): void {
    if (this.#state === "closed" && this.#group === null) return;
    this.#state = "closed";
    this.#receiving = null;
    for (const call of this.#calls.values()) {
      call.orphaned = true;
      call.abort(new RpcFault(faults.cancel));
    }
    this.#calls.clear();
    this.#security.dispose();
    const group = this.#group;
    this.#group = null;
    if (group !== null) this.#host.groups.leave(group).catch(this.#host.onError);
  }

  /** Takes no further calls and asks the client to go; ends when the calls under way have been answered. */
  drain(): void {
    if (this.#state === "closed" || this.#state === "draining") return;
    const wasOpen = this.#state === "open";
    this.#state = "draining";
    if (wasOpen) {
      const type = "shutdown";
      this.#send({ type, flags: wholeMessage, callId: 0, littleEndian: true });
    }
    this.#endIfDrained();
  }

  /** Ends at once. */
  destroy(): void {
    this.#channel.destroy();
  }

  #takeFrames(): void {
    try {
      while (!this.#busy && this.#state !== "closed") {
        if (this.#outbox.isFull) break;
        const frame = this.#frames.next();
        if (frame === null) break;
        this.#take(frame);
      }
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.#refuseOctets(error);
    }
    if (this.#state === "closed") return;
    if (this.#busy || this.#outbox.isFull) this.#channel.pause();
    else this.#channel.resume();
    const owes = this.#state === "new" || this.#frames.held > 0 || this.#receiving !== null;
    this.#waitingSince = owes ? (this.#waitingSince ?? this.#host.now()) : null;
  }

  #take({ header, octets }: Frame): void {
    this.#waitingSince = null;
    if (this.#state === "new" && header.type !== "bind") {
      return this.#fault(header.callId, 0, faults.protocol, { disconnect: true });
    }
    let pdu: Pdu;
    try {
      pdu = decodeBody(octets, header);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      if (header.type === "bind") return this.#nak(header.callId, nakReasons.notSpecified);
      return this.#fault(header.callId, 0, faults.protocol, { disconnect: true });
    }
    switch (pdu.type) {
      case "bind":
        if (this.#state !== "new") return this.#nak(pdu.callId, nakReasons.notSpecified);
        return this.#bind(pdu);
      case "alter_context":
        return this.#alter(pdu);
      case "auth3":
        return this.#auth3(pdu);
      case "request":
        return this.#request(pdu, { header, octets });
      case "cancel":
      case "orphaned":
        return this.#giveUp(pdu);
      case "bind_ack":
      case "bind_nak":
      case "alter_context_resp":
      case "response":
      case "fault":
      case "shutdown":
        return this.#fault(pdu.callId, 0, faults.protocol, { disconnect: true });
    }
  }

  // ---- bind, alter_context, auth3 --------------------------------------------------------------

  #bind(pdu: BindPdu): void {
    const group = this.#host.groups.join(pdu.groupId, this.#address.host);
    if (group === null) return this.#nak(pdu.callId, nakReasons.notSpecified);
    this.#group = group;
    this.#state = "open";
    const { limits } = this.#host;
    this.#maxFragment = agreedFragment(limits.maxFragment, pdu.maxReceive);
    this.#multiplexed = (pdu.flags & pduFlags.concurrent) !== 0;
    const answer = this.#agree(pdu, "bind_ack");
    if (answer === null) return this.#nak(pdu.callId, nakReasons.notSpecified);
    if (answer.results.some(({ result, reason }) => result === 2 && reason === 3)) {
      return this.#nak(pdu.callId, nakReasons.localLimitExceeded);
    }
    const { verifier } = pdu;
    if (verifier === null) return this.#send(answer);
    const session = this.#security.find(verifier, pdu.flags, true);
    if (typeof session === "string") {
      return this.#nak(pdu.callId, nakReasons.authenticationTypeNotRecognized);
    }
    this.#step(session, verifier.token, answer, () => {
      this.#nak(pdu.callId, nakReasons.invalidChecksum);
    });
  }

  #alter(pdu: BindPdu): void {
    const answer = this.#agree(pdu, "alter_context_resp");
    const disconnect = true;
    if (answer === null) return this.#fault(pdu.callId, 0, faults.protocol, { disconnect });
    const { verifier } = pdu;
    if (verifier === null) return this.#send(answer);
    const session = this.#security.find(verifier, pdu.flags, true);
    if (typeof session === "string") {
      return this.#fault(pdu.callId, 0, refusalStatus(session), { disconnect });
    }
    this.#step(session, verifier.token, answer, () => {
      this.#fault(pdu.callId, 0, faults.accessDenied, { disconnect });
    });
  }

  /** Takes the proposals and gives the answer; null where they break the protocol. */
  #agree(pdu: BindPdu, type: BindAckPdu["type"]): BindAckPdu | null {
    const group = this.#group;
    if (group === null) return null;
    const { syntaxes, limits, port } = this.#host;
    const negotiation = negotiate(pdu.proposals, {
      syntaxes,
      offers: (target) => group.association.offers(target),
      existing: (contextId) => this.#contexts.get(contextId)?.agreed,
      room: limits.maxContexts - this.#contexts.size,
    });
    if (negotiation === null) return null;
    for (const agreed of negotiation.accepted) {
      if (this.#contexts.has(agreed.contextId)) continue;
      this.#contexts.set(agreed.contextId, new ServerContext(agreed, group.association));
    }
    return {
      type,
      flags: wholeMessage | (pdu.flags & pduFlags.concurrent),
      callId: pdu.callId,
      littleEndian: pdu.littleEndian,
      maxTransmit: this.#maxFragment,
      maxReceive: agreedFragment(limits.maxFragment, pdu.maxTransmit),
      groupId: group.id,
      secondaryAddress: type === "bind_ack" ? port : "",
      results: negotiation.results,
      verifier: null,
    };
  }

  #auth3({ verifier, flags, callId }: Auth3Pdu): void {
    const session = this.#security.find(verifier, flags, false);
    if (typeof session === "string") {
      return this.#fault(callId, 0, faults.protocol, { disconnect: true });
    }
    // There is no answer: the first request that uses the context hears of a failure.
    this.#step(session, verifier.token, null, () => {});
  }

  /** Gives a token to the provider, and the answer its token. */
  #step(
    session: SecuritySession,
    token: Uint8Array,
    answer: BindAckPdu | null,
    refuse: () => void,
  ): void {
    this.#busy = true;
    if (session.signHeader) this.#clientSignsHeaders = true;
    this.#security
      .step(session, token)
      .then(
        (step) => {
          if (answer === null) {
            if (!step.complete) session.invalid = true;
            return;
          }
          const flags = answer.flags | (session.signHeader ? pduFlags.headerSign : 0);
          const verifier = step.token === null ? null : session.verifier(step.token);
          this.#send({ ...answer, flags, verifier });
        },
        (error: unknown) => {
          this.#host.onError(error);
          refuse();
        },
      )
      .catch(this.#host.onError)
      .finally(() => {
        this.#busy = false;
        if (this.#state !== "closed") this.#takeFrames();
      });
  }

  // ---- calls -----------------------------------------------------------------------------------

  #request(pdu: RequestPdu, { header, octets }: Frame): void {
    const { callId, verifier } = pdu;
    const isFirst = (pdu.flags & pduFlags.first) !== 0;
    const refuse = (status: number): void => {
      this.#fault(callId, pdu.contextId, status, { disconnect: true });
    };
    const receiving = this.#receiving;
    const isNext = receiving?.callId === callId && receiving.littleEndian === pdu.littleEndian;
    if (isFirst ? receiving !== null : !isNext) {
      // What is left of a call that was answered with a fault before its end.
      if (!isFirst && receiving === null && this.#lastCallId - callId < 150) {
        if (callId <= this.#lastCallId) return;
      }
      return refuse(faults.protocol);
    }
    const session = isFirst
      ? this.#security.ofRequest(verifier)
      : (receiving as ActiveCall).session;
    if (typeof session === "string") return refuse(faults.protocol);
    if (session !== null && !session.complete) {
      return refuse(session.invalid ? faults.accessDenied : faults.protocol);
    }
    let body = pdu.body;
    if (session !== null) {
      if (session.protects) {
        if (verifier === null || !session.matches(verifier)) return refuse(faults.accessDenied);
        try {
          const bodyStart = verifierOffset(header) - body.length;
          session.unprotect(octets, header, bodyStart, verifier.token);
        } catch (error) {
          session.invalid = true;
          this.#host.onError(error);
          return refuse(faults.securityPackage);
        }
      }
      if (verifier !== null) body = body.subarray(0, body.length - verifier.padLength);
    } else if (verifier !== null) {
      return refuse(faults.protocol);
    }
    if (isFirst) this.#begin(pdu, body, session);
    else this.#continue(receiving as ActiveCall, pdu, body);
  }

  #begin(pdu: RequestPdu, body: Uint8Array, session: SecuritySession | null): void {
    const { callId, contextId } = pdu;
    const disconnect = true;
    if (callId <= this.#lastCallId || callId > 0x7fff_ffff) {
      return this.#fault(callId, contextId, faults.protocol, { disconnect });
    }
    if (!this.#multiplexed && this.#calls.size > 0) {
      return this.#fault(callId, contextId, faults.protocol, { disconnect });
    }
    if ((pdu.flags & pduFlags.pendingCancel) !== 0) {
      return this.#fault(callId, contextId, faults.noCallActive, { disconnect });
    }
    this.#lastCallId = callId;
    if (this.#state === "draining") return this.#fault(callId, contextId, faults.tooBusy, {});
    const context = this.#contexts.get(contextId);
    if (context === undefined) {
      return this.#fault(callId, contextId, faults.unknownInterface, {});
    }
    const { limits } = this.#host;
    if (this.#calls.size >= limits.maxCalls) {
      return this.#fault(callId, contextId, faults.tooBusy, {});
    }
    if (pdu.allocHint > limits.maxRequest && (pdu.flags & pduFlags.last) === 0) {
      return this.#fault(callId, contextId, faults.accessDenied, { disconnect });
    }
    const caller = this.#callerOf(session);
    const call = new ActiveCall(pdu, context, session, caller, this.#checkRest);
    this.#continue(call, pdu, body);
  }

  #continue(call: ActiveCall, pdu: RequestPdu, body: Uint8Array): void {
    const { limits } = this.#host;
    call.stub.add(body);
    if (call.stub.length > limits.maxRequest) {
      this.#receiving = null;
      const { contextId } = call.context.agreed;
      return this.#fault(call.callId, contextId, faults.accessDenied, { disconnect: true });
    }
    if ((pdu.flags & pduFlags.last) === 0) {
      this.#receiving = call;
      return;
    }
    this.#receiving = null;
    this.#dispatch(call);
  }

  #dispatch(call: ActiveCall): void {
    const { callId, context } = call;
    const { contextId } = context.agreed;
    const binding = context.binding(call.littleEndian);
    if (binding === null) return this.#fault(callId, contextId, faults.unknownInterface, {});
    const { limits } = this.#host;
    if (this.#stubOctets > 0 && this.#stubOctets + call.stub.length > limits.maxRequestsTotal) {
      return this.#fault(callId, contextId, faults.tooBusy, {});
    }
    const { minimumLevel = "none" } = binding.service.policy;
    if (authLevels[call.caller.level] < authLevels[minimumLevel]) {
      return this.#fault(callId, contextId, faults.accessDenied, {});
    }
    this.#calls.set(callId, call);
    const stub = call.stub.join();
    this.#stubOctets += stub.length;
    const answered = (reply: ServerReply): void => {
      this.#stubOctets -= stub.length;
      this.#answer(call, reply);
    };
    binding.call(call.opnum, stub, call).then(answered, this.#host.onError);
  }

  #answer(call: ActiveCall, reply: ServerReply): void {
    const { callId, context, littleEndian, session } = call;
    if (!this.#calls.delete(callId) || this.#state === "closed") return;
    const { contextId } = context.agreed;
    if (call.orphaned) {
      this.#endIfDrained();
      return;
    }
    if (reply.fault !== undefined) {
      const notRun = reply.fault === faults.operationRange;
      this.#fault(callId, contextId, reply.fault, { littleEndian, ran: !notRun });
    } else {
      const head = { type: "response", contextId, cancelCount: 0 } as const;
      const message = { head, callId, littleEndian, stub: reply.stub };
      const protectedBy = session?.protects === true ? session : null;
      sendMessage(this.#outbox, message, this.#maxFragment, protectedBy);
    }
    this.#endIfDrained();
  }

  readonly #checkRest = (call: ActiveCall, stub: Uint8Array, from: number): number =>
    checkTrailer(call, stub, from, this.#clientSignsHeaders);

  #callerOf(session: SecuritySession | null): Caller {
    if (session === null) return this.#anonymous;
    let caller = this.#callers.get(session);
    if (caller === undefined) {
      const { context, level } = session;
      caller = { principal: context.peer, level: levelName(level), address: this.#address.text };
      this.#callers.set(session, caller);
    }
    return caller;
  }

  /** As long as fragments are missing neither has an effect: so do other servers. */
  #giveUp({ type, callId }: CancelPdu): void {
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    if (type === "orphaned") call.orphaned = true;
    call.abort(new RpcFault(faults.cancel));
  }

  // ---- answers that are no response --------------------------------------------------------------

  #fault(
    callId: number,
    contextId: number,
    status: number,
    options: {
      readonly disconnect?: true;
      readonly littleEndian?: boolean;
      readonly ran?: boolean;
    },
  ): void {
    const { littleEndian = true, ran = false } = options;
    const flags = ran ? wholeMessage : wholeMessage | pduFlags.didNotExecute;
    const body = new Uint8Array(0);
    const head = { type: "fault", callId, littleEndian, contextId, status, flags, body } as const;
    this.#send({ ...head, allocHint: 32, cancelCount: 0, extended: false, verifier: null });
    if (options.disconnect === true) this.#end();
  }

  #nak(callId: number, reason: number): void {
    const versions = [{ major: 5, minor: 0 }];
    const flags = wholeMessage;
    this.#send({ type: "bind_nak", flags, callId, littleEndian: true, reason, versions });
    this.#end();
  }

  /** Octets that are no PDU. Whoever speaks another version hears which one is spoken here. */
  #refuseOctets(error: PduError): void {
    if (this.#state === "new" && error.code === "bad_version") {
      return this.#nak(0, nakReasons.protocolVersionNotSupported);
    }
    this.#host.onError(error);
    if (this.#state === "new") return this.#end();
    this.#fault(0, 0, faults.protocol, { disconnect: true });
  }

  #send(pdu: Pdu): void {
    if (this.#state === "closed") return;
    this.#outbox.send(encodePdu(pdu));
  }

  #endIfDrained(): void {
    if (this.#state === "draining" && this.#calls.size === 0) this.#end();
  }

  /** Nothing more is taken, and what was sent still goes out. */
  #end(): void {
    if (this.#state === "closed") return;
    this.#outbox.flush();
    this.#state = "closed";
    this.#waitingSince ??= this.#host.now();
    this.#channel.end();
  }
}

function refusalStatus(refusal: SecurityRefusal): number {
  switch (refusal) {
    case "unknown_type":
      return faults.accessDenied;
    case "mismatch":
      return faults.securityPackage;
    case "too_many":
    case "finished":
      return faults.protocol;
  }
}

/** Calls at a server, from the first fragment of the request to the last of the response. */
import type { Caller } from "../call-context.ts";
import {
  callHeaderLength,
  type CancelPdu,
  pduFlags,
  type RequestPdu,
  verifierOffset,
} from "../pdu/index.ts";
import { get16 } from "../pdu/octets.ts";
import { RpcFault } from "../rpc-fault.ts";
import type { ServerReply } from "../server-association.ts";
import { admits } from "../service-policy.ts";
import { faults } from "../status-names.ts";
import { ActiveCall } from "./active-call.ts";
import { sendMessage } from "./fragments.ts";
import type { Frame } from "./frames.ts";
import type { SecuritySession } from "./security-session.ts";
import type { FaultOptions, ServerLink } from "./server-link.ts";
import type { ServerNegotiation } from "./server-negotiation.ts";
import type { SecurityRefusal } from "./server-security.ts";
import { StubBudget } from "./stub-budget.ts";
import type { Turn } from "./turn.ts";

/** [MS-RPCE] 3.3.3.5.6: fragments of calls no older than this may still be on their way. */
const recentCalls = 150;
/** [MS-RPCE] 3.3.3.5.2: ids are positive numbers of 32 bits, and never start over. */
const lastCallIdEver = 0x7fff_ffff;

export class ServerCalls {
  readonly #link: ServerLink;
  readonly #negotiation: ServerNegotiation;
  readonly #turn: Turn;
  /** Calls that were not answered at once: those that run, and without multiplexing those whose turn comes. */
  readonly #active = new Map<number, ActiveCall>();
  readonly #queue: ActiveCall[] = [];
  #running = 0;
  /** A request of which fragments are missing: there is at most one. */
  #receiving: ActiveCall | null = null;
  #lastCallId = -1;
  readonly #stubs: StubBudget;
  /** The same where the caller is not known. */
  readonly #strangersStubs: StubBudget;

  constructor(link: ServerLink, negotiation: ServerNegotiation, turn: Turn) {
    this.#link = link;
    this.#negotiation = negotiation;
    this.#turn = turn;
    link.onDestroyed = () => this.abandon();
    const { limits, stubs, strangersStubs } = link.host;
    this.#stubs = new StubBudget(limits.maxRequestsTotal, stubs);
    this.#strangersStubs = new StubBudget(Infinity, this.#stubs, strangersStubs);
  }

  /** Calls that are to be answered. */
  get size(): number {
    return this.#running + this.#queue.length;
  }

  request(pdu: RequestPdu, frame: Frame): void {
    const { callId, flags, verifier } = pdu;
    const link = this.#link;
    const session = this.#negotiation.sessionOf(verifier);
    if (isUnfinished(session)) {
      return link.fault(callId, 0, faults.protocol, { disconnect: true });
    }
    const receiving = this.#receiving;
    if ((flags & pduFlags.first) !== 0) {
      if (receiving !== null) return this.#refuseSecond(pdu, session, receiving);
      if ((flags & pduFlags.pendingCancel) !== 0) {
        return link.fault(callId, 0, faults.noCallActive, { disconnect: true });
      }
      if (typeof session === "string") return this.#refuse(pdu, faults.accessDenied);
      const body = this.#openBody(pdu, frame, session, true);
      if (body !== null) this.#begin(pdu, frame, body, session);
      return;
    }
    if (receiving?.callId !== callId) return this.#refuseStray(pdu, frame, session, receiving);
    if (receiving.littleEndian !== pdu.littleEndian) {
      return this.#refuse(pdu, faults.protocol, { didNotExecute: true });
    }
    // What its verifier says of itself was settled by the first fragment.
    const body = this.#openBody(pdu, frame, receiving.session, false);
    if (body !== null) this.#continue(receiving, pdu, frame, body);
  }

  /** A request that can't be read. Where it has a whole head, the fault says which context it was for. */
  refuseBody({ header, octets }: Frame): void {
    const { callId, littleEndian, fragLength } = header;
    const contextId = fragLength < callHeaderLength ? 0 : get16(octets, 20, littleEndian);
    this.#refuse({ callId, contextId }, faults.protocol);
  }

  /** cancel and orphaned. While fragments are missing they have no effect, as with other servers. */
  giveUp({ type, callId }: CancelPdu): void {
    const call = this.#active.get(callId);
    if (call === undefined) return;
    if (type === "orphaned") call.orphaned = true;
    call.abort(new RpcFault(faults.cancel));
  }

  /** The turn ends, and with it the octets that came in it. */
  settle(): void {
    this.#receiving?.settleStub();
  }

  /** The connection has ended, or takes and sends nothing any more. */
  abandon(): void {
    this.#forgetReceived();
    for (const { budget, stubLength } of this.#queue.splice(0)) budget.give(stubLength);
    for (const call of this.#active.values()) {
      call.orphaned = true;
      call.abort(new RpcFault(faults.cancel));
    }
    this.#active.clear();
  }

  #isRecent(callId: number): boolean {
    return callId <= this.#lastCallId && this.#lastCallId - callId < recentCalls;
  }

  /**
   * A request begins before the last fragment of another has come. Without multiplexing it is that other one
   * that fails.
   */
  #refuseSecond(
    pdu: RequestPdu,
    session: SecuritySession | SecurityRefusal | null,
    receiving: ActiveCall,
  ): void {
    this.#forgetReceived();
    const { agreed } = receiving.context;
    const isSame = pdu.callId === receiving.callId;
    const isOtherCaller =
      isSame &&
      pdu.verifier !== null &&
      pdu.contextId === agreed.contextId &&
      session !== "mismatch" &&
      session !== receiving.session;
    const status = isOtherCaller ? faults.securityPackage : faults.protocol;
    const end = { disconnect: true, didNotExecute: false } as const;
    if (!this.#link.multiplexed || isSame) {
      return this.#link.fault(receiving.callId, agreed.contextId, status, end);
    }
    this.#link.fault(pdu.callId, 0, status, end);
  }

  /** A fragment that goes with no request under way. */
  #refuseStray(
    pdu: RequestPdu,
    frame: Frame,
    session: SecuritySession | SecurityRefusal | null,
    receiving: ActiveCall | null,
  ): void {
    const { callId, contextId } = pdu;
    const link = this.#link;
    const end = { disconnect: true, didNotExecute: false } as const;
    this.#forgetReceived();
    if (receiving !== null && !link.multiplexed) {
      const { agreed } = receiving.context;
      return link.fault(receiving.callId, agreed.contextId, faults.protocol, end);
    }
    if (receiving === null && this.#isRecent(callId)) {
      // What is left of a call that was answered before its end counts as a signed PDU nevertheless.
      if (typeof session === "string") return this.#refuse(pdu, faults.accessDenied);
      return void this.#openBody(pdu, frame, session, true);
    }
    if (receiving !== null || !link.multiplexed) return link.fault(callId, 0, faults.protocol, end);
    if (this.#negotiation.context(contextId) === undefined) {
      return link.fault(callId, 0, faults.unknownInterface);
    }
    this.#refuse(pdu, typeof session === "string" ? faults.accessDenied : faults.protocol);
  }

  /** Checks the signature and gives the stub data in the clear; null where the request is refused. */
  #openBody(
    pdu: RequestPdu,
    { header, octets }: Frame,
    session: SecuritySession | null,
    isFirst: boolean,
  ): Uint8Array | null {
    const { body, verifier } = pdu;
    if (session === null) {
      return verifier === null ? body : this.#refuseBody(pdu, faults.accessDenied);
    }
    if (session.invalid) return this.#refuseBody(pdu, faults.accessDenied);
    if (verifier === null) {
      return session.protects ? this.#refuseBody(pdu, faults.protocol) : body;
    }
    if (isFirst && !session.matches(verifier)) return this.#refuseBody(pdu, faults.accessDenied);
    if (session.protects) {
      try {
        const bodyStart = verifierOffset(header) - body.length;
        session.unprotect(octets, header, bodyStart, verifier.token);
      } catch (error) {
        session.invalid = true;
        this.#link.host.onError(error);
        return this.#refuseBody(pdu, faults.securityPackage);
      }
    }
    return body.subarray(0, body.length - verifier.padLength);
  }

  #refuseBody(pdu: RequestPdu, status: number): null {
    this.#refuse(pdu, status);
    return null;
  }

  #begin(pdu: RequestPdu, frame: Frame, body: Uint8Array, session: SecuritySession | null): void {
    const { callId, contextId } = pdu;
    const link = this.#link;
    const { limits } = link.host;
    const isTaken = callId === this.#lastCallId && this.#active.has(callId);
    if (callId < this.#lastCallId || callId > lastCallIdEver || isTaken) {
      return this.#refuse(pdu, faults.protocol, { didNotExecute: true });
    }
    this.#lastCallId = callId;
    link.host.counters.callsIn++;
    const context = this.#negotiation.context(contextId);
    if (context === undefined) return this.#turnAway(pdu, faults.unknownInterface, 0);
    if (link.state === "draining" || this.size >= limits.maxCalls) {
      return this.#turnAway(pdu, faults.tooBusy);
    }
    const binding = context.binding(pdu.littleEndian);
    if (binding === null) return this.#turnAway(pdu, faults.unknownInterface);
    const caller = this.#negotiation.callerOf(session);
    const { signsHeaders } = this.#negotiation;
    const budget = isKnown(caller) ? this.#stubs : this.#strangersStubs;
    const call = new ActiveCall(pdu, context, binding, session, caller, budget, signsHeaders);
    call.orphaned = (pdu.flags & pduFlags.maybe) !== 0;
    if (!admits(binding.service.policy, caller)) {
      return this.#fail(call, faults.accessDenied, { didNotExecute: false });
    }
    if ((pdu.flags & pduFlags.last) === 0 && pdu.allocHint > this.#largest(call)) {
      return this.#refuse(pdu, faults.accessDenied);
    }
    this.#continue(call, pdu, frame, body);
  }

  /** A fault of a call that isn't begun, unless nobody waits for its answer. */
  #turnAway(pdu: RequestPdu, status: number, contextId: number = pdu.contextId): void {
    if ((pdu.flags & pduFlags.maybe) === 0) this.#link.fault(pdu.callId, contextId, status);
  }

  #continue(call: ActiveCall, pdu: RequestPdu, { isLent }: Frame, body: Uint8Array): void {
    const before = call.stubLength;
    // A request of one fragment is as long as it is, whatever its alloc_hint says.
    const announced = before === 0 ? 0 : pdu.allocHint;
    if (before + Math.max(announced, body.length) > this.#largest(call)) {
      return this.#refuse(pdu, faults.accessDenied);
    }
    if (!call.budget.take(body.length)) {
      // What is still to come of it is dropped.
      this.#forgetReceived();
      return this.#fail(call, faults.tooBusy);
    }
    const { debts } = this.#link;
    const isWhole = (pdu.flags & pduFlags.last) !== 0;
    call.addStub(body, pdu.allocHint, isLent);
    if (!isWhole) {
      this.#receiving = call;
      debts.owe("request");
      debts.paidInPart("request", body.length);
    } else {
      this.#receiving = null;
      debts.paid("request");
      this.#dispatch(call);
    }
  }

  /** Octets of the longest stub that a call's interface takes. */
  #largest({ binding }: ActiveCall): number {
    const { maxRequest } = this.#link.host.limits;
    return Math.min(maxRequest, binding.service.policy.maxRequest ?? maxRequest);
  }

  #forgetReceived(): void {
    this.#receiving?.budget.give(this.#receiving.stubLength);
    this.#receiving = null;
    this.#link.debts.paid("request");
  }

  /** A client that didn't ask for multiplexing gets its answers in order. */
  #mustQueue(): boolean {
    return !this.#link.multiplexed && this.size > 0;
  }

  #dispatch(call: ActiveCall): void {
    if (!this.#mustQueue()) return this.#run(call);
    call.settleStub();
    this.#active.set(call.callId, call);
    this.#queue.push(call);
  }

  #run(call: ActiveCall): void {
    const stub = call.takeStub();
    const { length } = stub;
    const { binding } = call;
    let isAnswered = false;
    this.#running++;
    this.#turn.ran();
    binding.call(call.opnum, stub, call, (reply) => {
      isAnswered = true;
      this.#running--;
      call.budget.give(length);
      this.#active.delete(call.callId);
      try {
        this.#answer(call, reply);
      } catch (error) {
        this.#link.host.onError(error);
      }
      // Later, as calls that are answered at once would nest.
      if (this.#queue.length > 0) queueMicrotask(() => this.proceed());
    });
    if (!isAnswered) this.#active.set(call.callId, call);
  }

  /** Runs the call whose turn it is, unless the client must first read its answers, or others have theirs. */
  proceed(): void {
    if (this.#running > 0 || this.#queue.length === 0) return;
    if (this.#link.outbox.isFull || this.#turn.leaves()) return;
    const next = this.#queue.shift();
    if (next !== undefined) this.#run(next);
  }

  #answer(call: ActiveCall, reply: ServerReply): void {
    const { callId, context, littleEndian, session } = call;
    const { contextId } = context.agreed;
    const link = this.#link;
    if (!call.orphaned && link.state !== "closed") {
      if (reply.fault !== undefined) {
        const didNotExecute = reply.fault === faults.operationRange;
        const { extendedError } = reply;
        const said = extendedError === undefined ? {} : { extendedError };
        link.fault(callId, contextId, reply.fault, { littleEndian, didNotExecute, ...said });
      } else {
        // Windows says no more of the context than its lower octet, and clients have come to expect it.
        const head = { type: "response", contextId: contextId & 0xff, cancelCount: 0 } as const;
        const message = { head, callId, littleEndian, stub: reply.stub };
        const protectedBy = session?.protects === true ? session : null;
        try {
          sendMessage(link.outbox, message, link.maxFragment, protectedBy);
        } catch (error) {
          link.host.onError(error);
          link.destroy();
        }
        this.#turn.answered(reply.stub.length);
        link.countUnread();
      }
    }
    if (link.state === "draining" && this.size === 0) link.end();
  }

  /** A fault before the operation ran; none where nobody waits for an answer. */
  #fail(
    { callId, context, orphaned }: ActiveCall,
    status: number,
    options: FaultOptions = {},
  ): void {
    if (!orphaned) this.#link.fault(callId, context.agreed.contextId, status, options);
  }

  /** A fault after which the connection ends. Whether it ran is left open, as other servers do. */
  #refuse(
    { callId, contextId }: Pick<RequestPdu, "callId" | "contextId">,
    status: number,
    options: FaultOptions = {},
  ): void {
    const context = this.#receiving?.context ?? this.#negotiation.context(contextId);
    this.#forgetReceived();
    const known = context?.agreed.contextId ?? 0;
    const end = { didNotExecute: false, ...options, disconnect: true } as const;
    this.#link.fault(callId, known, status, end);
  }
}

function isUnfinished(session: SecuritySession | SecurityRefusal | null): boolean {
  return session !== null && typeof session !== "string" && !session.complete && !session.invalid;
}

function isKnown({ principal }: Caller): boolean {
  return principal !== null && !principal.anonymous;
}

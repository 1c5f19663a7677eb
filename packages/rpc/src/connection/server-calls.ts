/** Calls at a server, from the first fragment of the request to the last of the response. */
import { type CancelPdu, pduFlags, type RequestPdu, verifierOffset } from "../pdu/index.ts";
import { RpcFault } from "../rpc-fault.ts";
import { authLevels } from "../security.ts";
import type { ServerBinding, ServerReply } from "../server-association.ts";
import { faults } from "../status-names.ts";
import { ActiveCall } from "./active-call.ts";
import { sendMessage } from "./fragments.ts";
import type { Frame } from "./frames.ts";
import type { SecuritySession } from "./security-session.ts";
import type { ServerLink } from "./server-link.ts";
import type { ServerNegotiation } from "./server-negotiation.ts";

/** [MS-RPCE] 3.3.3.5.6: fragments of calls no older than this may still be on their way. */
const recentCalls = 150;
/** [MS-RPCE] 3.3.3.5.2: ids are positive numbers of 32 bits, and never start over. */
const lastCallIdEver = 0x7fff_ffff;

export class ServerCalls {
  readonly #link: ServerLink;
  readonly #negotiation: ServerNegotiation;
  /** Calls to be answered: those that run, and without multiplexing those whose turn comes. */
  readonly #active = new Map<number, ActiveCall>();
  readonly #queue: ActiveCall[] = [];
  #running = 0;
  /** A request of which fragments are missing: there is at most one. */
  #receiving: ActiveCall | null = null;
  #lastCallId = -1;
  /** Octets of stubs of the calls under way. */
  #stubOctets = 0;

  constructor(link: ServerLink, negotiation: ServerNegotiation) {
    this.#link = link;
    this.#negotiation = negotiation;
  }

  /** Calls that are to be answered. */
  get size(): number {
    return this.#active.size;
  }

  get isReceiving(): boolean {
    return this.#receiving !== null;
  }

  request(pdu: RequestPdu, frame: Frame): void {
    const isFirst = (pdu.flags & pduFlags.first) !== 0;
    const receiving = this.#receiving;
    if (isFirst) {
      if (receiving !== null) return this.#refuse(pdu, faults.protocol);
      const session = this.#negotiation.sessionOf(pdu.verifier);
      if (typeof session === "string") return this.#refuse(pdu, faults.accessDenied);
      const body = this.#openBody(pdu, frame, session);
      if (body !== null) this.#begin(pdu, body, session);
      return;
    }
    if (receiving === null && this.#isRecent(pdu.callId)) return this.#drop(pdu, frame);
    const { callId, littleEndian } = pdu;
    if (receiving?.callId !== callId || receiving.littleEndian !== littleEndian) {
      return this.#refuse(pdu, faults.protocol);
    }
    const body = this.#openBody(pdu, frame, receiving.session);
    if (body !== null) this.#continue(receiving, pdu, body);
  }

  /** cancel and orphaned. While fragments are missing they have no effect, as with other servers. */
  giveUp({ type, callId }: CancelPdu): void {
    const call = this.#active.get(callId);
    if (call === undefined) return;
    if (type === "orphaned") call.orphaned = true;
    call.abort(new RpcFault(faults.cancel));
  }

  /** The connection has ended. */
  abandon(): void {
    this.#receiving = null;
    this.#queue.length = 0;
    for (const call of this.#active.values()) call.abort(new RpcFault(faults.cancel));
    this.#active.clear();
  }

  #isRecent(callId: number): boolean {
    return callId <= this.#lastCallId && this.#lastCallId - callId < recentCalls;
  }

  /** What is left of a call that was answered before its end. It counts as a signed PDU nevertheless. */
  #drop(pdu: RequestPdu, frame: Frame): void {
    const session = this.#negotiation.sessionOf(pdu.verifier);
    if (typeof session === "string") this.#refuse(pdu, faults.accessDenied);
    else this.#openBody(pdu, frame, session);
  }

  /** Checks the signature and gives the stub data in the clear; null where the request is refused. */
  #openBody(
    pdu: RequestPdu,
    { header, octets }: Frame,
    session: SecuritySession | null,
  ): Uint8Array | null {
    const { body, verifier } = pdu;
    if (session === null) {
      if (verifier === null) return body;
      this.#refuse(pdu, faults.accessDenied);
      return null;
    }
    const isRight = verifier === null ? !session.protects : session.matches(verifier);
    if (!session.complete || session.invalid || !isRight) {
      const unfinished = !session.complete && !session.invalid;
      this.#refuse(pdu, unfinished ? faults.protocol : faults.accessDenied);
      return null;
    }
    if (verifier === null) return body;
    if (session.protects) {
      try {
        const bodyStart = verifierOffset(header) - body.length;
        session.unprotect(octets, header, bodyStart, verifier.token);
      } catch (error) {
        session.invalid = true;
        this.#link.host.onError(error);
        this.#refuse(pdu, faults.securityPackage);
        return null;
      }
    }
    return body.subarray(0, body.length - verifier.padLength);
  }

  #begin(pdu: RequestPdu, body: Uint8Array, session: SecuritySession | null): void {
    const { callId, contextId } = pdu;
    const link = this.#link;
    const { limits } = link.host;
    if (callId <= this.#lastCallId || callId > lastCallIdEver) {
      return this.#refuse(pdu, faults.protocol);
    }
    if ((pdu.flags & pduFlags.pendingCancel) !== 0) return this.#refuse(pdu, faults.noCallActive);
    this.#lastCallId = callId;
    const context = this.#negotiation.context(contextId);
    if (context === undefined) return link.fault(callId, contextId, faults.unknownInterface);
    if (link.state === "draining" || this.#active.size >= limits.maxCalls) {
      return link.fault(callId, contextId, faults.tooBusy);
    }
    if ((pdu.flags & pduFlags.last) === 0 && pdu.allocHint > limits.maxRequest) {
      return link.fault(callId, contextId, faults.accessDenied);
    }
    const caller = this.#negotiation.callerOf(session);
    const call = new ActiveCall(pdu, context, session, caller, this.#negotiation.signsHeaders);
    this.#continue(call, pdu, body);
  }

  #continue(call: ActiveCall, pdu: RequestPdu, body: Uint8Array): void {
    call.stub.add(body);
    this.#receiving = null;
    if (call.stub.length > this.#link.host.limits.maxRequest) {
      return this.#link.fault(call.callId, call.context.agreed.contextId, faults.accessDenied);
    }
    if ((pdu.flags & pduFlags.last) === 0) this.#receiving = call;
    else this.#dispatch(call);
  }

  #dispatch(call: ActiveCall): void {
    const { callId, context } = call;
    const { contextId } = context.agreed;
    const link = this.#link;
    const { limits } = link.host;
    const binding = context.binding(call.littleEndian);
    if (binding === null) return link.fault(callId, contextId, faults.unknownInterface);
    if (this.#stubOctets > 0 && this.#stubOctets + call.stub.length > limits.maxRequestsTotal) {
      return link.fault(callId, contextId, faults.tooBusy);
    }
    const { minimumLevel = "none" } = binding.service.policy;
    if (authLevels[call.caller.level] < authLevels[minimumLevel]) {
      return link.fault(callId, contextId, faults.accessDenied);
    }
    this.#active.set(callId, call);
    this.#stubOctets += call.stub.length;
    // A client that didn't ask for multiplexing gets its answers in order.
    if (link.multiplexed || this.#running === 0) this.#run(call, binding);
    else this.#queue.push(call);
  }

  #run(call: ActiveCall, binding: ServerBinding): void {
    const stub = call.stub.join();
    this.#running++;
    binding
      .call(call.opnum, stub, call)
      .then((reply) => {
        this.#running--;
        this.#stubOctets -= stub.length;
        if (this.#active.delete(call.callId)) this.#answer(call, reply);
        this.#runNext();
      })
      .catch(this.#link.host.onError);
  }

  #runNext(): void {
    const next = this.#queue.shift();
    if (next === undefined) return;
    const binding = next.context.binding(next.littleEndian);
    if (binding !== null) this.#run(next, binding);
  }

  #answer(call: ActiveCall, reply: ServerReply): void {
    const { callId, context, littleEndian, session } = call;
    const { contextId } = context.agreed;
    const link = this.#link;
    if (!call.orphaned && link.state !== "closed") {
      if (reply.fault !== undefined) {
        const ran = reply.fault !== faults.operationRange;
        link.fault(callId, contextId, reply.fault, { littleEndian, ran });
      } else {
        const head = { type: "response", contextId, cancelCount: 0 } as const;
        const message = { head, callId, littleEndian, stub: reply.stub };
        const protectedBy = session?.protects === true ? session : null;
        sendMessage(link.outbox, message, link.maxFragment, protectedBy);
      }
    }
    if (link.state === "draining" && this.#active.size === 0) link.end();
  }

  /** A fault after which the connection ends. */
  #refuse({ callId, contextId }: RequestPdu, status: number): void {
    this.#receiving = null;
    this.#link.fault(callId, contextId, status, { disconnect: true });
  }
}

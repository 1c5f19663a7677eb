/** bind, alter_context and auth3 at a client: contexts for interfaces, and the one for security. */
import {
  type BindAckPdu,
  bindFeatures,
  type BindNakPdu,
  type ContextProposal,
  contextResults,
  type FaultPdu,
  nakName,
  pduFlags,
  type Verifier,
  wholeMessage,
} from "../pdu/index.ts";
import { RpcFault } from "../rpc-fault.ts";
import type { InterfaceId } from "../transport.ts";
import { TransportError } from "../transport-error.ts";
import { type ClientContext, contextOf, proposalsFor } from "./client-context.ts";
import type { ClientLink } from "./client-link.ts";
import { ClientSecurity } from "./client-security.ts";
import type { SecuritySession } from "./security-session.ts";
import { agreedFragment } from "./sizes.ts";

export class ClientNegotiation {
  readonly #link: ClientLink;
  readonly #security: ClientSecurity | null;
  readonly #contexts = new Map<string, Promise<ClientContext>>();
  /** Waits for the answer to a bind or alter_context. */
  #awaited: (PromiseWithResolvers<BindAckPdu> & { readonly callId: number }) | null = null;
  /** Ends when no negotiation is under way. */
  #last: Promise<unknown> = Promise.resolve();
  #nextContextId = 0;
  #bound = false;

  constructor(link: ClientLink, host: string) {
    const { security, level = "privacy" } = link.options;
    this.#link = link;
    this.#security = ClientSecurity.create(security, level, host);
  }

  /** A server's answer is waited for. */
  get isUnderWay(): boolean {
    return this.#awaited !== null;
  }

  /** What signs or seals calls; null where nothing does. */
  get protection(): SecuritySession | null {
    return this.#security?.session.protects === true ? this.#security.session : null;
  }

  /** The context for an interface, negotiated at the first need, one after the other. */
  context(target: InterfaceId): Promise<ClientContext> {
    const key = `${target.uuid} ${target.version.major}.${target.version.minor}`;
    let context = this.#contexts.get(key);
    if (context === undefined) {
      context = this.#last.then(() => this.#negotiate(target));
      this.#last = context.catch(() => this.#contexts.delete(key));
      this.#contexts.set(key, context);
    }
    return context;
  }

  answered(pdu: BindAckPdu): void {
    const awaited = this.#awaited;
    if (awaited?.callId !== pdu.callId) {
      return this.#link.violation(`a ${pdu.type} that nobody waits for`);
    }
    this.#awaited = null;
    awaited.resolve(pdu);
  }

  refused({ reason }: BindNakPdu): void {
    const why = `the server refused the bind: ${nakName(reason)}`;
    this.#link.fail(new TransportError("refused", why));
  }

  /** A fault that may be the answer to an alter_context. */
  fault({ callId, status }: FaultPdu): void {
    if (this.#awaited?.callId !== callId) return;
    this.#awaited.reject(new RpcFault(status));
    this.#awaited = null;
  }

  fail(failure: TransportError): void {
    this.#awaited?.reject(failure);
    this.#awaited = null;
  }

  dispose(): void {
    this.#security?.session.context.dispose?.();
  }

  async #negotiate(target: InterfaceId): Promise<ClientContext> {
    const { syntaxes = ["ndr", "ndr64"] } = this.#link.options;
    const isFirst = !this.#bound;
    this.#bound = true;
    const proposals = proposalsFor(target, syntaxes, this.#nextContextId, isFirst);
    this.#nextContextId += proposals.length;
    const security = isFirst ? this.#security : null;
    const verifier = security === null ? null : await this.#secured(() => security.start());
    const flags = wholeMessage | pduFlags.concurrent | (security?.flags ?? 0);
    const type = isFirst ? "bind" : "alter_context";
    const answer = await this.#exchange({ type, flags, proposals, verifier });
    if (isFirst) this.#settle(answer, proposals.length);
    if (security !== null) await this.#secured(() => this.#legs(security, answer, proposals));
    return contextOf(proposals, answer.results, syntaxes);
  }

  /** The legs that follow the bind. */
  async #legs(
    security: ClientSecurity,
    bindAck: BindAckPdu,
    proposals: readonly ContextProposal[],
  ): Promise<void> {
    const flags = wholeMessage | pduFlags.concurrent | security.flags;
    let answer = bindAck;
    for (;;) {
      const leg = await security.next(answer, answer === bindAck);
      if (leg === null) return;
      const { verifier } = leg;
      if (!leg.answered) {
        const { lastCallId: callId, littleEndian } = this.#link;
        return this.#link.send({ type: "auth3", flags, callId, littleEndian, verifier });
      }
      answer = await this.#exchange({ type: "alter_context", flags, proposals, verifier });
    }
  }

  /** Where authentication fails, nothing more may be sent. */
  async #secured<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (cause) {
      const options = { cause };
      const failure =
        this.#link.failure ?? new TransportError("security", "authentication failed", options);
      this.#link.fail(failure);
      throw failure;
    }
  }

  /** Sends a bind or alter_context and waits for its answer. */
  #exchange(pdu: {
    readonly type: "bind" | "alter_context";
    readonly flags: number;
    readonly proposals: readonly ContextProposal[];
    readonly verifier: Verifier | null;
  }): Promise<BindAckPdu> {
    const link = this.#link;
    if (link.failure !== null) return Promise.reject(link.failure);
    const callId = ++link.lastCallId;
    const awaited = { ...Promise.withResolvers<BindAckPdu>(), callId };
    this.#awaited = awaited;
    const { littleEndian, groupId, limits } = link;
    const { maxFragment } = limits;
    const sizes = { maxTransmit: maxFragment, maxReceive: maxFragment, groupId };
    link.send({ ...pdu, callId, littleEndian, ...sizes });
    return awaited.promise;
  }

  /** What the answer to the bind settles for the connection. */
  #settle({ flags, maxReceive, groupId, results }: BindAckPdu, count: number): void {
    const link = this.#link;
    link.multiplexed = (flags & pduFlags.concurrent) !== 0;
    link.maxTransmit = agreedFragment(link.limits.maxFragment, maxReceive);
    link.groupId = groupId;
    const features = results[count - 1];
    if (features?.result === contextResults.negotiateAck) {
      link.keepsOnOrphan = (features.reason & bindFeatures.keepConnectionOnOrphan) !== 0;
    }
  }
}

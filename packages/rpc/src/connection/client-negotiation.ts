/** bind, alter_context and auth3 at a client: contexts for interfaces and for security. */
import type { TransferSyntax } from "@msrpc/ndr";
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
import {
  type ClientContext,
  contextOf,
  interfaceKey,
  type Presentation,
  proposalOf,
  proposalsFor,
} from "./client-context.ts";
import type { ClientIdentity } from "./client-identity.ts";
import type { ClientLink } from "./client-link.ts";
import type { ClientSecurity } from "./client-security.ts";
import { ClientSessions } from "./client-sessions.ts";
import type { SecuritySession } from "./security-session.ts";
import { agreedFragment } from "./sizes.ts";

export class ClientNegotiation {
  readonly #link: ClientLink;
  readonly #sessions: ClientSessions = new ClientSessions();
  /** What was agreed on, by interface. */
  readonly #presentations = new Map<string, Presentation>();
  readonly #contexts = new Map<ClientIdentity | null, Map<string, Promise<ClientContext>>>();
  /** Waits for the answer to a bind or alter_context. */
  #awaited: (PromiseWithResolvers<BindAckPdu> & { readonly callId: number }) | null = null;
  /** Ends when no negotiation is under way. */
  #last: Promise<unknown> = Promise.resolve();
  #nextContextId = 0;
  #bound = false;

  constructor(link: ClientLink) {
    this.#link = link;
  }

  /** A server's answer is waited for. */
  get isUnderWay(): boolean {
    return this.#awaited !== null;
  }

  /** Whether calls of an identity may go over this connection. */
  accepts(identity: ClientIdentity | null): boolean {
    return this.#sessions.accepts(identity, this.#link.sharesSecurity);
  }

  /** The session that a PDU's verifier names; null where it isn't there. */
  session(verifier: Verifier): SecuritySession | null {
    return this.#sessions.named(verifier);
  }

  /** The context for calls to an interface under an identity, negotiated at the first need, one after the other. */
  context(
    target: InterfaceId,
    identity: ClientIdentity | null,
    syntaxes: readonly TransferSyntax[],
  ): Promise<ClientContext> {
    this.#sessions.claim(identity);
    const contexts = this.#contexts.get(identity) ?? new Map<string, Promise<ClientContext>>();
    this.#contexts.set(identity, contexts);
    const key = interfaceKey(target);
    let context = contexts.get(key);
    if (context === undefined) {
      context = this.#last.then(() => this.#negotiate(target, identity, syntaxes));
      this.#last = context.catch(() => contexts.delete(key));
      contexts.set(key, context);
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

  refused({ reason, extendedError }: BindNakPdu): void {
    const why = `the server refused the bind: ${nakName(reason)}`;
    const said = extendedError?.slice() ?? null;
    this.#link.fail(new TransportError("refused", why, { extendedError: said }));
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
    this.#sessions.dispose();
  }

  /** Presentation and security context are negotiated together where both are new. */
  async #negotiate(
    target: InterfaceId,
    identity: ClientIdentity | null,
    syntaxes: readonly TransferSyntax[],
  ): Promise<ClientContext> {
    if (!this.accepts(identity)) {
      throw unsent("the server takes no further security context on this connection");
    }
    const known = this.#presentations.get(interfaceKey(target));
    const session = identity === null ? null : this.#sessions.of(identity);
    if (known !== undefined && session !== undefined) return { ...known, session };
    const isFirst = !this.#bound;
    this.#bound = true;
    const started =
      identity === null || session !== undefined ? null : await this.#start(identity, isFirst);
    const security = started?.security ?? null;
    const verifier = started?.verifier ?? null;
    const proposals =
      known === undefined
        ? proposalsFor(target, syntaxes, this.#nextContextId, isFirst)
        : [proposalOf(known)];
    if (known === undefined) this.#nextContextId += proposals.length;
    const flags = wholeMessage | pduFlags.concurrent | (security?.flags ?? 0);
    const type = isFirst ? "bind" : "alter_context";
    const answer = await this.#exchange({ type, flags, proposals, verifier });
    if (isFirst) this.#settle(answer, proposals.length);
    if (security !== null && identity !== null) {
      this.#sessions.settleHeaders(security, answer.flags);
      await this.#secured(() => this.#legs(security, answer, proposals));
      this.#sessions.completed(identity, security);
    }
    const agreed = known ?? contextOf(proposals, answer.results, syntaxes);
    this.#presentations.set(interfaceKey(target), agreed);
    return { ...agreed, session: session ?? security?.session ?? null };
  }

  /** Where it fails, nothing of a later security context has been sent, and the connection lives on. */
  async #start(
    identity: ClientIdentity,
    isFirst: boolean,
  ): Promise<{ readonly security: ClientSecurity; readonly verifier: Verifier }> {
    const start = async () => {
      const security = this.#sessions.open(identity);
      try {
        const verifier = await security.start();
        this.#sessions.add(security);
        return { security, verifier };
      } catch (error) {
        security.session.context.dispose?.();
        throw error;
      }
    };
    if (isFirst) return await this.#secured(start);
    try {
      return await start();
    } catch (cause) {
      if (cause instanceof TransportError) throw cause;
      throw unsent("authentication failed", { cause });
    }
  }

  /** The legs that follow the first. */
  async #legs(
    security: ClientSecurity,
    first: BindAckPdu,
    proposals: readonly ContextProposal[],
  ): Promise<void> {
    const flags = wholeMessage | pduFlags.concurrent | security.flags;
    let answer = first;
    for (;;) {
      const leg = await security.next(answer);
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
      const failure = this.#link.failure ?? unsent("authentication failed", { cause });
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
    const { patience = 60_000 } = link.options;
    const timer = setTimeout(() => {
      const why = `the server has not answered the ${pdu.type} in ${patience} ms`;
      link.fail(new TransportError("closed", why));
    }, patience);
    return awaited.promise.finally(() => clearTimeout(timer));
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
      link.sharesSecurity = (features.reason & bindFeatures.securityContextMultiplexing) !== 0;
    }
  }
}

/** Security that fails before the call is made. */
function unsent(message: string, options: ErrorOptions = {}): TransportError {
  return new TransportError("security", message, { ...options, mayHaveRun: false });
}

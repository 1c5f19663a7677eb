/** bind, alter_context and auth3 at a server: association group, presentation and security contexts. */
import { type Caller, anonymousCaller } from "../call-context.ts";
import {
  type Auth3Pdu,
  type BindAckPdu,
  type BindPdu,
  nakReasons,
  pduFlags,
  type Verifier,
  wholeMessage,
} from "../pdu/index.ts";
import { faults } from "../status-names.ts";
import type { AssociationGroup } from "./association-groups.ts";
import { type Negotiation, negotiate } from "./negotiate.ts";
import type { SecuritySession } from "./security-session.ts";
import { ServerContext } from "./server-context.ts";
import type { ServerLink } from "./server-link.ts";
import { levelName, type SecurityRefusal, ServerSecurity } from "./server-security.ts";
import { agreedFragment } from "./sizes.ts";

export class ServerNegotiation {
  readonly #link: ServerLink;
  readonly #security: ServerSecurity;
  readonly #contexts = new Map<number, ServerContext>();
  readonly #callers = new Map<SecuritySession, Caller>();
  readonly #unauthenticated: Caller;
  readonly #goOn: () => void;
  #group: AssociationGroup | null = null;
  #busy = false;

  /** `goOn` is called when it is no longer busy. */
  constructor(link: ServerLink, goOn: () => void) {
    const { host, address } = link;
    this.#link = link;
    this.#goOn = goOn;
    this.#security = new ServerSecurity(host.security, host.limits.maxSecurityContexts);
    this.#unauthenticated = { ...anonymousCaller, address: address.text };
  }

  /** A security provider is at work: what comes in has to wait. */
  get isBusy(): boolean {
    return this.#busy;
  }

  get signsHeaders(): boolean {
    return this.#security.signsHeaders;
  }

  context(contextId: number): ServerContext | undefined {
    return this.#contexts.get(contextId);
  }

  /** The session that a request's verifier names; null where it goes without. */
  sessionOf(verifier: Verifier | null): SecuritySession | SecurityRefusal | null {
    return this.#security.ofRequest(verifier);
  }

  callerOf(session: SecuritySession | null): Caller {
    if (session === null) return this.#unauthenticated;
    let caller = this.#callers.get(session);
    if (caller === undefined) {
      const { text } = this.#link.address;
      caller = { principal: session.context.peer, level: levelName(session.level), address: text };
      this.#callers.set(session, caller);
    }
    return caller;
  }

  bind(pdu: BindPdu): void {
    const link = this.#link;
    const { groups, limits } = link.host;
    this.#group = groups.join(pdu.groupId, link.address.host);
    if (this.#group === null) return link.nak(pdu.callId);
    link.state = "open";
    link.maxFragment = agreedFragment(limits.maxFragment, pdu.maxReceive);
    link.multiplexed = (pdu.flags & pduFlags.concurrent) !== 0;
    const negotiation = this.#agree(pdu, this.#group);
    if (negotiation === null) return link.nak(pdu.callId);
    if (negotiation.overLimit) return link.nak(pdu.callId, nakReasons.localLimitExceeded);
    const answer = this.#answer(pdu, "bind_ack", this.#group, negotiation);
    const { verifier } = pdu;
    if (verifier === null) return link.send(answer);
    const session = this.#security.find(verifier, pdu.flags, true);
    if (typeof session === "string") {
      return link.nak(pdu.callId, nakReasons.authenticationTypeNotRecognized);
    }
    this.#step(session, verifier.token, answer, () => {
      link.nak(pdu.callId, nakReasons.invalidChecksum);
    });
  }

  alter(pdu: BindPdu): void {
    const link = this.#link;
    const refuse = (status: number): void => {
      link.fault(pdu.callId, 0, status, { disconnect: true });
    };
    const group = this.#group;
    const negotiation = group === null ? null : this.#agree(pdu, group);
    if (group === null || negotiation === null) return refuse(faults.protocol);
    const answer = this.#answer(pdu, "alter_context_resp", group, negotiation);
    const { verifier } = pdu;
    if (verifier === null) return link.send(answer);
    const session = this.#security.find(verifier, pdu.flags, true);
    if (typeof session === "string") return refuse(refusalStatus(session));
    this.#step(session, verifier.token, answer, () => refuse(faults.accessDenied));
  }

  auth3({ verifier, flags, callId }: Auth3Pdu): void {
    const session = this.#security.find(verifier, flags, false);
    if (typeof session === "string") {
      return this.#link.fault(callId, 0, faults.protocol, { disconnect: true });
    }
    // There is no answer: the first request that uses the context hears of a failure.
    this.#step(session, verifier.token, null, () => {});
  }

  /** The connection has ended. */
  dispose(): void {
    this.#security.dispose();
    const group = this.#group;
    this.#group = null;
    const { groups, onError } = this.#link.host;
    if (group !== null) groups.leave(group).catch(onError);
  }

  #agree({ proposals }: BindPdu, { association }: AssociationGroup): Negotiation | null {
    const { syntaxes, limits } = this.#link.host;
    const negotiation = negotiate(proposals, {
      syntaxes,
      offers: (target) => association.offers(target),
      existing: (contextId) => this.#contexts.get(contextId)?.agreed,
      room: limits.maxContexts - this.#contexts.size,
    });
    for (const agreed of negotiation?.accepted ?? []) {
      if (this.#contexts.has(agreed.contextId)) continue;
      this.#contexts.set(agreed.contextId, new ServerContext(agreed, association));
    }
    return negotiation;
  }

  #answer(
    pdu: BindPdu,
    type: BindAckPdu["type"],
    { id }: AssociationGroup,
    { results }: Negotiation,
  ): BindAckPdu {
    const { maxFragment, host } = this.#link;
    return {
      type,
      flags: wholeMessage | (pdu.flags & pduFlags.concurrent),
      callId: pdu.callId,
      littleEndian: pdu.littleEndian,
      maxTransmit: maxFragment,
      maxReceive: agreedFragment(host.limits.maxFragment, pdu.maxTransmit),
      groupId: id,
      secondaryAddress: type === "bind_ack" ? host.port : "",
      results,
      verifier: null,
    };
  }

  /** Gives a token to the provider, and the answer, where there is to be one, its token. */
  #step(
    session: SecuritySession,
    token: Uint8Array,
    answer: BindAckPdu | null,
    refuse: () => void,
  ): void {
    this.#busy = true;
    this.#security
      .step(session, token)
      .then(
        (step) => {
          // An auth3 is the last leg.
          if (answer === null) session.invalid = !step.complete;
          else this.#link.send(withToken(answer, session, step.token));
        },
        (error: unknown) => {
          this.#link.host.onError(error);
          refuse();
        },
      )
      .catch(this.#link.host.onError)
      .finally(() => {
        this.#busy = false;
        this.#goOn();
      });
  }
}

function withToken(
  answer: BindAckPdu,
  session: SecuritySession,
  token: Uint8Array | null,
): BindAckPdu {
  const flags = answer.flags | (session.signHeader ? pduFlags.headerSign : 0);
  const isEmpty = token === null || token.length === 0;
  return { ...answer, flags, verifier: isEmpty ? null : session.verifier(token) };
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

/** bind, alter_context and auth3 at a server: association group, presentation and security contexts. */
import type { Caller } from "../call-context.ts";
import {
  type Auth3Pdu,
  type BindAckPdu,
  type BindPdu,
  nakReasons,
  pduFlags,
  type Verifier,
  wholeMessage,
} from "../pdu/index.ts";
import { authTypes, SecurityError } from "../security.ts";
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
    const { transport, text, reached } = address;
    this.#link = link;
    this.#goOn = goOn;
    this.#security = new ServerSecurity(host, link.debts, text);
    const nobody = { principal: null, level: "none" } as const;
    this.#unauthenticated = { ...nobody, transport, address: text, reached };
  }

  /** A security provider is at work: what comes in has to wait. */
  get isBusy(): boolean {
    return this.#busy;
  }

  get isKnown(): boolean {
    return this.#security.isKnown;
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
      const { peer } = session.context;
      caller = { ...this.#unauthenticated, principal: peer, level: levelName(session.level) };
      this.#callers.set(session, caller);
    }
    return caller;
  }

  bind(pdu: BindPdu): void {
    const link = this.#link;
    const { groups, limits } = link.host;
    this.#group = groups.join(pdu.groupId, link.address);
    if (this.#group === null) return link.nak(pdu.callId);
    link.state = "open";
    link.debts.paid("bind");
    link.maxFragment = Math.min(
      agreedFragment(limits.maxFragment, pdu.maxReceive),
      agreedFragment(limits.maxFragment, pdu.maxTransmit),
    );
    link.multiplexed = (pdu.flags & pduFlags.concurrent) !== 0;
    const negotiation = this.#agree(pdu, this.#group);
    if (negotiation === null) return link.nak(pdu.callId);
    if (negotiation.overLimit) return link.nak(pdu.callId, nakReasons.localLimitExceeded);
    this.#security.takeFlags(pdu.flags);
    const { verifier } = pdu;
    const session = verifier === null ? null : this.#security.find(verifier, true);
    if (typeof session === "string") return link.nak(pdu.callId, nakReason(session));
    const answer = this.#answer(pdu, "bind_ack", this.#group, negotiation, session);
    if (session === null || verifier === null) return link.send(answer);
    this.#step(session, verifier.token, answer, () => {
      link.nak(pdu.callId, nakReasons.invalidChecksum);
    });
  }

  alter(pdu: BindPdu): void {
    const link = this.#link;
    const refuse = (status: number): void => {
      link.fault(pdu.callId, 0, status, { disconnect: true });
    };
    const { verifier } = pdu;
    const session = verifier === null ? null : this.#security.find(verifier, true);
    if (session === "finished" || verifier?.type === authTypes.none) {
      return refuse(faults.accessDenied);
    }
    const group = this.#group;
    const negotiation = group === null ? null : this.#agree(pdu, group);
    if (group === null || negotiation === null) return refuse(faults.protocol);
    if (typeof session === "string") return refuse(refusalStatus(session));
    this.#security.takeFlags(pdu.flags);
    const answer = this.#answer(pdu, "alter_context_resp", group, negotiation, session);
    if (session === null || verifier === null) return link.send(answer);
    this.#step(session, verifier.token, answer, (error) => {
      const isForged = error instanceof SecurityError && error.code === "bad_signature";
      refuse(isForged ? faults.securityPackage : faults.accessDenied);
    });
  }

  auth3({ verifier, callId }: Auth3Pdu): void {
    const session = this.#security.find(verifier, false);
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
    session: SecuritySession | null,
  ): BindAckPdu {
    const { maxFragment, host, multiplexed } = this.#link;
    const { concurrent, headerSign } = pduFlags;
    const signs = session?.signHeader ?? this.#security.signsHeaders;
    const agreed = (multiplexed ? concurrent : 0) | (signs ? headerSign : 0);
    return {
      type,
      flags: wholeMessage | (pdu.flags & agreed),
      callId: pdu.callId,
      littleEndian: pdu.littleEndian,
      maxTransmit: maxFragment,
      maxReceive: maxFragment,
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
    refuse: (error: unknown) => void,
  ): void {
    this.#busy = true;
    this.#security
      .step(session, token)
      .then(
        (step) => {
          // An auth3 is the last leg: there is no way back for a further token.
          if (answer === null) {
            session.invalid = !step.complete || (step.token?.length ?? 0) > 0;
            this.#link.debts.paid(session);
          } else this.#link.send(withToken(answer, session, step.token));
        },
        (error: unknown) => {
          this.#link.host.onError(error);
          refuse(error);
        },
      )
      .catch(this.#link.host.onError)
      .finally(() => {
        this.#busy = false;
        this.#goOn();
      });
  }
}

/** Without a token, there is a sec_trailer all the same ([MS-RPCE] 3.3.1.5.2.1). */
function withToken(
  answer: BindAckPdu,
  session: SecuritySession,
  token: Uint8Array | null,
): BindAckPdu {
  const verifier = session.verifier(token ?? new Uint8Array(0));
  return { ...answer, verifier };
}

function nakReason(refusal: SecurityRefusal): number {
  switch (refusal) {
    case "unknown_type":
      return nakReasons.authenticationTypeNotRecognized;
    case "congestion":
      return nakReasons.temporaryCongestion;
    default:
      return nakReasons.notSpecified;
  }
}

function refusalStatus(refusal: SecurityRefusal): number {
  switch (refusal) {
    case "unknown_type":
    case "bad_level":
    case "mismatch":
    case "finished":
    case "unavailable":
      return faults.accessDenied;
    case "other_type":
      return faults.securityPackage;
    case "unknown_context":
    case "too_many":
      return faults.protocol;
    case "congestion":
      return faults.tooBusy;
  }
}

/** The client's side of SPNEGO (RFC 4178, 3 to 5; [MS-SPNG] 3.3). */
import {
  type ClientContextRequest,
  type ClientSecurityProvider,
  SecurityError,
  type SecurityStep,
  authTypes,
} from "@msrpc/rpc";
import type { NtlmCredentials } from "../credentials/client-credentials.ts";
import type { ClientMechanism, Mechanism } from "../mechanism.ts";
import { ntlmClient } from "../ntlm/client.ts";
import { type Offer, SpnegoContext, offersOf } from "./context.ts";
import { badToken } from "./der.ts";
import {
  type NegTokenResp,
  negStates,
  readToken,
  writeInit,
  writeMechTypes,
  writeResp,
} from "./tokens.ts";

/** Negotiates one of these mechanisms, the preferred one first: its first token goes with the offer. */
export function spnegoClient(mechanisms: readonly ClientMechanism[]): ClientSecurityProvider {
  return {
    authType: authTypes.spnego,
    createContext: (request) => new SpnegoClientContext(mechanisms, request),
  };
}

/** The provider that is meant by credentials: themselves, or an account by NTLM within SPNEGO. */
export function clientSecurity(
  credentials: NtlmCredentials | ClientSecurityProvider,
): ClientSecurityProvider {
  return "createContext" in credentials ? credentials : spnegoClient([ntlmClient(credentials)]);
}

/** What stands in the way of a mechanism on our side, so that the next one is tried. */
const localFailures: ReadonlySet<string> = new Set(["no_credentials", "unavailable"]);

class SpnegoClientContext extends SpnegoContext {
  #offers: readonly Offer[];
  #mechTypeList: Uint8Array = new Uint8Array(0);
  #current: Offer | null = null;
  #isMechanismComplete = false;
  #isAnswered = false;
  /** The server took another mechanism than the one that we prefer, or asks for a signature. */
  #needsMic = false;
  #hasSentMic = false;
  #hasCheckedMic = false;

  constructor(mechanisms: readonly ClientMechanism[], request: ClientContextRequest) {
    const offers = offersOf(mechanisms, request);
    super(offers);
    this.#offers = offers;
  }

  protected override async take(token: Uint8Array | null): Promise<SecurityStep> {
    if (this.#current === null) return this.#offer(token);
    const resp = token === null ? null : readToken(token);
    if (resp?.type !== "resp") throw badToken("is no NegTokenResp");
    return this.#answer(this.#current, resp);
  }

  /** The first leg; a server that spoke first has said what it can do. */
  async #offer(hints: Uint8Array | null): Promise<SecurityStep> {
    if (hints !== null) {
      const theirs = readToken(hints);
      if (theirs.type !== "init") throw badToken("is no NegTokenInit2");
      this.#offers = this.#offers.filter(({ oid }) => theirs.mechTypes.includes(oid));
    }
    let failure: unknown = unsupported();
    while (this.#offers.length > 0) {
      const [preferred] = this.#offers;
      if (preferred === undefined) break;
      try {
        const first = await preferred.context.step(null);
        this.#begin(preferred, first.complete);
        this.#mechTypeList = writeMechTypes(this.#offers.map(({ oid }) => oid));
        return { token: writeInit(this.#mechTypeList, first.token, false), complete: false };
      } catch (error) {
        if (!(error instanceof SecurityError && localFailures.has(error.code))) throw error;
        failure = error;
        this.#offers = this.#offers.filter(({ context }) => context !== preferred.context);
      }
    }
    throw failure;
  }

  #begin(offer: Offer, isComplete: boolean): void {
    this.#current = offer;
    this.#isMechanismComplete = isComplete;
    this.choose(offer.context);
  }

  async #answer(current: Offer, resp: NegTokenResp): Promise<SecurityStep> {
    if (resp.negState === negStates.reject) {
      throw this.#isAnswered
        ? new SecurityError("logon_denied", "SPNEGO server rejects the logon")
        : unsupported();
    }
    if (resp.negState === negStates.requestMic) this.#needsMic = true;
    const isFirst = !this.#isAnswered;
    this.#isAnswered = true;
    if (isFirst) {
      const other = this.#otherMechanism(current, resp);
      if (other !== null) return this.#fallBack(other, resp);
    }
    const token = await this.#advance(current, resp);
    return this.#finish(current.context, resp, token);
  }

  /** Null where the server goes on with the mechanism that we began with. */
  #otherMechanism(current: Offer, { supportedMech, negState }: NegTokenResp): Offer | null {
    if (supportedMech === null) {
      if (negState === negStates.acceptCompleted) return null;
      throw badToken("does not say which mechanism the server takes");
    }
    const taken = this.#offers.find(({ oid }) => oid === supportedMech);
    if (taken === undefined) throw badToken("takes a mechanism that was not offered");
    return taken.context === current.context ? null : taken;
  }

  /** The token that went with the offer was for nothing. */
  async #fallBack(offer: Offer, resp: NegTokenResp): Promise<SecurityStep> {
    if (resp.responseToken !== null || resp.negState === negStates.acceptCompleted) {
      throw badToken("goes on with a mechanism that has not begun");
    }
    this.#needsMic = true;
    const first = await offer.context.step(null);
    this.#begin(offer, first.complete);
    return { token: writeResp({ responseToken: first.token }), complete: false };
  }

  async #advance({ context }: Offer, resp: NegTokenResp): Promise<Uint8Array | null> {
    if (this.#isMechanismComplete) {
      if (resp.responseToken !== null) throw badToken("goes on with a mechanism that is complete");
      return null;
    }
    if (resp.responseToken === null) throw badToken("lacks what its mechanism needs");
    const step = await context.step(resp.responseToken);
    this.#isMechanismComplete = step.complete;
    return step.token;
  }

  /** Signs the list of mechanisms once that can be done, and sees to the server's signature. */
  #finish(mechanism: Mechanism, resp: NegTokenResp, token: Uint8Array | null): SecurityStep {
    const isAccepted = resp.negState === negStates.acceptCompleted;
    if (!this.#isMechanismComplete) {
      if (isAccepted || resp.mechListMic !== null) throw badToken("ends before its mechanism does");
      return { token: writeResp({ responseToken: token }), complete: false };
    }
    if (resp.mechListMic !== null) {
      if (this.#hasCheckedMic) throw badToken("has a second mechListMIC");
      mechanism.verifyMic(this.#mechTypeList, resp.mechListMic);
      this.#hasCheckedMic = true;
      this.#needsMic = true;
    }
    if (mechanism.wantsMechListMic) this.#needsMic = true;
    const needsMic = this.#needsMic && mechanism.hasIntegrity;
    if (isAccepted) {
      if (token !== null) throw badToken("ends before its mechanism does");
      if (needsMic && !this.#hasCheckedMic) throw badToken("lacks a mechListMIC");
      return { token: null, complete: true };
    }
    const signs = needsMic && !this.#hasSentMic;
    if (token === null && !signs) throw badToken("neither goes on nor ends");
    this.#hasSentMic ||= signs;
    const mechListMic = signs ? mechanism.getMic(this.#mechTypeList) : null;
    return { token: writeResp({ responseToken: token, mechListMic }), complete: false };
  }
}

function unsupported(): SecurityError {
  return new SecurityError("unsupported", "SPNEGO peers have no mechanism in common");
}

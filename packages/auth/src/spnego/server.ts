/** The server's side of SPNEGO (RFC 4178, 3 to 5; [MS-SPNG] 3.2). */
import {
  SecurityError,
  type SecurityStep,
  type ServerContextRequest,
  type ServerSecurityProvider,
  authTypes,
} from "@msrpc/rpc";
import type { Mechanism, ServerMechanism } from "../mechanism.ts";
import { ntlmOid } from "../ntlm/context.ts";
import { signature as ntlmSignature } from "../ntlm/message-reader.ts";
import { SpnegoContext, offersOf } from "./context.ts";
import { badToken } from "./der.ts";
import {
  type NegTokenInit,
  type NegTokenResp,
  negStates,
  readToken,
  writeInit,
  writeMechTypes,
  writeResp,
} from "./tokens.ts";

/**
 * Lets clients choose one of these mechanisms; what a client prefers goes first.
 *
 * @throws TypeError for no mechanism at all
 */
export function spnegoServer(mechanisms: readonly ServerMechanism[]): ServerSecurityProvider {
  if (mechanisms.length === 0) throw new TypeError("spnegoServer needs a mechanism");
  return {
    authType: authTypes.spnego,
    createContext: (request) => new SpnegoServerContext(mechanisms, request),
  };
}

class SpnegoServerContext extends SpnegoContext {
  readonly #mechanisms: ReadonlyMap<string, Mechanism>;
  #mechTypeList: Uint8Array = new Uint8Array(0);
  #current: Mechanism | null = null;
  /** Tokens are NTLM's own, without a frame. */
  #isBare = false;
  #hasSpoken = false;
  #isMechanismComplete = false;
  #needsMic = false;
  #hasSentMic = false;

  constructor(mechanisms: readonly ServerMechanism[], request: ServerContextRequest) {
    const offers = offersOf(mechanisms, request);
    super(offers);
    this.#mechanisms = new Map(offers.map(({ oid, context }) => [oid, context]));
  }

  protected override async take(token: Uint8Array | null): Promise<SecurityStep> {
    if (token === null) return this.#speakFirst();
    if (this.#isBare && this.#current !== null) return this.#current.step(token);
    if (this.#current === null && ntlmSignature.every((octet, at) => token[at] === octet)) {
      return this.#goBare(token);
    }
    const read = readToken(token);
    if (this.#current === null) {
      if (read.type !== "init") throw badToken("is no NegTokenInit");
      return this.#begin(read);
    }
    if (read.type !== "resp") throw badToken("is no NegTokenResp");
    return this.#goOn(this.#current, read);
  }

  /** NegTokenInit2 ([MS-SPNG] 3.2.5.2). */
  #speakFirst(): SecurityStep {
    if (this.#hasSpoken || this.#current !== null) throw badToken("is missing");
    this.#hasSpoken = true;
    const list = writeMechTypes([...this.#mechanisms.keys()]);
    return { token: writeInit(list, null, true), complete: false };
  }

  /** Windows clients may leave the frame out where NTLM is all they can do ([MS-SPNG] appendix A, 8). */
  async #goBare(token: Uint8Array): Promise<SecurityStep> {
    const ntlm = this.#mechanisms.get(ntlmOid);
    if (ntlm === undefined) throw unsupported();
    this.#isBare = true;
    this.#current = ntlm;
    this.choose(ntlm);
    return ntlm.step(token);
  }

  async #begin(init: NegTokenInit): Promise<SecurityStep> {
    this.#mechTypeList = init.mechTypeList;
    const supportedMech = init.mechTypes.find((oid) => this.#mechanisms.has(oid));
    const chosen = supportedMech === undefined ? undefined : this.#mechanisms.get(supportedMech);
    if (supportedMech === undefined || chosen === undefined) throw unsupported();
    this.#current = chosen;
    this.choose(chosen);
    const isPreferred = supportedMech === init.mechTypes[0];
    if (isPreferred && init.mechToken !== null) {
      return this.#advance(chosen, init.mechToken, init.mechListMic, supportedMech);
    }
    // Somebody may have taken the mechanism that the client prefers out of its list.
    this.#needsMic = !isPreferred;
    const negState = isPreferred ? negStates.acceptIncomplete : negStates.requestMic;
    return { token: writeResp({ negState, supportedMech }), complete: false };
  }

  async #goOn(current: Mechanism, resp: NegTokenResp): Promise<SecurityStep> {
    if (resp.negState === negStates.reject) {
      throw new SecurityError("logon_denied", "SPNEGO client rejects the logon");
    }
    if (!this.#isMechanismComplete) {
      if (resp.responseToken === null) throw badToken("lacks what its mechanism needs");
      return this.#advance(current, resp.responseToken, resp.mechListMic, null);
    }
    if (resp.responseToken !== null) throw badToken("goes on with a mechanism that is complete");
    return this.#finish(current, null, resp.mechListMic, null);
  }

  async #advance(
    current: Mechanism,
    token: Uint8Array,
    mechListMic: Uint8Array | null,
    supportedMech: string | null,
  ): Promise<SecurityStep> {
    const step = await current.step(token);
    this.#isMechanismComplete = step.complete;
    if (step.complete) return this.#finish(current, step.token, mechListMic, supportedMech);
    if (mechListMic !== null) throw badToken("has a mechListMIC before its mechanism is complete");
    const negState = negStates.acceptIncomplete;
    const resp = writeResp({ negState, supportedMech, responseToken: step.token });
    return { token: resp, complete: false };
  }

  /** Sees to the client's signature of the list of mechanisms, and gives ours. */
  #finish(
    current: Mechanism,
    responseToken: Uint8Array | null,
    theirs: Uint8Array | null,
    supportedMech: string | null,
  ): SecurityStep {
    if (theirs !== null) {
      current.verifyMic(this.#mechTypeList, theirs);
    } else if (this.#hasSentMic) {
      throw badToken("lacks a mechListMIC");
    }
    const isNeeded = current.hasIntegrity && (this.#needsMic || current.wantsMechListMic);
    const signs = !this.#hasSentMic && (isNeeded || theirs !== null);
    this.#hasSentMic ||= signs;
    const complete = theirs !== null || !isNeeded;
    const resp = writeResp({
      negState: complete ? negStates.acceptCompleted : negStates.acceptIncomplete,
      supportedMech,
      responseToken,
      mechListMic: signs ? current.getMic(this.#mechTypeList) : null,
    });
    return { token: resp, complete };
  }
}

function unsupported(): SecurityError {
  return new SecurityError("unsupported", "SPNEGO peers have no mechanism in common");
}

/** What both sides of an NTLM exchange are: turns, then a session that protects PDUs. */
import { type Principal, type ProtectedPdu, SecurityError, type SecurityStep } from "@msrpc/rpc";
import type { Mechanism } from "../mechanism.ts";
import { flags, has } from "./flags.ts";
import { LegacySession } from "./legacy-session.ts";
import {
  ExtendedSession,
  type NtlmSession,
  type Range,
  UnprotectedSession,
  badSignature,
  signatureLength,
} from "./session.ts";
import type { Side } from "./session-keys.ts";

/** NTLMSSP's object identifier. */
export const ntlmOid = "1.3.6.1.4.1.311.2.2.10";

/** NTLM v2, and what is only to be had by name: a v1 or LM response, sessions without extended security. */
export type NtlmVersion = "v2" | "v1" | "lm";

/** Octets of the longest token: what Windows allows for. */
const longestToken = 2888;

export abstract class NtlmContext implements Mechanism {
  readonly supportsHeaderSigning: boolean = true;
  readonly #side: Side;
  #session: NtlmSession | null = null;
  #sessionKey: Uint8Array | null = null;
  #peer: Principal | null = null;
  #hasIntegrity = false;
  #wantsMechListMic = false;
  #isBusy = false;
  #isFailed = false;

  constructor(side: Side) {
    this.#side = side;
  }

  /** Takes the peer's token, in its turn. */
  protected abstract take(token: Uint8Array | null): SecurityStep | Promise<SecurityStep>;

  async step(token: Uint8Array | null): Promise<SecurityStep> {
    if (this.#isFailed || this.#isBusy || this.#session !== null) throw outOfTurn();
    this.#isBusy = true;
    try {
      if (token !== null && token.length > longestToken) {
        throw new SecurityError("bad_token", `an NTLM token of ${token.length} octets`);
      }
      return await this.take(token);
    } catch (error) {
      this.#isFailed = true;
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  get peer(): Principal | null {
    return this.#peer;
  }

  get sessionKey(): Uint8Array | null {
    return this.#sessionKey;
  }

  get hasIntegrity(): boolean {
    return this.#hasIntegrity;
  }

  get wantsMechListMic(): boolean {
    return this.#wantsMechListMic;
  }

  signatureLength(): number {
    return signatureLength;
  }

  sign(pdu: ProtectedPdu): Uint8Array {
    return this.#use().sign(pdu.octets, bodyOf(pdu));
  }

  seal(pdu: ProtectedPdu): Uint8Array {
    return this.#use().seal(pdu.octets, bodyOf(pdu));
  }

  verify(pdu: ProtectedPdu, token: Uint8Array): void {
    this.#guard((session) => session.verify(pdu.octets, bodyOf(pdu), token));
  }

  unseal(pdu: ProtectedPdu, token: Uint8Array): void {
    this.#guard((session) => session.unseal(pdu.octets, bodyOf(pdu), token));
  }

  /** [MS-SPNG] 3.2.5.1: the cipher is then as if there had been no signature; sequence numbers go on. */
  getMic(message: Uint8Array): Uint8Array {
    const session = this.#use();
    const mic = session.sign(message, { start: 0, end: message.length });
    session.resetCipher();
    return mic;
  }

  verifyMic(message: Uint8Array, mic: Uint8Array): void {
    this.#guard((session) => session.verify(message, { start: 0, end: message.length }, mic));
    this.#use().resetCipher();
  }

  dispose(): void {
    this.#session = null;
    this.#sessionKey = null;
    this.#isFailed = true;
  }

  /** Begins the session: the exchange is complete. */
  protected establish(
    negotiated: number,
    sessionKey: Uint8Array,
    peer: Principal | null,
    hasMic: boolean,
  ): void {
    const isProtected = has(negotiated, flags.sign) || has(negotiated, flags.seal);
    this.#session = isProtected
      ? protectedBy(negotiated, sessionKey, this.#side)
      : new UnprotectedSession();
    this.#sessionKey = Uint8Array.from(sessionKey);
    this.#peer = peer;
    this.#hasIntegrity = isProtected;
    this.#wantsMechListMic = isProtected && hasMic;
  }

  #use(): NtlmSession {
    if (this.#session === null || this.#isFailed) throw badSignature("is asked of no session");
    return this.#session;
  }

  /** A message that does not fit is the last: what came after it can't be told from what was lost. */
  #guard(check: (session: NtlmSession) => void): void {
    const session = this.#use();
    try {
      check(session);
    } catch (error) {
      this.#isFailed = true;
      throw error;
    }
  }
}

export function outOfTurn(): SecurityError {
  return new SecurityError("bad_token", "NTLM token out of turn");
}

function protectedBy(negotiated: number, sessionKey: Uint8Array, side: Side): NtlmSession {
  return has(negotiated, flags.extendedSecurity)
    ? new ExtendedSession(negotiated, sessionKey, side)
    : new LegacySession(negotiated, sessionKey);
}

function bodyOf({ bodyStart, bodyEnd }: ProtectedPdu): Range {
  return { start: bodyStart, end: bodyEnd };
}

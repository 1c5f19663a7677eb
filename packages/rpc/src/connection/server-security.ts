/** The security contexts of a server's connection ([MS-RPCE] 3.3.1.5.2, 3.3.1.5.4). */
import { pduFlags, type Verifier } from "../pdu/index.ts";
import {
  type AuthLevel,
  authLevels,
  type ContextRequest,
  type SecurityContext,
  type SecurityStep,
} from "../security.ts";
import type { Debts } from "./debts.ts";
import { SecuritySession } from "./security-session.ts";
import type { ServerHost } from "./server-host.ts";

/** Why a verifier is not taken. */
export type SecurityRefusal =
  /** No provider has this auth_type. */
  | "unknown_type"
  /** No auth_level that a context can have. */
  | "bad_level"
  /** The context has another auth_type. */
  | "other_type"
  /** The context has another auth_level, or has failed. */
  | "mismatch"
  /** There is no such context. */
  | "unknown_context"
  /** The connection has as many contexts as it may have. */
  | "too_many"
  /** The server has. */
  | "congestion"
  /** The provider can make none. */
  | "unavailable"
  /** The context is complete. */
  | "finished";

const levelNames: Readonly<Record<number, ContextRequest["level"]>> = {
  2: "connect",
  3: "packet",
  4: "packet",
  5: "integrity",
  6: "privacy",
};

/** The name of an auth_level that PDUs of calls carry. */
export function levelName(level: number): AuthLevel {
  return levelNames[level] ?? "none";
}

export class ServerSecurity {
  readonly #host: ServerHost;
  readonly #address: string;
  readonly #debts: Debts;
  readonly #sessions = new Map<number, SecuritySession>();
  #complete = 0;
  #isDisposed = false;
  #signsHeaders = false;

  /** `address` is the client's. */
  constructor(host: ServerHost, debts: Debts, address: string) {
    this.#address = address;
    this.#host = host;
    this.#debts = debts;
  }

  /** The client has said that it can sign headers. */
  get signsHeaders(): boolean {
    return this.#signsHeaders;
  }

  /** Somebody has logged on, and not as nobody. */
  get isKnown(): boolean {
    for (const { complete, context } of this.#sessions.values()) {
      if (complete && context.peer?.anonymous === false) return true;
    }
    return false;
  }

  /** Flags of a bind or alter_context. A client may offer to sign headers at any of them, and for good. */
  takeFlags(flags: number): void {
    if (this.#signsHeaders || (flags & pduFlags.headerSign) === 0) return;
    this.#signsHeaders = true;
    for (const session of this.#sessions.values()) session.signHeader = session.canSignHeader;
  }

  /** The session that a bind, alter_context or auth3 goes on with; bind and alter_context may start one. */
  find(verifier: Verifier, mayStart: boolean): SecuritySession | SecurityRefusal {
    const known = this.#sessions.get(verifier.contextId);
    if (known !== undefined) {
      if (known.complete) return "finished";
      if (known.type !== verifier.type) return "other_type";
      return known.invalid || !known.matches(verifier) ? "mismatch" : known;
    }
    if (!mayStart) return "unknown_context";
    const level = levelNames[verifier.level];
    if (level === undefined) return "bad_level";
    const { security, limits, securityContexts } = this.#host;
    const provider = security.find(({ authType }) => authType === verifier.type);
    if (provider === undefined) return "unknown_type";
    const { size } = this.#sessions;
    // One that has failed is as little worth as one that is not complete yet.
    const tooMany = size - this.#complete >= limits.maxLogons;
    if (tooMany || size >= limits.maxSecurityContexts) return "too_many";
    if (securityContexts.complete >= limits.maxSecurityContextsOfServer) return "congestion";
    let context: SecurityContext;
    try {
      context = provider.createContext({ level, address: this.#address });
    } catch (error) {
      this.#host.onError(error);
      return "unavailable";
    }
    const { type, level: authLevel, contextId } = verifier;
    const session = new SecuritySession(context, type, authLevel, contextId);
    session.signHeader = this.#signsHeaders && session.canSignHeader;
    this.#sessions.set(contextId, session);
    this.#debts.owe(session);
    return session;
  }

  /** Takes a token. A refusal leaves the session invalid. */
  async step(session: SecuritySession, token: Uint8Array): Promise<SecurityStep> {
    try {
      const step = await session.context.step(token);
      if (step.complete) this.#completed(session);
      return step;
    } catch (error) {
      session.invalid = true;
      this.#debts.paid(session);
      throw error;
    }
  }

  /** The session of a request; null where it goes without. */
  ofRequest(verifier: Verifier | null): SecuritySession | null | SecurityRefusal {
    if (verifier !== null) {
      const session = this.#sessions.get(verifier.contextId);
      if (session === undefined) return "unknown_context";
      return session.matches(verifier) ? session : "mismatch";
    }
    // The only context, at connect level, is meant by PDUs without verifier.
    const [only] = this.#sessions.values();
    const { connect } = authLevels;
    return this.#sessions.size === 1 && only?.level === connect ? only : null;
  }

  dispose(): void {
    for (const { context } of this.#sessions.values()) context.dispose?.();
    this.#host.securityContexts.complete -= this.#complete;
    this.#complete = 0;
    this.#isDisposed = true;
    this.#sessions.clear();
  }

  #completed(session: SecuritySession): void {
    session.complete = true;
    this.#debts.paid(session);
    // The connection may have ended meanwhile.
    if (this.#isDisposed) return;
    this.#complete++;
    this.#host.securityContexts.complete++;
  }
}

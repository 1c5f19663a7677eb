/** The security contexts of a server's connection ([MS-RPCE] 3.3.1.5.2, 3.3.1.5.4). */
import { pduFlags, type Verifier } from "../pdu/index.ts";
import {
  type AuthLevel,
  authLevels,
  type ContextRequest,
  type SecurityStep,
  type ServerSecurityProvider,
} from "../security.ts";
import { SecuritySession } from "./security-session.ts";

/** Why a verifier is not taken. */
export type SecurityRefusal = "unknown_type" | "mismatch" | "too_many" | "finished";

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
  readonly #providers: readonly ServerSecurityProvider[];
  readonly #limit: number;
  readonly #sessions = new Map<number, SecuritySession>();
  /** Null until the first verifier settles it. */
  #signHeader: boolean | null = null;

  constructor(providers: readonly ServerSecurityProvider[], limit: number) {
    this.#providers = providers;
    this.#limit = limit;
  }

  /** Headers are signed on this connection. */
  get signsHeaders(): boolean {
    return this.#signHeader === true;
  }

  /** The session that a bind, alter_context or auth3 goes on with; bind and alter_context may start one. */
  find(verifier: Verifier, flags: number, mayStart: boolean): SecuritySession | SecurityRefusal {
    const known = this.#sessions.get(verifier.contextId);
    if (known !== undefined) {
      if (!known.matches(verifier)) return "mismatch";
      return known.complete || known.invalid ? "finished" : known;
    }
    if (!mayStart) return "mismatch";
    const provider = this.#providers.find(({ authType }) => authType === verifier.type);
    const level = levelNames[verifier.level];
    if (provider === undefined || level === undefined) return "unknown_type";
    if (this.#sessions.size >= this.#limit) return "too_many";
    const context = provider.createContext({ level });
    const { type, level: authLevel, contextId } = verifier;
    const session = new SecuritySession(context, type, authLevel, contextId);
    this.#signHeader ??= (flags & pduFlags.headerSign) !== 0 && context.supportsHeaderSigning;
    session.signHeader = this.#signHeader;
    this.#sessions.set(contextId, session);
    return session;
  }

  /** Takes a token. A refusal leaves the session invalid. */
  async step(session: SecuritySession, token: Uint8Array): Promise<SecurityStep> {
    try {
      const step = await session.context.step(token);
      session.complete = step.complete;
      return step;
    } catch (error) {
      session.invalid = true;
      throw error;
    }
  }

  /** The session of a request; null where it goes without. */
  ofRequest(verifier: Verifier | null): SecuritySession | null | SecurityRefusal {
    if (verifier !== null) {
      const session = this.#sessions.get(verifier.contextId);
      return session?.matches(verifier) === true ? session : "mismatch";
    }
    // The only context, at connect level, is meant by PDUs without verifier.
    const [only] = this.#sessions.values();
    const { connect } = authLevels;
    return this.#sessions.size === 1 && only?.level === connect ? only : null;
  }

  dispose(): void {
    for (const { context } of this.#sessions.values()) context.dispose?.();
    this.#sessions.clear();
  }
}

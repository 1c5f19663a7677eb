/** A client's side of building a security context ([MS-RPCE] 3.3.1.5.2.1). */
import { type BindAckPdu, pduFlags, type Verifier } from "../pdu/index.ts";
import { type AuthLevel, authLevels, type ClientSecurityProvider } from "../security.ts";
import { SecuritySession } from "./security-session.ts";
import { TransportError } from "../transport-error.ts";

/** The only security context of a connection has this auth_context_id. */
const contextId = 1;

/** What comes after an answer: another leg with or without an answer of its own, or nothing. */
export type NextLeg = { readonly verifier: Verifier; readonly answered: boolean } | null;

export class ClientSecurity {
  readonly session: SecuritySession;

  /** Null where nothing is to be authenticated. */
  static create(
    provider: ClientSecurityProvider | undefined,
    level: AuthLevel,
    host: string,
  ): ClientSecurity | null {
    if (provider === undefined || level === "none") return null;
    const effective = level === "call" ? "packet" : level;
    const context = provider.createContext({ level: effective, host });
    const { authType } = provider;
    return new ClientSecurity(
      new SecuritySession(context, authType, authLevels[effective], contextId),
    );
  }

  constructor(session: SecuritySession) {
    this.session = session;
  }

  /** Flags of the PDUs that carry tokens: header signing is offered where it would be used. */
  get flags(): number {
    const { level, context } = this.session;
    const offered = level >= authLevels.integrity && context.supportsHeaderSigning;
    return offered ? pduFlags.headerSign : 0;
  }

  async start(): Promise<Verifier> {
    const { token, complete } = await this.session.context.step(null);
    this.session.complete = complete;
    if (token === null) throw new TransportError("security", "the mechanism gave no first token");
    return this.session.verifier(token);
  }

  /** @throws TransportError security where the server's token is missing or comes from another context */
  async next(answer: BindAckPdu, isFirst: boolean): Promise<NextLeg> {
    const { session } = this;
    if (isFirst) session.signHeader = (answer.flags & this.flags) !== 0;
    if (session.complete) return null;
    const { verifier } = answer;
    if (verifier === null || verifier.contextId !== contextId || verifier.type !== session.type) {
      throw new TransportError("security", "the server's answer has no token");
    }
    const { token, complete } = await session.context.step(verifier.token);
    session.complete = complete;
    if (token === null) {
      if (!complete) throw new TransportError("security", "the mechanism gave no further token");
      return null;
    }
    return { verifier: session.verifier(token), answered: !complete };
  }
}

/** A client's side of building a security context ([MS-RPCE] 3.3.1.5.2.1). */
import { type BindAckPdu, pduFlags, type Verifier } from "../pdu/index.ts";
import { authLevels } from "../security.ts";
import { TransportError } from "../transport-error.ts";
import type { ClientIdentity } from "./client-identity.ts";
import { SecuritySession } from "./security-session.ts";

/** What comes after an answer: another leg with or without an answer of its own, or nothing. */
export type NextLeg = { readonly verifier: Verifier; readonly answered: boolean } | null;

export class ClientSecurity {
  readonly session: SecuritySession;

  /** `contextId` is the auth_context_id. */
  constructor({ provider, request }: ClientIdentity, contextId: number) {
    const context = provider.createContext(request);
    const level = authLevels[request.level];
    this.session = new SecuritySession(context, provider.authType, level, contextId);
  }

  /** Flags of the PDUs that carry tokens. */
  get flags(): number {
    return this.session.offersHeaderSigning ? pduFlags.headerSign : 0;
  }

  async start(): Promise<Verifier> {
    const { token, complete } = await this.session.context.step(null);
    this.session.complete = complete;
    if (token === null) throw new TransportError("security", "the mechanism gave no first token");
    return this.session.verifier(token);
  }

  /** @throws TransportError security where the server's token is missing or comes from another context */
  async next({ verifier }: BindAckPdu): Promise<NextLeg> {
    const { session } = this;
    if (session.complete) return null;
    if (verifier?.contextId !== session.contextId || verifier.type !== session.type) {
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

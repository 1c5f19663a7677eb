/** The security contexts of a client's connection ([MS-RPCE] 3.3.1.5.4). */
import type { Verifier } from "../pdu/index.ts";
import { authLevels } from "../security.ts";
import { TransportError } from "../transport-error.ts";
import type { ClientIdentity } from "./client-identity.ts";
import { ClientSecurity } from "./client-security.ts";
import type { SecuritySession } from "./security-session.ts";

/** As many as a Windows client builds on one connection ([MS-RPCE] 3.3.1.5.4). */
const maxSessions = 1000;

export class ClientSessions {
  /** Whose the connection is: who was first on it. Undefined before. */
  #owner: ClientIdentity | null | undefined;
  readonly #sessions = new Map<ClientIdentity, SecuritySession>();
  readonly #byId = new Map<number, SecuritySession>();
  #lastId = 0;
  #disposed = false;
  /** Headers are signed on this connection; null until the first context settles it. */
  #signsHeaders: boolean | null = null;

  /**
   * Whether calls of an identity may go over the connection, `shared` saying that the server takes several
   * contexts on it. Calls without authentication never go beside others, as a server may take them for calls
   * of the only context; and what is signed does not follow a level for which no header signing is offered.
   */
  accepts(identity: ClientIdentity | null, shared: boolean): boolean {
    const owner = this.#owner;
    if (owner === undefined || owner === identity) return true;
    if (!shared || owner === null || identity === null) return false;
    if (this.#sessions.has(identity)) return true;
    if (this.#lastId >= maxSessions) return false;
    const { integrity } = authLevels;
    const isSigned = authLevels[identity.request.level] >= integrity;
    return !isSigned || authLevels[owner.request.level] >= integrity;
  }

  /** Who comes first has the connection. */
  claim(identity: ClientIdentity | null): void {
    if (this.#owner === undefined) this.#owner = identity;
  }

  /** The session of an identity that is complete. */
  of(identity: ClientIdentity): SecuritySession | undefined {
    return this.#sessions.get(identity);
  }

  /** Starts one, whose first token is about to be sent. */
  open(identity: ClientIdentity): ClientSecurity {
    return new ClientSecurity(identity, ++this.#lastId);
  }

  /**
   * From now on there is this one, too, at the server.
   *
   * @throws TransportError closed where the connection ended meanwhile; security where headers are signed on this
   * connection and its mechanism can't
   */
  add({ session }: ClientSecurity): void {
    if (this.#disposed) throw new TransportError("closed", "the connection has ended");
    if (this.#signsHeaders === true && !session.context.supportsHeaderSigning) {
      throw new TransportError(
        "security",
        "the mechanism can't sign headers, as this connection does",
      );
    }
    this.#byId.set(session.contextId, session);
    if (this.#byId.size < 2) return;
    for (const one of this.#byId.values()) one.isNamed = true;
  }

  /** Whether headers are signed is settled by the first context of a connection. */
  settleHeaders({ session, flags }: ClientSecurity, answerFlags: number): void {
    this.#signsHeaders ??= (answerFlags & flags) !== 0;
    session.signHeader = this.#signsHeaders;
  }

  completed(identity: ClientIdentity, { session }: ClientSecurity): void {
    this.#sessions.set(identity, session);
  }

  /** The session that a verifier names; null where it isn't there or not of that kind. */
  named(verifier: Verifier): SecuritySession | null {
    const session = this.#byId.get(verifier.contextId);
    return session?.complete === true && session.matches(verifier) ? session : null;
  }

  dispose(): void {
    this.#disposed = true;
    for (const { context } of this.#byId.values()) context.dispose?.();
    this.#byId.clear();
  }
}

/** A client's connections to one server: an association group, whose context handles are valid on all of them. */
import type { TransferSyntax } from "@msrpc/ndr";
import type { InterfaceId } from "../transport.ts";
import { TransportError, unsent } from "../transport-error.ts";
import type { ClientConnection } from "./client-connection.ts";
import { type ClientContext, interfaceKey } from "./client-context.ts";
import type { ClientIdentity } from "./client-identity.ts";
import { IdleConnections } from "./idle-connections.ts";

export interface GroupSettings {
  /** Connections for an identity, at the most. */
  readonly max: number;
  /** Milliseconds after which a connection without calls ends, unless it is the last. */
  readonly idleTime: number;
  /** Transfer syntaxes to offer, the preferred one first. */
  readonly syntaxes: readonly TransferSyntax[];
  /** Opens a connection that is to join a group, or to make one where the id is 0. */
  readonly connect: (groupId: number) => Promise<ClientConnection>;
  /** Called once, when nothing can be called over the group any more. */
  readonly onEnd: () => void;
}

/** A connection with what calls go by on it. */
export interface Reached {
  readonly connection: ClientConnection;
  readonly context: ClientContext;
}

/** Milliseconds without a further attempt after a server refused another connection. */
const refusalTime = 10_000;

export class ConnectionGroup {
  readonly #settings: GroupSettings;
  readonly #members = new Set<ClientConnection>();
  /** Connections that the server has not taken into the group yet. */
  readonly #candidates = new Set<ClientConnection>();
  readonly #idle: IdleConnections;
  /** Connections being made, by identity. */
  readonly #joining = new Map<ClientIdentity | null, Set<Promise<Reached>>>();
  /** What the server has agreed to: stubs are the same on all connections. */
  readonly #syntaxes = new Map<string, TransferSyntax>();
  readonly #listeners = new Set<(failure: TransportError) => void>();
  /** Ends when the first connection is there, or isn't to be had. */
  #first: Promise<unknown> | null = null;
  #id = 0;
  #failure: TransportError | null = null;
  #refusedUntil = 0;
  #users = 0;

  constructor(settings: GroupSettings) {
    this.#settings = settings;
    this.#idle = new IdleConnections(this.#members, settings.idleTime);
  }

  /** Takes no further calls: it has ended, or the server has asked to. */
  get isClosed(): boolean {
    if (this.#failure !== null) return true;
    if (this.#members.size === 0) return false;
    for (const member of this.#members) if (!member.isClosed || member.isExhausted) return false;
    return true;
  }

  /** Whoever enters has to leave. */
  enter(): void {
    this.#users++;
  }

  /** With the last of its users its connections end. */
  leave(): void {
    this.#users--;
    if (this.#users === 0) this.close();
  }

  /** Ends its connections. Calls under way fail. */
  close(): void {
    this.#listeners.clear();
    this.#end(new TransportError("closed", "the connection was closed"));
    for (const member of this.#members) member.close();
  }

  /** Has a function called when the group ends by itself. Calling the result ends that. */
  onEnd(listener: (failure: TransportError) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The connection with the fewest calls among those that take calls of an identity; null where none does. */
  pick(identity: ClientIdentity | null): ClientConnection | null {
    let best: ClientConnection | null = null;
    for (const member of this.#members) {
      if (member.isClosed || !member.accepts(identity)) continue;
      if (best === null || member.load < best.load) best = member;
    }
    return best;
  }

  /** Whether a call that finds this connection the least busy had better have another one. */
  isCrowded(best: ClientConnection, identity: ClientIdentity | null): boolean {
    const { max } = this.#settings;
    if (max === 1 || best.load === 0 || this.#id === 0) return false;
    if (Date.now() < this.#refusedUntil) return false;
    let count = this.#joining.get(identity)?.size ?? 0;
    for (const member of this.#members) {
      if (!member.isClosed && member.accepts(identity)) count++;
    }
    return count < max;
  }

  /**
   * A connection for a call to an interface under an identity.
   *
   * @throws RpcFault nca_s_unk_if where the server doesn't offer it; TransportError
   */
  async reach(target: InterfaceId, identity: ClientIdentity | null): Promise<Reached> {
    if (this.#first === null) {
      const opened = this.#open(target, identity);
      this.#first = opened.catch(() => {});
      return await opened;
    }
    await this.#first;
    for (;;) {
      if (this.#failure !== null) throw unsent(this.#failure);
      const best = this.pick(identity);
      if (best === null) {
        // One connection will do for all who wait for it, and one failure too.
        const [joined] = this.#joining.get(identity) ?? [];
        if (joined === undefined) return await this.#join(target, identity);
        await joined;
        continue;
      }
      if (!this.isCrowded(best, identity)) return await this.#on(best, target, identity);
      const joined = this.#join(target, identity);
      try {
        // Where calls may overlap, this one needn't wait for the connection that those after it will have.
        if (best.isMultiplexed) joined.catch(() => {});
        else return await joined;
      } catch (error) {
        if (best.isClosed) throw error;
      }
      return await this.#on(best, target, identity);
    }
  }

  async #on(
    connection: ClientConnection,
    target: InterfaceId,
    identity: ClientIdentity | null,
  ): Promise<Reached> {
    const key = interfaceKey(target);
    const agreed = this.#syntaxes.get(key);
    const offered = agreed === undefined ? this.#settings.syntaxes : [agreed];
    const context = await connection.context(target, identity, offered);
    this.#syntaxes.set(key, context.syntax);
    return { connection, context };
  }

  async #open(target: InterfaceId, identity: ClientIdentity | null): Promise<Reached> {
    let connection: ClientConnection;
    try {
      connection = await this.#settings.connect(0);
    } catch (error) {
      this.#end(error instanceof TransportError ? error : unopened(error));
      throw error;
    }
    this.#add(connection);
    try {
      return await this.#on(connection, target, identity);
    } finally {
      this.#id = connection.groupId;
    }
  }

  #join(target: InterfaceId, identity: ClientIdentity | null): Promise<Reached> {
    const joining = this.#joining.get(identity) ?? new Set<Promise<Reached>>();
    this.#joining.set(identity, joining);
    const joined = this.#connectAnother(target, identity);
    joining.add(joined);
    return joined.finally(() => {
      joining.delete(joined);
      if (joining.size === 0) this.#joining.delete(identity);
    });
  }

  /** A further connection, once the server has taken it into the group. */
  async #connectAnother(target: InterfaceId, identity: ClientIdentity | null): Promise<Reached> {
    let connection: ClientConnection | null = null;
    try {
      connection = await this.#settings.connect(this.#id);
      if (this.#failure !== null) throw unsent(this.#failure);
      this.#candidates.add(connection);
      const reached = await this.#on(connection, target, identity);
      if (connection.groupId !== this.#id || this.#id === 0) {
        throw new TransportError("refused", "the server doesn't let connections share handles");
      }
      if (this.#failure !== null) throw unsent(this.#failure);
      this.#add(connection);
      for (const member of this.#members) if (member.isExhausted) member.closeWhenIdle();
      return reached;
    } catch (error) {
      connection?.close();
      this.#refusedUntil = Date.now() + refusalTime;
      throw error;
    } finally {
      if (connection !== null) this.#candidates.delete(connection);
    }
  }

  #add(connection: ClientConnection): void {
    // Whoever gave it up while it was being made.
    if (this.#failure !== null) return connection.close();
    this.#members.add(connection);
    this.#idle.watch();
    connection.onEnd((failure) => {
      this.#members.delete(connection);
      if (this.#members.size === 0) this.#end(failure);
    });
  }

  #end(failure: TransportError): void {
    if (this.#failure !== null) return;
    this.#failure = failure;
    this.#idle.stop();
    for (const candidate of this.#candidates) candidate.close();
    this.#settings.onEnd();
    for (const listener of this.#listeners) listener(failure);
    this.#listeners.clear();
  }
}

/** What stood in the way of a connection and is none of its errors. */
function unopened(cause: unknown): TransportError {
  return new TransportError("unreachable", "no connection could be made", { cause });
}

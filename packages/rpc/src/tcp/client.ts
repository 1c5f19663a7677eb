/** Clients over TCP and Unix sockets: one connection for all interfaces, or a few, made at the first need. */
import { ClientConnection } from "../connection/client-connection.ts";
import { interfaceKey } from "../connection/client-context.ts";
import { checkOptions, type Kinds, kinds, withDefaultLimits } from "../check-options.ts";
import { type ClientIdentity, identityOf } from "../connection/client-identity.ts";
import {
  connectionKinds,
  type ConnectionOptions,
  type ConnectionsOptions,
  defaultClientLimits,
  type IdentityOptions,
  identityKinds,
} from "../connection/client-options.ts";
import { ConnectionGroup } from "../connection/connection-group.ts";
import { GroupAssociation } from "../connection/group-association.ts";
import { parseBinding, type StringBinding } from "../string-binding.ts";
import type { Association, InterfaceId, Transport, TransportCallOptions } from "../transport.ts";
import { TransportError, unsent } from "../transport-error.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { withBindingOptions } from "./binding-options.ts";
import { LentReads } from "./lent-reads.ts";
import { openSocket } from "./open-socket.ts";
import { SocketChannel } from "./socket-channel.ts";

export interface TcpOptions extends ConnectionOptions {
  /** Milliseconds to wait for a connection. Default: 15,000. */
  readonly connectTimeout?: number;
  /** How many connections there may be. Default: one. */
  readonly connections?: ConnectionsOptions;
  /**
   * Finds the port of an interface where the binding names none: asks an endpoint mapper. Of several, the first
   * that can be connected to is taken. `@msrpc/services` has one.
   */
  readonly resolveEndpoint?: (
    binding: StringBinding,
    target: InterfaceId,
  ) => Promise<string | readonly string[]>;
}

const tcpKinds: Kinds<TcpOptions> = {
  ...connectionKinds,
  connectTimeout: kinds.number,
  connections: kinds.object,
  resolveEndpoint: kinds.callback,
};

const connectionsKinds: Kinds<ConnectionsOptions> = { max: kinds.number, idleTime: kinds.number };

/** Of options that hold others as well, those that `tcpTransport` takes: it refuses what it doesn't know. */
export function tcpOptionsOf(options: TcpOptions): TcpOptions {
  const entries = Object.entries(options);
  return Object.fromEntries(entries.filter(([name]) => Object.hasOwn(tcpKinds, name)));
}

/** A transport with connections that its clients share. Disposing it ends them, and it makes no others. */
export interface TcpTransport extends Transport, AsyncDisposable {
  readonly binding: StringBinding;
  /**
   * A transport over the same connections, with other credentials or another level: what isn't given is as with
   * this one. Where the server doesn't take several security contexts on a connection, and for calls without
   * authentication, there is a connection more, of the same association group.
   *
   * @throws TypeError where a level is asked for, and there are no credentials
   */
  as(identity: IdentityOptions): Transport;
}

/**
 * A transport to the server that a string binding names: `ncacn_ip_tcp:host[port,option...]` or
 * `ncacn_unix_stream:[/path]`. Connections end with the last of its clients, and a client that is used
 * after its connection broke makes a new one.
 *
 * @throws SyntaxError for what is no binding; TypeError for options that can't be followed, as a level without credentials
 */
export function tcpTransport(binding: string, options: TcpOptions = {}): TcpTransport {
  return new SocketTransport(parseBinding(binding), options);
}

class SocketTransport implements TcpTransport {
  readonly binding: StringBinding;
  readonly #options: TcpOptions;
  readonly #connectionOptions: ConnectionOptions;
  readonly #identity: ClientIdentity | null;
  readonly #max: number;
  readonly #groups = new Set<ConnectionGroup>();
  /** Where the binding names no port, each interface may have its own. */
  readonly #groupsOf = new Map<string, Promise<ConnectionGroup>>();
  #isDisposed = false;
  readonly #endpointsOf = new WeakMap<ConnectionGroup, readonly string[]>();

  constructor(binding: StringBinding, options: TcpOptions) {
    checkOptions("client options", options, tcpKinds);
    checkOptions("connections of a client", options.connections ?? {}, connectionsKinds);
    withDefaultLimits("client limits", options.limits, defaultClientLimits);
    const { max = 1 } = options.connections ?? {};
    if (!(max >= 1)) throw new TypeError(`${max} connections are none`);
    this.binding = binding;
    this.#options = options;
    this.#connectionOptions = withBindingOptions(binding, options);
    this.#identity = identityOf(this.#connectionOptions, binding.host);
    this.#max = max;
  }

  associate(target: InterfaceId, options: TransportCallOptions = {}): Promise<Association> {
    return this.#associate(target, this.#identity, options);
  }

  as(options: IdentityOptions): Transport {
    checkOptions("identity of a client", options, identityKinds);
    const all = { ...this.#connectionOptions, ...options };
    const identity = identityOf(all, this.binding.host);
    return {
      associate: (target, callOptions = {}) => this.#associate(target, identity, callOptions),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    for (const group of this.#groups) group.close();
  }

  async #associate(
    target: InterfaceId,
    identity: ClientIdentity | null,
    { signal }: TransportCallOptions,
  ): Promise<Association> {
    signal?.throwIfAborted();
    const group = await unlessAborted(this.#groupFor(target), signal);
    group.enter();
    try {
      const reached = await unlessAborted(group.reach(target, identity), signal);
      const { byteOrder = "little" } = this.#connectionOptions;
      return new GroupAssociation(group, target, identity, reached, byteOrder);
    } catch (error) {
      group.leave();
      throw error instanceof TransportError ? unsent(error) : error;
    }
  }

  /** The association group for an interface: there is one for each endpoint. */
  async #groupFor(target: InterfaceId): Promise<ConnectionGroup> {
    const key = this.binding.endpoint === null ? interfaceKey(target) : "";
    for (;;) {
      const finding = this.#groupsOf.get(key) ?? this.#findGroup(target);
      this.#groupsOf.set(key, finding);
      try {
        const group = await finding;
        if (!group.isClosed) return group;
      } catch (error) {
        if (this.#groupsOf.get(key) === finding) this.#groupsOf.delete(key);
        throw error;
      }
      if (this.#groupsOf.get(key) === finding) this.#groupsOf.delete(key);
    }
  }

  async #findGroup(target: InterfaceId): Promise<ConnectionGroup> {
    const endpoints = await this.#resolve(target);
    // A call that waited for a connection must not make one that nobody ends.
    if (this.#isDisposed) throw new TransportError("disposed", "the transport was disposed");
    for (const group of this.#groups) {
      const known = this.#endpointsOf.get(group) ?? [];
      if (!group.isClosed && known.some((endpoint) => endpoints.includes(endpoint))) return group;
    }
    const { syntaxes = ["ndr", "ndr64"] } = this.#connectionOptions;
    const { idleTime = 10_000 } = this.#options.connections ?? {};
    const group: ConnectionGroup = new ConnectionGroup({
      max: this.#max,
      idleTime,
      syntaxes,
      connect: (groupId) => this.#connect(group, groupId),
      onEnd: () => void this.#groups.delete(group),
    });
    this.#groups.add(group);
    this.#endpointsOf.set(group, endpoints);
    return group;
  }

  async #resolve(target: InterfaceId): Promise<readonly string[]> {
    const { binding } = this;
    const { resolveEndpoint } = this.#options;
    if (binding.endpoint !== null) return [binding.endpoint];
    const found = (await resolveEndpoint?.(binding, target)) ?? [];
    const endpoints = typeof found === "string" ? [found] : found;
    if (endpoints.length > 0) return endpoints;
    throw new TransportError(
      "no_endpoint",
      resolveEndpoint === undefined
        ? "the binding names no port, and there is nobody to ask for it"
        : "the binding names no port, and none was found",
    );
  }

  /** To the first endpoint that somebody listens at; all connections of a group go to the same. */
  async #connect(group: ConnectionGroup, groupId: number): Promise<ClientConnection> {
    const { binding } = this;
    const { connectTimeout = 15_000 } = this.#options;
    let failure: unknown;
    for (const endpoint of this.#endpointsOf.get(group) ?? []) {
      try {
        const reads = new LentReads();
        const socket = await openSocket(binding, endpoint, connectTimeout, reads);
        const path = binding.protocol === "ncacn_unix_stream" ? endpoint : null;
        const channel = new SocketChannel(socket, reads, { role: "client", path });
        const options = this.#connectionOptions;
        const connection = new ClientConnection(channel, binding.host, options, groupId);
        channel.attach(connection);
        this.#endpointsOf.set(group, [endpoint]);
        return connection;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

/** Clients over TCP and Unix sockets: one connection for all interfaces, made at the first need. */
import { connect, type Socket } from "node:net";
import { ClientConnection } from "../connection/client-connection.ts";
import type { ClientContext } from "../connection/client-context.ts";
import type { ConnectionOptions } from "../connection/client-options.ts";
import { parseBinding, type StringBinding } from "../string-binding.ts";
import type {
  Association,
  InterfaceId,
  Reply,
  StubFormat,
  Transport,
  TransportCallOptions,
} from "../transport.ts";
import { TransportError } from "../transport-error.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { withBindingOptions } from "./binding-options.ts";
import { SocketChannel } from "./socket-channel.ts";

export interface TcpOptions extends ConnectionOptions {
  /** Milliseconds to wait for a connection. Default: 15,000. */
  readonly connectTimeout?: number;
  /** Finds the port of an interface where the binding names none: asks an endpoint mapper. */
  readonly resolveEndpoint?: (binding: StringBinding, target: InterfaceId) => Promise<string>;
}

/** A transport with a connection that its clients share. Disposing it ends the connection. */
export interface TcpTransport extends Transport, AsyncDisposable {
  readonly binding: StringBinding;
}

/**
 * A transport to the server that a string binding names: `ncacn_ip_tcp:host[port,option...]` or
 * `ncacn_unix_stream:[/path]`. The connection ends with the last of its clients, and a client that is used
 * after its connection broke makes a new one.
 *
 * @throws SyntaxError for what is no binding; TypeError for options that can't be followed
 */
export function tcpTransport(binding: string, options: TcpOptions = {}): TcpTransport {
  return new SharedConnection(parseBinding(binding), options);
}

class SharedConnection implements TcpTransport {
  readonly binding: StringBinding;
  readonly #options: TcpOptions;
  readonly #connectionOptions: ConnectionOptions;
  #connection: Promise<ClientConnection> | null = null;
  #users = 0;

  constructor(binding: StringBinding, options: TcpOptions) {
    this.binding = binding;
    this.#options = options;
    this.#connectionOptions = withBindingOptions(binding, options);
  }

  async associate(target: InterfaceId, options: TransportCallOptions = {}): Promise<Association> {
    options.signal?.throwIfAborted();
    this.#users++;
    try {
      const associated = this.#bind(target);
      return await unlessAborted(associated, options.signal);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    (await connection?.catch(() => null))?.close();
  }

  async #bind(target: InterfaceId): Promise<Association> {
    const [connection, context] = await this.#connected(target);
    const { byteOrder = "little" } = this.#connectionOptions;
    const format = { syntax: context.syntax, byteOrder };
    return new SocketAssociation(connection, context, format, () => this.#release());
  }

  /** The connection, with a context for the interface on it. */
  async #connected(target: InterfaceId): Promise<[ClientConnection, ClientContext]> {
    for (;;) {
      const connecting = (this.#connection ??= this.#connect(target, 0));
      try {
        const connection = await connecting;
        if (!connection.isClosed) return [connection, await connection.context(target)];
        if (this.#connection === connecting) this.#connection = this.#replace(connection, target);
      } catch (error) {
        const { isClosed } = (await connecting.catch(() => null)) ?? { isClosed: true };
        if (this.#connection === connecting && isClosed) this.#connection = null;
        throw error;
      }
    }
  }

  /** Where ids are used up, handles stay valid: the group goes over to the new connection. */
  async #replace(old: ClientConnection, target: InterfaceId): Promise<ClientConnection> {
    if (!old.isExhausted) return this.#connect(target, 0);
    const connection = await this.#connect(target, old.groupId);
    await connection.context(target);
    old.closeWhenIdle();
    return connection;
  }

  async #connect(target: InterfaceId, groupId: number): Promise<ClientConnection> {
    const { binding } = this;
    const endpoint = binding.endpoint ?? (await this.#options.resolveEndpoint?.(binding, target));
    if (endpoint === undefined) {
      throw new TransportError(
        "no_endpoint",
        "the binding names no port, and nobody to ask for it",
      );
    }
    const { connectTimeout = 15_000 } = this.#options;
    const socket = await openSocket(binding, endpoint, connectTimeout);
    const channel = new SocketChannel(socket, { lingers: false });
    const options = this.#connectionOptions;
    const connection = new ClientConnection(channel, binding.host, options, groupId);
    channel.attach(connection);
    return connection;
  }

  #release(): void {
    this.#users--;
    if (this.#users > 0) return;
    const connection = this.#connection;
    this.#connection = null;
    connection?.then(
      (open) => open.close(),
      () => {},
    );
  }
}

function openSocket(binding: StringBinding, endpoint: string, timeout: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket =
    binding.protocol === "ncacn_unix_stream"
      ? connect(endpoint)
      : connect({ host: binding.host === "" ? "localhost" : binding.host, port: Number(endpoint) });
  const refuse = (cause: Error): void => {
    const where = binding.host === "" ? endpoint : `${binding.host}[${endpoint}]`;
    reject(new TransportError("unreachable", `no connection to ${where}`, { cause }));
    socket.destroy();
  };
  const timer = setTimeout(() => refuse(new Error(`no answer in ${timeout} ms`)), timeout);
  socket.once("error", refuse);
  socket.once("connect", () => {
    clearTimeout(timer);
    socket.off("error", refuse);
    resolve(socket);
  });
  socket.once("close", () => clearTimeout(timer));
  return promise;
}

class SocketAssociation implements Association {
  readonly format: StubFormat;
  readonly #connection: ClientConnection;
  readonly #context: ClientContext;
  readonly #release: () => void;
  #closed = false;

  constructor(
    connection: ClientConnection,
    context: ClientContext,
    format: StubFormat,
    release: () => void,
  ) {
    this.#connection = connection;
    this.#context = context;
    this.format = format;
    this.#release = release;
  }

  get isClosed(): boolean {
    return this.#closed || this.#connection.isClosed;
  }

  call(opnum: number, stub: Uint8Array, options: TransportCallOptions = {}): Promise<Reply> {
    if (this.#closed) {
      return Promise.reject(new TransportError("closed", "the association was closed"));
    }
    return this.#connection.call(this.#context, opnum, stub, options.signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#release();
  }
}

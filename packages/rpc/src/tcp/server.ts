/** Servers over TCP and Unix sockets. */
import { createServer, type Server, type Socket } from "node:net";
import { checkOptions, type Kinds, kinds } from "../check-options.ts";
import { ServerConnection } from "../connection/server-connection.ts";
import {
  serverHost,
  type ServerHost,
  type ServerStatistics,
  shielded,
} from "../connection/server-host.ts";
import type { ClientAddress } from "../connection/server-link.ts";
import { serverKinds, type ServerOptions } from "../connection/server-options.ts";
import type { Router } from "../router.ts";
import { formatBinding, parseBinding, type StringBinding } from "../string-binding.ts";
import { TransportError } from "../transport-error.ts";
import { LentReads, withReads } from "./lent-reads.ts";
import { SocketChannel } from "./socket-channel.ts";

export interface TcpServerOptions extends ServerOptions {
  /** Hears why connections were ended: refused tokens and signatures, PDUs that are none. What it throws is lost. Default: nobody. */
  readonly onError?: (error: unknown, origin: ErrorOrigin) => void;
}

/** Whose connection it was that something was wrong with. */
export interface ErrorOrigin {
  /** `192.0.2.7:49152`, as handlers have it in `caller.address`; empty for a Unix socket, and where it is no connection. */
  readonly address: string;
  /** The port, or the path of the socket, that it came to. */
  readonly endpoint: string;
}

const serverOptionKinds: Kinds<TcpServerOptions> = { ...serverKinds, onError: kinds.callback };

export interface TcpServer extends AsyncDisposable {
  /**
   * Listens at an endpoint, and gives the binding that clients use: port 0 becomes the one that was chosen,
   * an empty host listens on all addresses.
   *
   * @throws SyntaxError for what is no binding; TypeError for options in it, as those are a client's; TransportError
   * `closed` once the server was closed; the system's error where it can't be listened at
   */
  listen(binding: string): Promise<string>;
  /** Connections at present. */
  readonly connections: number;
  /** Context handles at present, of all its clients. */
  readonly handles: number;
  /** Counts since it was made. */
  readonly statistics: ServerStatistics;
  /** It takes calls: nobody has closed it. */
  readonly isListening: boolean;
  /**
   * Takes no further connections and calls, asks clients to go, waits for the calls under way, and then
   * ends what is left. `graceTime`: milliseconds to wait for at most. Default: 10,000. Called again, the shorter
   * time holds.
   */
  close(options?: { readonly graceTime?: number }): Promise<void>;
}

/**
 * Serves a router's interfaces. Association groups reach over all its endpoints.
 *
 * @throws TypeError for options that can't be followed; RangeError for limits that nothing could keep to
 */
export function tcpServer(router: Router, options: TcpServerOptions = {}): TcpServer {
  return new SocketServer(router, options);
}

/** How often connections are looked at that owe something. */
const sweepInterval = 1000;

class SocketServer implements TcpServer {
  readonly #host: Omit<ServerHost, "port" | "onError">;
  readonly #onError: NonNullable<TcpServerOptions["onError"]>;
  readonly #servers = new Set<Server>();
  readonly #open = new Set<ServerConnection>();
  /** Connections from each address. */
  readonly #byHost = new Map<string, number>();
  #sweep: NodeJS.Timeout | null = null;
  /** Once it is told to close. */
  #closed: Promise<void> | null = null;
  #emptied: (() => void) | null = null;

  constructor(router: Router, options: TcpServerOptions) {
    checkOptions("server options", options, serverOptionKinds);
    this.#onError = shielded(options.onError ?? (() => {}));
    const now = (): number => performance.now();
    const onError = (error: unknown): void => this.#onError(error, { address: "", endpoint: "" });
    this.#host = serverHost(router, options, { port: "", now, onError });
  }

  get connections(): number {
    return this.#open.size;
  }

  get handles(): number {
    return this.#host.groups.handles;
  }

  get statistics(): ServerStatistics {
    return { ...this.#host.counters };
  }

  get isListening(): boolean {
    return this.#servers.size > 0 && this.#closed === null;
  }

  async listen(text: string): Promise<string> {
    const binding = parseBinding(text);
    const option = binding.options[0];
    if (option !== undefined) {
      const problem = `${option.name} is an option for clients, and a server can't listen with it`;
      throw new TypeError(`${problem}: minimumLevel of an interface's policy asks for protection`);
    }
    this.#refuseClosed();
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    await listening(server, binding);
    if (this.#closed !== null) server.close();
    this.#refuseClosed();
    this.#servers.add(server);
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : null;
    const endpoint = port ?? binding.endpoint ?? "";
    const isUnix = binding.protocol === "ncacn_unix_stream";
    server.on("error", (error) => this.#onError(error, { address: "", endpoint }));
    server.on("connection", (socket) => this.#accept(socket, endpoint, isUnix));
    this.#sweep ??= setInterval(() => this.#endStalled(), sweepInterval).unref();
    return formatBinding({ ...binding, endpoint, options: [] });
  }

  #refuseClosed(): void {
    if (this.#closed !== null) throw new TransportError("closed", "the server was closed");
  }

  close({ graceTime = 10_000 }: { readonly graceTime?: number } = {}): Promise<void> {
    const timer = setTimeout(() => {
      for (const connection of this.#open) connection.destroy();
    }, graceTime);
    this.#closed ??= this.#drain();
    return this.#closed.finally(() => clearTimeout(timer));
  }

  async #drain(): Promise<void> {
    if (this.#sweep !== null) clearInterval(this.#sweep);
    this.#sweep = null;
    const closed = [...this.#servers].map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const connection of this.#open) connection.drain();
    if (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    await Promise.all(closed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(accepted: Socket, port: string, isUnix: boolean): void {
    const { maxConnections, maxConnectionsPerAddress } = this.#host.limits;
    const address = addressOf(accepted, isUnix);
    // Its client has gone before it was accepted; what it sent would be read all the same.
    if (address === null) {
      accepted.destroy();
      return;
    }
    const sameHost = this.#byHost.get(address.host) ?? 0;
    const isFull = sameHost >= maxConnectionsPerAddress;
    const isTooMany = this.#open.size >= maxConnections;
    if (this.#closed !== null || isFull || (isTooMany && !this.#makeRoom())) {
      accepted.destroy();
      return;
    }
    this.#byHost.set(address.host, sameHost + 1);
    const path = isUnix ? port : null;
    const reads = new LentReads();
    const socket = withReads(accepted, reads);
    const channel = new SocketChannel(socket, reads, { role: "server", path });
    const origin = { address: address.text, endpoint: port };
    const onError = (error: unknown): void => this.#onError(error, origin);
    const host = { ...this.#host, port, onError };
    const connection = new ServerConnection(host, channel, address);
    this.#open.add(connection);
    channel.attach(connection);
    socket.on("close", () => {
      this.#open.delete(connection);
      const left = (this.#byHost.get(address.host) ?? 0) - 1;
      if (left > 0) this.#byHost.set(address.host, left);
      else this.#byHost.delete(address.host);
      if (this.#open.size === 0) this.#emptied?.();
    });
  }

  /** Ends a connection that may give way; false where there is none. */
  #makeRoom(): boolean {
    for (const connection of this.#open) {
      if (!connection.givesWay) continue;
      connection.destroy();
      return true;
    }
    return false;
  }

  #endStalled(): void {
    const { limits, now } = this.#host;
    const latest = now() - limits.patience;
    for (const connection of this.#open) {
      const { owesSince } = connection;
      const maxIdle = connection.isKnown
        ? limits.maxIdle
        : Math.min(limits.maxIdle, limits.maxIdleOfStrangers);
      if (owesSince !== null && owesSince < latest) connection.destroy();
      else if (maxIdle !== Infinity && connection.idle() >= maxIdle) connection.drain();
    }
  }
}

/** Null where the socket of a network can't say who is at its other end. */
function addressOf(socket: Socket, isUnix: boolean): ClientAddress | null {
  if (isUnix) return { transport: "unix", host: "", text: "", reached: "" };
  const { localAddress, remoteAddress, remotePort } = socket;
  if (!localAddress || !remoteAddress || remotePort === undefined) return null;
  const host = plainAddress(remoteAddress);
  const text = host.includes(":") ? `[${host}]:${remotePort}` : `${host}:${remotePort}`;
  return { transport: "tcp", host, text, reached: plainAddress(localAddress) };
}

/** An IPv4 address is written as one, whatever kind of socket it came to. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}

function listening(server: Server, { protocol, host, endpoint }: StringBinding): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    if (protocol === "ncacn_unix_stream") server.listen(endpoint ?? "");
    else if (host === "") server.listen(Number(endpoint ?? 0));
    else server.listen(Number(endpoint ?? 0), host);
  });
}

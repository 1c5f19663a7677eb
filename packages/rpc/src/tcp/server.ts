/** Servers over TCP and Unix sockets. */
import { createServer, type Server, type Socket } from "node:net";
import { ServerConnection } from "../connection/server-connection.ts";
import { serverHost, type ServerHost } from "../connection/server-host.ts";
import type { ClientAddress } from "../connection/server-link.ts";
import type { ServerOptions } from "../connection/server-options.ts";
import type { Router } from "../router.ts";
import { formatBinding, parseBinding, type StringBinding } from "../string-binding.ts";
import { SocketChannel } from "./socket-channel.ts";

export interface TcpServerOptions extends ServerOptions {
  /** Hears why connections were ended: refused tokens and signatures, PDUs that are none. Default: nobody. */
  readonly onError?: (error: unknown) => void;
}

export interface TcpServer extends AsyncDisposable {
  /**
   * Listens at an endpoint, and gives the binding that clients use: port 0 becomes the one that was chosen,
   * an empty host listens on all addresses.
   *
   * @throws SyntaxError for what is no binding; the system's error where it can't be listened at
   */
  listen(binding: string): Promise<string>;
  /** Connections at present. */
  readonly connections: number;
  /**
   * Takes no further connections and calls, asks clients to go, waits for the calls under way, and then
   * ends what is left. `graceTime`: milliseconds to wait for at most. Default: 10,000.
   */
  close(options?: { readonly graceTime?: number }): Promise<void>;
}

/** Serves a router's interfaces. Association groups reach over all its endpoints. */
export function tcpServer(router: Router, options: TcpServerOptions = {}): TcpServer {
  return new SocketServer(router, options);
}

/** How often connections are looked at that owe something. */
const sweepInterval = 1000;

class SocketServer implements TcpServer {
  readonly #host: Omit<ServerHost, "port">;
  readonly #servers = new Set<Server>();
  readonly #open = new Set<ServerConnection>();
  #sweep: NodeJS.Timeout | null = null;
  #closing = false;
  #emptied: (() => void) | null = null;

  constructor(router: Router, options: TcpServerOptions) {
    const { onError = () => {} } = options;
    this.#host = serverHost(router, options, { port: "", now: () => performance.now(), onError });
  }

  get connections(): number {
    return this.#open.size;
  }

  async listen(text: string): Promise<string> {
    const binding = parseBinding(text);
    const server = createServer({ pauseOnConnect: false, allowHalfOpen: true });
    await listening(server, binding);
    server.on("error", this.#host.onError);
    this.#servers.add(server);
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : null;
    const endpoint = port ?? binding.endpoint ?? "";
    server.on("connection", (socket) => this.#accept(socket, endpoint));
    this.#sweep ??= setInterval(() => this.#endStalled(), sweepInterval).unref();
    return formatBinding({ ...binding, endpoint, options: [] });
  }

  async close({ graceTime = 10_000 }: { readonly graceTime?: number } = {}): Promise<void> {
    this.#closing = true;
    if (this.#sweep !== null) clearInterval(this.#sweep);
    this.#sweep = null;
    const closed = [...this.#servers].map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const connection of this.#open) connection.drain();
    const timer = setTimeout(() => {
      for (const connection of this.#open) connection.destroy();
    }, graceTime);
    if (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    clearTimeout(timer);
    await Promise.all(closed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(socket: Socket, port: string): void {
    if (this.#closing || this.#open.size >= this.#host.limits.maxConnections) {
      socket.destroy();
      return;
    }
    const channel = new SocketChannel(socket, { lingers: true });
    const host = { ...this.#host, port };
    const connection = new ServerConnection(host, channel, addressOf(socket));
    this.#open.add(connection);
    channel.attach(connection);
    socket.on("close", () => {
      this.#open.delete(connection);
      if (this.#open.size === 0) this.#emptied?.();
    });
  }

  #endStalled(): void {
    const { limits, now } = this.#host;
    const latest = now() - limits.patience;
    for (const connection of this.#open) {
      const { waitingSince } = connection;
      if (waitingSince !== null && waitingSince < latest) connection.destroy();
    }
  }
}

/** Empty for a Unix socket. An IPv4 address is written as one, whatever kind of socket it came to. */
function addressOf({ remoteAddress = "", remotePort }: Socket): ClientAddress {
  const host = remoteAddress.replace(/^::ffff:(?=\d+\.)/, "");
  if (remotePort === undefined) return { host, text: host };
  return { host, text: host.includes(":") ? `[${host}]:${remotePort}` : `${host}:${remotePort}` };
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

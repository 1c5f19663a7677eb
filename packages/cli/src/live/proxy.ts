/** A proxy between clients and a server, octet by octet: logons and seals stay whole. What goes over is written. */
import { createServer, connect, type Server, type Socket } from "node:net";
import { BindingError, formatBinding, parseBinding, type StringBinding } from "@msrpc/rpc";
import type { SessionWriter, WrittenConnection } from "@msrpc/rpc/capture";
import { UsageError } from "../usage-error.ts";

export interface Proxy extends AsyncDisposable {
  /** The binding for clients, with the port that was chosen. */
  readonly binding: string;
  /** Connections so far. */
  readonly connections: number;
}

export interface ProxyOptions {
  readonly listen: string;
  readonly to: string;
  readonly writer: SessionWriter;
  /** Hears of connections that failed. */
  readonly onError: (error: Error) => void;
}

/** @throws UsageError for bindings that aren't TCP, or a server's without a port; the system's error */
export async function startProxy({ listen, to, writer, onError }: ProxyOptions): Promise<Proxy> {
  const here = tcpBinding(listen);
  const there = tcpBinding(to);
  const port = Number(there.endpoint ?? 0);
  if (port === 0) throw new UsageError(`${to} names no port: ncacn_ip_tcp:host[port]`);
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    connections++;
    const upstream = connect({ host: there.host || "localhost", port, allowHalfOpen: true });
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
    carry(client, upstream, writer, onError);
  });
  await listening(server, here);
  const address = server.address();
  const endpoint = String(typeof address === "object" && address !== null ? address.port : "");
  return {
    binding: formatBinding({ ...here, endpoint }),
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function carry(
  client: Socket,
  server: Socket,
  writer: SessionWriter,
  onError: (error: Error) => void,
): void {
  let written: WrittenConnection | null = null;
  const relay = (from: Socket, to: Socket, fromClient: boolean): void => {
    from.on("data", (octets: Buffer) => {
      // The ports of the proxy's own end are nobody's business: the file has client and server.
      written ??= writer.open(
        { address: client.remoteAddress ?? "", port: client.remotePort ?? 0 },
        { address: server.remoteAddress ?? "", port: server.remotePort ?? 0 },
      );
      const isFileReady = written.data(fromClient, octets);
      const isPeerReady = to.write(octets);
      if (isFileReady && isPeerReady) return;
      from.pause();
      const nothing = Promise.resolve();
      const ready = [isFileReady ? nothing : writer.drained(), isPeerReady ? nothing : drained(to)];
      Promise.all(ready).then(
        () => from.resume(),
        () => from.destroy(),
      );
    });
    from.once("end", () => {
      written?.close(fromClient, true);
      to.end();
    });
    from.once("error", (error) => {
      written?.close(fromClient, false);
      onError(error);
      to.destroy();
    });
    from.once("close", () => to.destroySoon());
  };
  client.pause();
  server.once("connect", () => client.resume());
  relay(client, server, true);
  relay(server, client, false);
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("drain", resolve);
    socket.once("close", () => resolve());
  });
}

function tcpBinding(text: string): StringBinding {
  let binding: StringBinding;
  try {
    binding = parseBinding(text);
  } catch (error) {
    throw error instanceof BindingError ? new UsageError(error.message) : error;
  }
  if (binding.protocol === "ncacn_ip_tcp") return binding;
  throw new UsageError(`${text} is no TCP: only ncacn_ip_tcp is recorded`);
}

function listening(server: Server, { host, endpoint }: StringBinding): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: Number(endpoint ?? 0), ...(host !== "" && { host }) }, resolve);
  });
}

/** Sockets to where a binding leads. */
import { connect, type Socket } from "node:net";
import type { StringBinding } from "../string-binding.ts";
import { TransportError } from "../transport-error.ts";
import type { LentReads } from "./lent-reads.ts";

/**
 * A socket that reads nothing before it is resumed.
 *
 * @throws TransportError unreachable, also after `timeout` milliseconds without an answer
 */
export function openSocket(
  { protocol, host }: StringBinding,
  endpoint: string,
  timeout: number,
  onread: LentReads,
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket =
    protocol === "ncacn_unix_stream"
      ? connect({ path: endpoint, onread })
      : connect({ host: host === "" ? "localhost" : host, port: Number(endpoint), onread });
  socket.pause();
  const refuse = (cause: Error): void => {
    const where = host === "" ? endpoint : `${host}[${endpoint}]`;
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

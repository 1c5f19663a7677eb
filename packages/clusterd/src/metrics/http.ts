/** Metrics and health over HTTP, for whoever watches the daemon. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PlayAnswer } from "../play.ts";
import type { Metrics } from "./exposition.ts";

/** What is told at `/health`. */
export interface Health {
  /** `starting`, `serving` and `stopping`; `failing` where the last change could not be kept. */
  readonly status: "starting" | "serving" | "stopping" | "failing";
  readonly cluster: string;
}

export interface MetricsServer extends AsyncDisposable {
  /** `http://127.0.0.1:9100`. */
  readonly url: string;
  /** Reached by this machine alone. */
  readonly isLoopback: boolean;
}

/**
 * Serves `/metrics` and `/health`, to whoever reaches it.
 *
 * @param address `9100`, `127.0.0.1:9100`, `[::1]:9100`; on loopback where it has no host
 * @param play answers what is posted, where something may be
 * @throws TypeError for what is no address; the system's error where it can't be listened at
 */
export async function serveMetrics(
  address: string,
  metrics: Metrics,
  health: () => Health,
  play?: Play,
): Promise<MetricsServer> {
  const { host, port } = parseAddress(address);
  const server = createServer((request, response) => {
    answer(request, response, { metrics, health, play });
  });
  server.listen(port, host);
  await once(server, "listening");
  const bound = server.address() as AddressInfo;
  const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return {
    url: `http://${name}:${bound.port}`,
    isLoopback: /^(?:127\.|::1$|::ffff:127\.)/.test(bound.address),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

type Play = (path: string) => PlayAnswer | null;

interface Served {
  readonly metrics: Metrics;
  readonly health: () => Health;
  readonly play: Play | undefined;
}

function parseAddress(address: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(?<host>[^:[\]]+|\[[0-9a-fA-F:.]+\]):)?(?<port>\d{1,5})$/.exec(address);
  const { host = "127.0.0.1", port = "" } = match?.groups ?? {};
  if (match === null || Number(port) > 0xffff) {
    throw new TypeError(`--metrics takes PORT or HOST:PORT, not ${address}`);
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics, health, play }: Served,
): void {
  const say = (status: number, type: string, text: string): void => {
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
    response.end(request.method === "HEAD" ? undefined : text);
  };
  const [path = ""] = (request.url ?? "").split("?", 1);
  if (request.method === "POST" && play !== undefined) {
    const { status, text } = play(path) ?? { status: 404, text: "there is nothing to post to\n" };
    say(status, "text/plain; charset=utf-8", text);
  } else if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    say(405, "text/plain; charset=utf-8", "only GET and HEAD\n");
  } else if (path === "/metrics") {
    say(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text());
  } else if (path === "/health") {
    const now = health();
    const text = `${JSON.stringify(now)}\n`;
    say(now.status === "serving" ? 200 : 503, "application/json", text);
  } else {
    say(404, "text/plain; charset=utf-8", "there are /metrics and /health\n");
  }
}

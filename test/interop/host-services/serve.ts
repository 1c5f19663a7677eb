// A server with a registry and services, its endpoint mapper at port 135, and clients of others that log on to it.
import { ntlmServer, wellKnownSids } from "@msrpc/auth";
import { type MemoryRegistry, memoryRegistry, serveRegistry } from "@msrpc/registry";
import { createRouter } from "@msrpc/rpc";
import { ServiceManager, serveServiceControl } from "@msrpc/service-control";
import { tcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, serveEndpointMapper } from "@msrpc/services";
import { alice, storeOf, withSpnego } from "../../support/accounts.ts";
import { runAside } from "../rpc/run-aside.ts";
import { demand } from "../support/report.ts";
import { withNotify } from "./notify.ts";

export interface Host {
  readonly address: string;
  readonly registry: MemoryRegistry;
  readonly services: ServiceManager;
  readonly errors: unknown[];
  readonly callsIn: () => number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Alice is an administrator. */
export async function startHost(address: string): Promise<Host> {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const router = createRouter({ onError });
  const registry = memoryRegistry();
  const policy = { minimumLevel: "integrity" } as const;
  // smbtorture makes its keys directly below the roots.
  serveRegistry(withNotify(router), registry, { ...policy, rootSubkeys: true });
  const services = new ServiceManager({ onError });
  serveServiceControl(router, services, policy);
  const accounts = storeOf([alice], [wellKnownSids.administrators]);
  const server = tcpServer(router, { onError, security: withSpnego(ntlmServer({ accounts })) });
  const endpoints = new EndpointMap();
  const described = router.interfaces;
  serveEndpointMapper(router, endpoints);
  const binding = await server.listen(`ncacn_ip_tcp:${address}[135]`);
  endpoints.register(described, [binding]);
  return {
    address,
    registry,
    services,
    errors,
    callsIn: () => server.statistics.callsIn,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** What a script of this folder prints, as JSON. */
export async function ask(
  host: Pick<Host, "address">,
  script: string,
  ...args: string[]
): Promise<unknown> {
  const path = new URL(script, import.meta.url).pathname;
  const who = [host.address, alice.domain, alice.user, alice.password];
  const { status, stdout, stderr } = await runAside("/usr/bin/python3", [path, ...who, ...args]);
  demand(status === 0, stderr.trim().split("\n").slice(-4).join("\n"));
  return JSON.parse(stdout) as unknown;
}

/** Two things that are to be the same. */
export function equal(what: string, theirs: unknown, ours: unknown): void {
  const [left, right] = [theirs, ours].map((value) => JSON.stringify(value));
  demand(left === right, `${what}: they have ${left}, we ${right}`);
}

/** clusterd: a cluster served over TCP with its endpoint mapper, until it is told to stop. */
import { once } from "node:events";
import { parseArgs } from "node:util";
import { randomUUID } from "node:crypto";
import {
  accountFile,
  accountList,
  DescriptorError,
  ntlmServer,
  readSddl,
  type SecurityDescriptor,
  spnegoServer,
} from "@msrpc/auth";
import { createRouter } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, serveEndpointMapper, serveManagement } from "@msrpc/services";
import type { StateStore } from "../core/cluster.ts";
import { openCluster } from "../core/open.ts";
import { defaultDefinition } from "../definition/default.ts";
import { define } from "../definition/define.ts";
import { localNetworks } from "../definition/local-networks.ts";
import { genericApplication } from "../hosting/generic-application.ts";
import { keepTime } from "../hosting/keep-time.ts";
import { resourceHost } from "../hosting/resource-host.ts";
import type { AccessPolicy } from "../service/opened.ts";
import { either, loggedOnMay, securityPolicy } from "../service/policy.ts";
import { serveCluster } from "../service/serve.ts";
import { memoryStore } from "../store/memory.ts";
import { openSqliteStore } from "../store/sqlite.ts";

export const usage = `clusterd --listen BINDING [--listen BINDING...] [--store FILE] [--local-networks] [--users FILE] [--security SDDL] [--users-may ACCESS]
         [--test-mode]

  --listen     where to listen: ncacn_ip_tcp:127.0.0.1[PORT]; port 0 is one that is free
  --store      the file that keeps the cluster, made where there is none; "memory:" forgets it at the end, and is the default
  --local-networks  a new cluster is on the networks of this machine, not on loopback alone
  --users      accounts that may log on, as "msrpc passwd" makes them
  --security   who may do what: a security descriptor with the generic rights GA and GR; administrators everything by default
  --users-may  what accounts of --users may do beside that: all, which is the default, read or nothing
  --test-mode  also serve callers that have not logged on and calls that are not sealed`;

/**
 * Runs it with the arguments of its command line.
 *
 * @throws TypeError for arguments that it doesn't know; StoreError for a store that it can't open; the system's error where
 * it can't listen
 */
export async function runClusterd(
  args: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listen: { type: "string", multiple: true, default: [] },
      store: { type: "string", default: "memory:" },
      "local-networks": { type: "boolean", default: false },
      users: { type: "string" },
      security: { type: "string" },
      "users-may": { type: "string", default: "all" },
      "test-mode": { type: "boolean", default: false },
    },
  });
  const { listen, store: file, users, "test-mode": testMode } = values;
  if (listen.length === 0) throw new TypeError("--listen needs a binding");
  const accounts = users === undefined ? accountList([]) : accountFile(users);
  await accounts.lookUp("", "");
  const policy = policyOf(values.security, values["users-may"]);

  const surroundings = { now: () => Date.now(), newId: randomUUID };
  const onError = (error: unknown): void => say(String(error));
  const host = resourceHost({
    types: [genericApplication],
    onError: (error, resource) => say(`resource ${resource}: ${String(error)}`),
  });
  const [local = { name: "" }] = defaultDefinition.nodes;
  const definition = values["local-networks"]
    ? { ...defaultDefinition, networks: localNetworks(local.name) }
    : defaultDefinition;
  using store = openStore(file);
  const cluster = openCluster({
    store,
    surroundings,
    host,
    define: (tx) => define(tx, definition),
  });
  const stopTime = keepTime(cluster, onError);
  const router = createRouter({ onError });
  serveCluster(
    router,
    cluster,
    testMode ? { policy: () => "all", minimumLevel: "none" } : { policy },
  );
  const ntlm = ntlmServer({ accounts, allowAnonymous: testMode });
  await using server = tcpServer(router, { security: [ntlm, spnegoServer([ntlm])], onError });
  serveManagement(router, server);
  const endpoints = new EndpointMap();
  serveEndpointMapper(router, endpoints);
  const bindings: string[] = [];
  for (const binding of listen) bindings.push(await server.listen(binding));
  endpoints.register(router.interfaces, bindings);
  for (const binding of bindings) say(`Cluster ${cluster.state.name} listens at ${binding}`);
  if (testMode) say("TEST MODE: whoever reaches it may do everything, and calls need no sealing");
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  stopTime();
  await host.close();
}

function openStore(file: string): StateStore & Disposable {
  return file === "memory:" ? memoryStore() : openSqliteStore(file);
}

/** Accounts of a file need no SIDs: whoever has logged on by NTLM is one of them. @throws TypeError */
function policyOf(sddl: string | undefined, usersMay: string): AccessPolicy {
  const bySecurity = securityPolicy(sddl === undefined ? undefined : descriptorOf(sddl));
  if (usersMay === "nothing") return bySecurity;
  if (usersMay !== "all" && usersMay !== "read") {
    throw new TypeError(`--users-may takes all, read or nothing, not ${usersMay}`);
  }
  const byLogon = loggedOnMay(usersMay);
  return either(bySecurity, (caller) =>
    caller.principal?.mechanism === "ntlm" ? byLogon(caller) : null,
  );
}

function descriptorOf(sddl: string): SecurityDescriptor {
  try {
    return readSddl(sddl);
  } catch (cause) {
    if (!(cause instanceof DescriptorError)) throw cause;
    throw new TypeError(`--security: ${cause.message}`, { cause });
  }
}

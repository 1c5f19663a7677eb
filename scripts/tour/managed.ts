/** The tour's last part: a cluster over TCP, kept in a file, and its client and command line at work on it. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { accountList, ntlmServer, readAccounts, setPassword, spnegoServer } from "@msrpc/auth";
import { Cluster, ClusterError, ClusterObject } from "@msrpc/clusapi";
import { run } from "@msrpc/clusctl";
import {
  define,
  defaultDefinition,
  openCluster,
  openSqliteStore,
  loggedOnMay,
  serveCluster,
} from "@msrpc/cluster";
import { createRouter, type ServerInterceptor } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";

/** Made for this run. */
const credentials = {
  user: "alice",
  domain: "EXAMPLE",
  password: randomBytes(12).toString("base64url"),
};

interface ServedCluster extends AsyncDisposable {
  readonly binding: string;
}

export async function manage(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "msrpc-tour-"));
  const seen = { calls: 0, sealed: 0 };
  try {
    print(
      "\nA failover cluster over TCP: the client logs on by SPNEGO and NTLM, and calls are sealed.",
    );
    {
      await using served = await start(join(folder, "cluster"), seen);
      await showStatus(served.binding, print);
      await showCalls(served.binding, print);
    }
    print("\nStopped, and started again from its file:");
    await using served = await start(join(folder, "cluster"), seen);
    await showStatus(served.binding, print);
  } finally {
    await rm(folder, { recursive: true });
  }
  print(`\n${seen.sealed} of ${seen.calls} calls came logged on and sealed.`);
  print(`
To go on, start a cluster of your own and manage it from another terminal:

  npx -y pnpm@12 msrpc passwd users alice --domain EXAMPLE
  npx -y pnpm@12 cluster --listen 'ncacn_ip_tcp:127.0.0.1[49153]' --store cluster.db --users users
  npx -y pnpm@12 clusctl --server '127.0.0.1[49153]' --user 'EXAMPLE\\alice' status`);
}

/** The default cluster, or what a file has kept of it. */
async function start(
  file: string,
  seen: { calls: number; sealed: number },
): Promise<ServedCluster> {
  const store = openSqliteStore(file);
  const surroundings = { now: () => Date.now(), newId: randomUUID };
  const cluster = openCluster({
    store,
    surroundings,
    define: (tx) => define(tx, defaultDefinition),
  });
  const count: ServerInterceptor = (next) => async (call) => {
    seen.calls++;
    const { principal, level } = call.context.caller;
    if (principal !== null && level === "privacy") seen.sealed++;
    return await next(call);
  };
  const router = createRouter({ onError: (error) => console.error(error), interceptors: [count] });
  serveCluster(router, cluster, { policy: loggedOnMay("all") });
  const accounts = accountList(readAccounts(setPassword("", credentials)));
  const tcp = tcpServer(router, { security: [spnegoServer([ntlmServer({ accounts })])] });
  return {
    binding: await tcp.listen("ncacn_ip_tcp:127.0.0.1[0]"),
    async [Symbol.asyncDispose]() {
      await tcp.close();
      store[Symbol.dispose]();
    },
  };
}

async function showStatus(binding: string, print: (line: string) => void): Promise<void> {
  print("\n  $ clusctl status");
  const show = (text: string): void => print(text.trimEnd().replace(/^(?=.)/gm, "  "));
  const nobody = (): Promise<string> => Promise.reject(new Error("nothing is asked here"));
  const code = await run(["status"], {
    isTerminal: false,
    out: show,
    err: show,
    env: (name) => (name === "CLUSCTL_SERVER" ? binding : undefined),
    read: nobody,
    ask: nobody,
    askSecret: nobody,
    onInterrupt: () => () => {},
    connect: (to, options) => Cluster.connect(to, { ...options, credentials }),
  });
  if (code !== 0) throw new Error(`clusctl status ended with ${code}`);
}

async function showCalls(binding: string, print: (line: string) => void): Promise<void> {
  await using cluster = await Cluster.connect(binding, { credentials });
  const sql = cluster.group("SQL");
  const calls: readonly (readonly [code: string, call: () => Promise<unknown>])[] = [
    ['cluster.createGroup("SQL")', () => cluster.createGroup("SQL")],
    [
      'cluster.group("SQL").createResource("Disk 1", "Physical Disk")',
      () => sql.createResource("Disk 1", "Physical Disk"),
    ],
    ['cluster.group("SQL").online()', () => sql.online()],
    ['cluster.group("SQL").delete()', () => sql.delete()],
    [
      'cluster.registry.key("Resources").get("Nothing")',
      () => cluster.registry.key("Resources").get("Nothing"),
    ],
  ];
  print("\nA few calls of the client:\n");
  for (const [code, call] of calls) {
    const answer = await call().then(described, (error: unknown) => {
      if (error instanceof ClusterError) return `throws ClusterError: ${error.message}`;
      throw error;
    });
    print(`  ${code}\n    = ${answer}`);
  }
}

/** Objects of the cluster by what they say they are, all else as it is. */
function described(value: unknown): string {
  return value instanceof ClusterObject ? value.toString() : inspect(value, { breakLength: 100 });
}

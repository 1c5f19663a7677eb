// Other clients manage a cluster of ours; clusterd with a store in a file: Samba's smbtorture reads the registry, sealed, and
// reads the same after clusterd was killed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setPassword } from "@msrpc/auth";
import { serveClients } from "./cluster/clients.ts";
import { runAside } from "./rpc/run-aside.ts";
import { alice, aliceOfSamba } from "../support/accounts.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand, expectNone } from "./support/report.ts";

needPackages("samba-testsuite", "samba-common-bin", "python3-samba", "tshark");

const folder = mkdtempSync(join(tmpdir(), "msrpc-cluster-"));
process.once("exit", () => rmSync(folder, { recursive: true }));
const users = join(folder, "users");
writeFileSync(users, setPassword("", alice), { mode: 0o600 });

/** In the suite. */
const tests = 5;

interface Daemon extends AsyncDisposable {
  /** As it says it: `ncacn_ip_tcp:127.0.0.1[PORT]`. */
  readonly binding: string;
}

/** Disposing of it kills it. */
async function startClusterd(): Promise<Daemon> {
  const main = new URL("../../packages/clusterd/src/main.ts", import.meta.url).pathname;
  const listen = ["--listen", "ncacn_ip_tcp:127.0.0.1[0]"];
  const kept = ["--store", join(folder, "cluster.store"), "--users", users];
  const options = ["--conditions=source", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...options, main, ...listen, ...kept], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "close");
  for await (const line of createInterface(child.stdout)) {
    const binding = / listens at ([^\s"]+)/.exec(line)?.[1];
    if (binding === undefined) continue;
    return {
      binding,
      async [Symbol.asyncDispose]() {
        kill();
        await ended;
        process.off("exit", kill);
      },
    };
  }
  throw new Error("clusterd ended before it listened");
}

/** The cluster's ID as smbtorture has read it, when all tests have passed. */
async function readRegistry({ binding }: Daemon): Promise<string> {
  const target = binding.replace("]", ",seal]");
  const suite = "rpc.clusapi.registry";
  const args = ["-s", "/dev/null", "-U", aliceOfSamba, target, suite];
  const { stdout, stderr, status } = await runAside("smbtorture", args);
  const lines = stdout.split("\n");
  expectNone(lines.filter((line) => /^(failure|error|skip)/.test(line)));
  const passed = lines.filter((line) => line.startsWith("success:")).length;
  demand(status === 0 && passed === tests, `${passed} of ${tests} tests passed:\n${stdout}`);
  return /^got: (\S+)/m.exec(stderr)?.[1] ?? "";
}

await check(
  "smbtorture reads the registry of a cluster, and again after it was killed",
  async () => {
    const ids = new Set<string>();
    for (let start = 0; start < 3; start++) {
      await using daemon = await startClusterd();
      ids.add(await readRegistry(daemon));
    }
    const [id = ""] = ids;
    demand(ids.size === 1 && id.length === 36, `it was called ${[...ids].join(", ")}`);
    return `${tests} tests, 3 starts, ClusterInstanceID stays ${id}`;
  },
);

await serveClients("127.0.0.145");

// clusterd as a node of a cluster ([MS-CMRP] 3.1.3): impacket finds its service running, and what its registry says.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setPassword } from "@msrpc/auth";
import { createLog, readOptions, runClusterd } from "@msrpc/clusterd";
import { alice } from "../../support/accounts.ts";
import { check } from "../support/report.ts";
import { ask, equal } from "./serve.ts";

const autoStart = 2;
const running = 4;
const configured = 2;

export async function checkNode(address: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "host-services-"));
  const users = join(folder, "users");
  writeFileSync(users, setPassword("", alice));
  const stopped = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const write = (line: string): void => {
    if ((JSON.parse(line) as { event: string }).event === "started") started.resolve();
  };
  const log = createLog({ format: "json", level: "info", write, now: Date.now });
  const options = readOptions(["--listen", `ncacn_ip_tcp:${address}[135]`, "--users", users]);
  const ended = runClusterd(options, log, stopped.promise);
  ended.catch(started.reject);
  try {
    await started.promise;
    await check("impacket finds clusterd's service running, and its registry's value", async () => {
      const theirs = await ask({ address }, "impacket-node.py");
      equal("start type, state, value", theirs, [autoStart, running, configured]);
      return "as a node that has been active";
    });
  } finally {
    stopped.resolve();
    await ended;
    rmSync(folder, { recursive: true });
  }
}

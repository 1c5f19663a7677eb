// Kills a process under load again and again, with another seed each time; says which, so that a failure can be repeated.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crash } from "../../packages/cluster/test/crash/crash.ts";
import { check } from "./support/report.ts";

const kills = 200;

await check(`A cluster that is killed ${kills} times`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "msrpc-crash-"));
  const seed = Date.now() % 1_000_000;
  try {
    const commands = await crash({ file: join(folder, "cluster.store"), kills, seed });
    return `${commands} commands, seed ${seed}`;
  } catch (error) {
    throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

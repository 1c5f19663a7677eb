/** Killed at any moment, a store has all that was acknowledged; `pnpm interop crash` does it 200 times. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crash } from "./crash/crash.ts";
import { expectSound } from "./model-support.ts";

test("a process that is killed 10 times under load loses nothing that it acknowledged", async () => {
  const folder = mkdtempSync(join(tmpdir(), "msrpc-crash-"));
  try {
    const file = join(folder, "cluster.store");
    expect(await crash({ file, kills: 10, seed: 1, check: expectSound })).toBeGreaterThan(100);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeIo } from "../src/io.ts";

test("files below a folder are neither what links lead to nor installed packages", () => {
  const folder = mkdtempSync(join(tmpdir(), "msrpc-io-"));
  try {
    for (const path of ["own/src", "other/src", "own/node_modules/dep"])
      mkdirSync(join(folder, path), { recursive: true });
    for (const path of [
      "own/a.ts",
      "own/src/b.ts",
      "other/src/c.ts",
      "own/node_modules/dep/d.ts",
    ]) {
      writeFileSync(join(folder, path), "");
    }
    symlinkSync(join(folder, "other"), join(folder, "own/src/linked"));
    symlinkSync(join(folder, "other/src/c.ts"), join(folder, "own/c.ts"));
    expect(nodeIo().list(join(folder, "own")).toSorted()).toEqual(["a.ts", "src/b.ts"]);
    expect(nodeIo().list(join(folder, "none"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

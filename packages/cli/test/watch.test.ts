/** `generate --watch` and the watch under it. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { watchFiles } from "../src/watch.ts";
import { memoryIo } from "./memory-io.ts";

test.each([
  ["it is written", "a.idl", "a.idl"],
  ["it is replaced, as editors do", "a.idl~", "a.idl"],
  ["an overlay comes beside it", "a.overlay.json", "a.overlay.json"],
  ["an import comes beside it", "b.idl", "b.idl"],
])("a watched file is noticed when %s", async (_, written, name) => {
  const folder = mkdtempSync(join(tmpdir(), "msrpc-watch-"));
  try {
    writeFileSync(join(folder, "a.idl"), "");
    await new Promise<void>((resolve) => {
      const stop = watchFiles([join(folder, "a.idl"), join(folder, "none", "c.idl")], () => {
        stop();
        resolve();
      });
      writeFileSync(join(folder, written), "x");
      if (written !== name) renameSync(join(folder, written), join(folder, name));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("generate --watch goes on through errors and files that are missing", async () => {
  const idl =
    "[uuid(12345678-1234-1234-1234-123456789abc), version(1.0)] interface a { void f(); }";
  const io = memoryIo({ "a.idl": idl });
  const steps = [
    () => io.write("a.idl", idl.replace("void", "vod")),
    () => io.remove("a.idl"),
    () => io.write("a.idl", idl.replace("f()", "g()")),
    () => {
      throw new Error("that will do");
    },
  ];
  const watching = {
    ...io,
    watch(paths: readonly string[], changed: () => void) {
      expect(paths).toEqual(["a.idl"]);
      steps.shift()?.();
      changed();
      return () => undefined;
    },
  };
  const args = ["generate", "a.idl", "--out", "src", "--watch"];
  await expect(run(args, watching)).rejects.toThrow("that will do");
  expect(io.printed.err).toContain("IDL2001");
  expect(io.printed.err).toContain("error: there is no file a.idl");
  expect([...io.files.keys()]).toContain("src/a/g.ts");
});

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const guide = await readFile(new URL("../../docs/observing.md", import.meta.url), "utf8");

/** What the guide says that the program before it prints. */
function printedBy(name: string): string | undefined {
  const from = guide.indexOf(`<!-- example: ${name} -->`);
  return /It prints\s+```text\n([\s\S]*?)```/.exec(guide.slice(from))?.[1];
}

test.each(["calls.ts", "pdus.ts", "capture.ts", "faults.ts"])(
  "the guide's %s prints what the guide says",
  async (name) => {
    const folder = await mkdtemp(join(import.meta.dirname, ".example-"));
    try {
      const blocks = guide.matchAll(/<!-- example: (\S+) -->\s+```ts\n([\s\S]*?)```/g);
      for (const [, file = "", code = ""] of blocks) await writeFile(join(folder, file), code);
      const args = ["--conditions=source", name];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
      expect(stdout).toBe(printedBy(name));
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

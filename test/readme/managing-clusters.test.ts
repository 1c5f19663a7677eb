import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const guide = await readFile(new URL("../../docs/managing-clusters.md", import.meta.url), "utf8");
const blocks = [...guide.matchAll(/<!-- example: (\S+) -->\s+```ts\n([\s\S]*?)```/g)];
const programs = blocks.map(([, name = ""]) => name).filter((name) => name !== "cluster.ts");

/** What the guide says that a program prints. */
function printedBy(name: string): string | undefined {
  const from = guide.indexOf(`<!-- example: ${name} -->`);
  return /It prints\s+```text\n([\s\S]*?)```/.exec(guide.slice(from))?.[1];
}

test.each(programs)("the guide's %s prints what the guide says", async (program) => {
  const folder = await mkdtemp(join(import.meta.dirname, ".example-"));
  try {
    for (const [, name = "", code = ""] of blocks) await writeFile(join(folder, name), code);
    const args = ["--conditions=source", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    expect(stdout).toBe(printedBy(program));
  } finally {
    await rm(folder, { recursive: true });
  }
});

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");

/** The code blocks that name a file, by that name. */
function examples(): Map<string, string> {
  const blocks = readme.matchAll(/<!-- example: (\S+) -->\s+```ts\n([\s\S]*?)```/g);
  return new Map([...blocks].map(([, name = "", code = ""]) => [name, code]));
}

test("the README's client talks to its server and prints what the README says", async () => {
  const folder = await mkdtemp(join(import.meta.dirname, ".example-"));
  try {
    for (const [name, code] of examples()) await writeFile(join(folder, name), code);
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--conditions=source",
      join(folder, "client.ts"),
    ]);
    const said = /It prints\s+```text\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(stdout).toBe(said);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the README's examples are of twenty lines or so", () => {
  expect([...examples().keys()].toSorted()).toEqual(["client.ts", "server.ts"]);
  for (const [name, code] of examples())
    expect(code.split("\n").length, name).toBeLessThanOrEqual(22);
});

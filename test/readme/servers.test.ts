import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const guide = await readFile(new URL("docs/servers.md", root), "utf8");
const blocks = [...guide.matchAll(/<!-- example: (\S+) -->\s+```ts\n([\s\S]*?)```/g)];
const examples = blocks.map(([, name = "", code = ""]) => [name, code] as const);

test.each(examples)("the guide's %s prints what the guide says", async (name, code) => {
  const folder = await mkdtemp(join(import.meta.dirname, ".example-"));
  try {
    await writeFile(join(folder, name), code);
    const args = ["--conditions=source", name];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    const from = guide.indexOf(`<!-- example: ${name} -->`);
    expect(stdout).toBe(/It prints\s+```text\n([\s\S]*?)```/.exec(guide.slice(from))?.[1]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ["servers.md", "examples/echo/server.ts"],
  ["clients.md", "examples/echo/client.ts"],
])("docs/%s shows %s as it is", async (page, path) => {
  const text = await readFile(new URL(`docs/${page}`, root), "utf8");
  const [, shown = "", code] = /<!-- file: (\S+) -->\s+```ts\n([\s\S]*?)```/.exec(text) ?? [];
  expect(shown).toBe(path);
  expect(code).toBe(await readFile(new URL(path, root), "utf8"));
});

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { run } from "@msrpc/cli";
import { expect, test } from "vitest";
import { memoryIo } from "../../packages/cli/test/memory-io.ts";

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

const packages = readdirSync(new URL("../../packages/", import.meta.url)).filter((name) =>
  readFileSync(new URL(`../../packages/${name}/README.md`, import.meta.url), "utf8").includes(
    "<!-- example -->",
  ),
);

test.each(packages)("the example of %s prints what its README says", async (name) => {
  const text = await readFile(new URL(`../../packages/${name}/README.md`, import.meta.url), "utf8");
  const code = /<!-- example -->\s+```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  const folder = await mkdtemp(join(import.meta.dirname, ".example-"));
  try {
    const file = join(folder, "example.ts");
    await writeFile(file, code);
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=source", file]);
    expect(stdout).toBe(/It prints\s+```text\n([\s\S]*?)```/.exec(text)?.[1]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the README's examples are of twenty lines or so", () => {
  expect([...examples().keys()].toSorted()).toEqual(["client.ts", "server.ts"]);
  for (const [name, code] of examples())
    expect(code.split("\n").length, name).toBeLessThanOrEqual(22);
});

test("the README's commands do what they say", async () => {
  const root = new URL("../../", import.meta.url).pathname;
  const files: Record<string, string> = { "msrpc.json": readFileSync(`${root}msrpc.json`, "utf8") };
  for (const path of readdirSync(`${root}idl`, { recursive: true, encoding: "utf8" })) {
    if (/\.(?:idl|json)$/.test(path))
      files[`idl/${path}`] = readFileSync(`${root}idl/${path}`, "utf8");
  }
  const lines = [...readme.matchAll(/^npx -y pnpm@12 msrpc (.+?)\s+#/gm)].map(
    ([, line = ""]) => line,
  );
  expect(lines.length).toBeGreaterThanOrEqual(6);
  for (const line of lines) {
    const io = memoryIo(files, ["correct horse", "correct horse"]);
    expect(await run(line.split(" "), io), line).toBe(0);
    expect(io.printed.out, line).not.toBe("");
  }
});

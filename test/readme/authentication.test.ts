import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readAccounts, setPassword, updateAccountFile } from "@msrpc/auth";
import { expect, test } from "vitest";

const guide = await readFile(new URL("../../docs/authentication.md", import.meta.url), "utf8");

test("the guide's client logs on to its server and prints what the guide says", async () => {
  const folder = await mkdtemp(join(import.meta.dirname, ".example-"));
  try {
    const blocks = guide.matchAll(/<!-- example: (\S+) -->\s+```ts\n([\s\S]*?)```/g);
    for (const [, name = "", code = ""] of blocks) await writeFile(join(folder, name), code);
    const users = join(folder, "users");
    const lines = /```text\n(# Fields[\s\S]*?)```/.exec(guide)?.[1] ?? "";
    const alice = lines.split("\n").find((line) => line.startsWith("EXAMPLE"));
    await writeFile(users, `${alice}\n`);
    const bob = { user: "bob", password: "correct horse" };
    await updateAccountFile(users, (text) => setPassword(text, bob));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=source", "client.ts"],
      { cwd: folder },
    );
    expect(stdout).toBe(/it prints\s+```text\n([\s\S]*?)```/.exec(guide)?.[1]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the guide's account file reads", () => {
  const lines = /```text\n(# Fields[\s\S]*?)```/.exec(guide)?.[1] ?? "";
  expect(readAccounts(lines)).toMatchObject([
    { user: "alice", domain: "EXAMPLE", disabled: false },
    { user: "bob", groups: ["S-1-5-32-544"], disabled: true },
  ]);
});

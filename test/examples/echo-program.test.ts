/** `pnpm echo` as somebody runs it. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setPassword } from "@msrpc/auth";
import { rpcecho } from "@msrpc/rpcecho";
import { mapEndpoints } from "@msrpc/services";
import { expect, test } from "vitest";

const program = ["--conditions=source", new URL("../../scripts/echo.ts", import.meta.url).pathname];

/** Exit code and what was printed. */
function echo(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...program, ...args], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

test("a server says where it listens, answers its client, and ends when it is told to", async () => {
  const folder = await mkdtemp(join(tmpdir(), "echo-"));
  try {
    const users = join(folder, "users");
    await writeFile(users, setPassword("", { user: "alice", password: "correct horse" }));
    const args = ["--listen", "ncacn_ip_tcp:127.0.0.1[0]", "--users", users];
    const server = spawn(process.execPath, [...program, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(server, "exit");
    const [line] = (await once(createInterface(server.stdout), "line")) as [string];
    const binding = /^Listening at (ncacn_ip_tcp:127\.0\.0\.1\[\d+)\]$/.exec(line)?.[1] ?? line;
    const [found] = await mapEndpoints(`${binding}]`, { interface: rpcecho });
    expect(`${binding}]`).toContain(`[${found?.endpoint}]`);
    const said = "1 and 1 is 2\n100000 octets came back as sent\nGrüße came back as Grüße\n";
    expect(await echo("--call", `${binding}]`)).toEqual({ code: 0, out: said, err: "" });
    const sealed = ["--call", `${binding},ntlm,seal]`, "--user", "alice%correct horse"];
    expect(await echo(...sealed)).toEqual({ code: 0, out: said, err: "" });
    const wrong = await echo("--call", `${binding}]`, "--user", "alice%wrong");
    expect(wrong).toMatchObject({ code: 1, out: "" });
    server.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  [[], "give either --listen or --call"],
  [["--lissten", "x"], "there is no option --lissten"],
  [["--call", "127.0.0.1:49152"], "as in ncacn_ip_tcp:127.0.0.1[49152]"],
  [["--listen", "here"], "there is no protocol before a colon, at character 1 of the binding here"],
  [["--listen", "ncacn_ip_tcp:127.0.0.1[0]", "--user", "alice"], "Unknown option '--user'"],
  [["--call", "ncacn_ip_tcp:127.0.0.1[1,seal]"], "there are no credentials"],
  [["--call", "ncacn_ip_tcp:127.0.0.1[1]", "--user", "alice"], "needs a password"],
])("echo %j is refused with words", async (args, words) => {
  const { code, out, err } = await echo(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(words);
});

test.each([
  ["--users", "Accounts can't be read from nowhere/file: ENOENT"],
  ["--keytab", "ENOENT: no such file or directory, access 'nowhere/file'"],
])("a file of %s that can't be read keeps a server from starting", async (option, words) => {
  const { code, err } = await echo("--listen", "ncacn_ip_tcp:127.0.0.1[0]", option, "nowhere/file");
  expect(code).toBe(1);
  expect(err).toContain(words);
});

import { readAccounts } from "@msrpc/auth";
import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { memoryIo } from "./memory-io.ts";

const alice = "EXAMPLE\\alice:cfc43211ba8dc470832267827cac1407:S-1-5-21-1-2-3-1104::disabled\n";
const bob = "bob:31d6cfe0d16ae931b73c59d7e0c089c0::S-1-5-32-544:\n";
const args = (line: string): string[] => line.split(" ");

test("passwd makes a file with a user's NT hash, and prints none of it", async () => {
  const io = memoryIo({}, ["correct horse", "correct horse"]);
  expect(await run(args("passwd users bob"), io)).toBe(0);
  expect(io.files.get("users")).toBe("bob:cfc43211ba8dc470832267827cac1407:::\n");
  expect(io.printed).toEqual({ out: "set the password of bob in users\n", err: "" });
});

test("passwd changes a password and leaves the rest of the file as it is", async () => {
  const io = memoryIo({ users: `# Ours\n${alice}${bob}` }, ["secret", "secret"]);
  expect(await run(args("passwd users ALICE --domain example"), io)).toBe(0);
  const text = io.files.get("users") ?? "";
  expect(text.startsWith("# Ours\nEXAMPLE\\alice:")).toBe(true);
  expect(text).not.toContain("cfc43211ba8dc470832267827cac1407");
  expect(text.endsWith(bob)).toBe(true);
  expect(readAccounts(text)[0]).toMatchObject({ sid: "S-1-5-21-1-2-3-1104", disabled: true });
});

test("passwd takes one line where nobody types", async () => {
  const io = memoryIo({}, ["correct horse"]);
  expect(await run(args("passwd users bob"), io)).toBe(0);
  expect(io.files.get("users")).toContain("cfc43211ba8dc470832267827cac1407");
});

test("passwd --list shows users, SIDs and flags, and no hashes", async () => {
  const io = memoryIo({ users: alice + bob });
  expect(await run(args("passwd users --list"), io)).toBe(0);
  expect(io.printed.out).toBe("EXAMPLE\\alice  S-1-5-21-1-2-3-1104  disabled\nbob  S-1-5-32-544\n");
});

test("passwd --delete removes a user", async () => {
  const io = memoryIo({ users: alice + bob });
  expect(await run(args("passwd users alice --domain EXAMPLE --delete"), io)).toBe(0);
  expect(io.files.get("users")).toBe(bob);
});

test.each([
  ["passwd users", [], "name a user"],
  ["passwd users --list bob", [], "--list goes with a file alone"],
  ["passwd none --list", [], "none is not there"],
  ["passwd none bob --delete", [], "none is not there"],
  ["passwd users carol --delete", [], "users has no user carol"],
  ["passwd users EXAMPLE\\alice", [], "give alice --domain EXAMPLE"],
  ["passwd users a:b", ["x", "x"], 'the character ":"'],
  ["passwd none/users alice", ["x", "x"], "there is no folder none"],
  ["passwd users bob", ["one", "two"], "the passwords differ"],
  ["passwd users bob", ["", ""], "the password is empty"],
])("%s, with %j typed, is refused and changes nothing", async (line, typed, words) => {
  const io = memoryIo({ users: alice + bob }, typed);
  expect(await run(args(line), io)).toBe(2);
  expect(io.printed.err).toContain(words);
  expect([...io.files]).toEqual([["users", alice + bob]]);
});

test("passwd names the lines of a file that are wrong, and asks for no password", async () => {
  const io = memoryIo({ users: `${bob}carol:123\n` }, ["secret", "secret"]);
  expect(await run(args("passwd users bob"), io)).toBe(1);
  expect(io.printed.err).toBe("users:2: has no NT hash of 32 hexadecimal digits\n");
  expect(await io.secrets([""])).toEqual(["secret"]);
});

import {
  chown,
  lstat,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
  AccountFileError,
  accountFile,
  accountList,
  ntHashOf,
  readAccounts,
  removeAccount,
  setPassword,
  updateAccountFile,
  writeAccount,
} from "../src/index.ts";
import { hex } from "./support.ts";

const hash = hex(ntHashOf("Passw0rd.2"));
const text = `# Accounts of the test
EXAMPLE\\alice:${hash}:S-1-5-21-1-2-3-1104:S-1-5-21-1-2-3-513,S-1-5-32-544:

bob:${hash}
carol:${hash}:::disabled
`;

test("an account has a domain, a SID, groups and flags, which may be left out", () => {
  const [alice, bob, carol] = readAccounts(text);
  expect(alice).toMatchObject({
    user: "alice",
    domain: "EXAMPLE",
    sid: "S-1-5-21-1-2-3-1104",
    groups: ["S-1-5-21-1-2-3-513", "S-1-5-32-544"],
    disabled: false,
  });
  expect(hex(alice?.ntHash.reveal() ?? new Uint8Array())).toBe(hash);
  expect(bob).toMatchObject({ user: "bob", domain: "", disabled: false });
  expect(bob).not.toHaveProperty("sid");
  expect(carol).toMatchObject({ user: "carol", disabled: true });
});

test("an account is written as it is read", () => {
  const lines = readAccounts(text).map(writeAccount);
  expect(lines[0]).toBe(text.split("\n")[1]);
  expect(readAccounts(lines.join("\n"))).toEqual(readAccounts(text));
});

test("every problem of a file is told with its line, and no hash is", () => {
  const broken = [
    `:${hash}`,
    "dave:1234",
    `al/ice:${hash}`,
    `erin:${hash}:S-1-x`,
    `erin:${hash}::S-1-5-32-544,`,
    `erin:${hash}:::maybe`,
    `erin:${hash}::::more`,
    `erin:${hash}`,
    `ERIN:${hash}`,
  ];
  let error: unknown;
  try {
    readAccounts(broken.join("\r\n"));
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(AccountFileError);
  expect(String(error)).not.toContain(hash);
  expect(error).toMatchObject({
    problems: [
      { line: 1, message: "has no valid user name" },
      { line: 2, message: "has no NT hash of 32 hexadecimal digits" },
      { line: 3, message: "has no valid user name" },
      { line: 4, message: "has a SID that is none" },
      { line: 5, message: "has a group that is no SID" },
      { line: 6, message: "has a flag other than disabled" },
      { line: 7, message: "has more than five fields" },
      { line: 9, message: "ERIN is there already" },
    ],
  });
});

test("a new password replaces the old hash and nothing else", () => {
  const changed = setPassword(text, { user: "ALICE", domain: "example", password: "new" });
  expect(changed).toBe(text.replace(hash, hex(ntHashOf("new"))));
});

test("a user who is not there is added at the end", () => {
  const added = setPassword("# no end of line", { user: "dave", password: "secret" });
  expect(added).toBe(`# no end of line\ndave:${hex(ntHashOf("secret"))}:::\n`);
  expect(setPassword("", { user: "d", domain: "E", password: "secret" })).toMatch(/^E\\d:/);
});

test("a name that no account can have is refused", () => {
  for (const user of ["", "a:b", "a\\b", "a\nb"]) {
    expect(() => setPassword("", { user, password: "x" })).toThrow(RangeError);
  }
});

test("a user is taken out with his line", () => {
  expect(removeAccount(text, { user: "Bob" })).toBe(text.replace(`bob:${hash}\n`, ""));
  expect(removeAccount(text, { user: "alice" })).toBeNull();
});

test("an account is found by name and domain, whatever their case", async () => {
  const store = accountList(readAccounts(text));
  const user = async (name: string, domain: string): Promise<string | undefined> =>
    (await store.lookUp(name, domain))?.user;
  expect(await user("ALICE", "example")).toBe("alice");
  expect(await user("alice", "")).toBe("alice");
  expect(await user("alice", "OTHER")).toBeUndefined();
  expect(await user("bob", "ANYTHING")).toBe("bob");
  expect(await user("carol", "")).toBeUndefined();
  expect(await user("nobody", "")).toBeUndefined();
});

test("names that are in every object are no accounts", async () => {
  const store = accountList([]);
  expect(await store.lookUp("constructor", "__proto__")).toBeNull();
});

test("a file is read again when it has changed, and only its owner can read it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "accounts-"));
  try {
    const path = join(folder, "users");
    const store = accountFile(path);
    await expect(store.lookUp("alice", "")).rejects.toMatchObject({ code: "unavailable" });
    for (const user of ["alice", "bob"]) {
      await updateAccountFile(path, (before) => setPassword(before, { user, password: "x" }));
      expect(await store.lookUp(user, "")).toMatchObject({ user });
    }
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readFile(path, "utf8")).split("\n")).toHaveLength(3);
    await writeFile(path, "alice:1234\n");
    await expect(store.lookUp("alice", "")).rejects.toMatchObject({ code: "unavailable" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a changed file keeps its owner, and a link goes on leading to it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "accounts-"));
  try {
    const [file, link] = [join(folder, "users"), join(folder, "link")];
    await writeFile(file, "", { mode: 0o644 });
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(file, 12_345, 12_346);
    await symlink("users", link);
    await updateAccountFile(link, (text) => setPassword(text, { user: "alice", password: "x" }));
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(readAccounts(await readFile(file, "utf8"))).toHaveLength(1);
    const { mode, uid, gid } = await stat(file);
    expect(mode & 0o777).toBe(0o600);
    if (isRoot) expect([uid, gid]).toEqual([12_345, 12_346]);
    expect((await readdir(folder)).toSorted()).toEqual(["link", "users"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a hash shows in no inspection", () => {
  const shown = inspect(readAccounts(text), { depth: 9 }) + JSON.stringify(readAccounts(text));
  expect(shown).toContain("alice");
  expect(shown).not.toContain(hash);
});

/** Accounts in a file, which is read again when it has changed. */
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { SecurityError } from "@msrpc/rpc";
import type { AccountStore } from "./account.ts";
import { accountList } from "./account-list.ts";
import { readAccounts } from "./account-text.ts";

/** The accounts of a file; what is in it, `readAccounts` says. */
export function accountFile(path: string): AccountStore {
  let stamp = "";
  let store = accountList([]);
  return {
    async lookUp(user, domain) {
      try {
        const { mtimeMs, size, ino } = await stat(path);
        const now = `${mtimeMs} ${size} ${ino}`;
        if (now !== stamp) {
          store = accountList(readAccounts(await readFile(path, "utf8")));
          stamp = now;
        }
      } catch (cause) {
        throw new SecurityError("unavailable", `Accounts can't be read from ${path}`, { cause });
      }
      return store.lookUp(user, domain);
    },
  };
}

/**
 * Replaces an account file in one go, so that a server sees the old one or the new one; a file that is not
 * there is empty. Only its owner may read it: a hash is as good as a password.
 */
export async function updateAccountFile(
  path: string,
  update: (text: string) => string,
): Promise<void> {
  const before = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
  const text = update(before);
  const temporary = `${path}.${randomUUID()}`;
  try {
    // Exclusively: whoever may write into the folder could have put a link there.
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

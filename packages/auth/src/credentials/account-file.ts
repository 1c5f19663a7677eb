/** Accounts in a file, which is read again when it has changed. */
import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
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
 * there is empty. Only its owner may read it: a hash is as good as a password. The owner stays who it was, and
 * a link stays a link.
 */
export async function updateAccountFile(
  path: string,
  update: (text: string) => string,
): Promise<void> {
  const before = (await ifThere(readFile(path, "utf8"))) ?? "";
  const text = update(before);
  const target = await ifThere(realpath(path));
  const owner = target === null ? null : await stat(target);
  const temporary = `${target ?? path}.${randomUUID()}`;
  try {
    // Exclusively: whoever may write into the folder could have put a link there.
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(text);
    if (owner !== null) await keepOwner(file, owner);
    await file.sync();
    await rename(temporary, target ?? path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function keepOwner(file: FileHandle, { uid, gid }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
}

/** Null where there is no such file. */
function ifThere<T>(found: Promise<T>): Promise<T | null> {
  return found.catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
}

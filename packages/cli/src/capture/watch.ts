/** Secrets that open sealed traffic, as a command line names them. */
import {
  AccountFileError,
  ntHashOf,
  ntlmWatcher,
  readAccounts,
  Secret,
  type WatchedAccount,
} from "@msrpc/auth";
import type { FollowOptions } from "@msrpc/rpc/follow";
import type { Command } from "commander";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

export interface WatchOptions {
  readonly user?: string;
  readonly users?: string;
}

export function withWatchOptions(command: Command): Command {
  return command
    .option("-u, --user <account>", "whose NTLM-sealed traffic to read: DOMAIN\\name (MSRPC_USER)")
    .option("--users <file>", "an account file with the NT hashes of users, as of msrpc passwd");
}

/** Watchers for the accounts that are named; sessions of nobody are read in any case. */
export async function watcherOf(
  io: Io,
  { user = io.env("MSRPC_USER"), users }: WatchOptions,
): Promise<NonNullable<FollowOptions["watch"]>> {
  const accounts: WatchedAccount[] = users === undefined ? [] : [...accountsIn(io, users)];
  if (user !== undefined) {
    const password = io.env("MSRPC_PASSWORD") ?? (await io.secrets([`Password of ${user}: `]))[0];
    const name = user.replace(/^[^\\]*\\/, "").replace(/@[^@]*$/, "");
    accounts.push({ user: name, ntHash: new Secret(ntHashOf(password ?? "")) });
  }
  return ntlmWatcher(accounts);
}

function accountsIn(io: Io, file: string): readonly WatchedAccount[] {
  const text = io.read(file);
  if (text === null) throw new UsageError(`there is no file ${file}`);
  try {
    return readAccounts(text);
  } catch (error) {
    if (!(error instanceof AccountFileError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

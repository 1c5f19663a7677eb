/** `msrpc passwd`: the accounts that users log on to. */
import { Command } from "commander";
import { dirname } from "node:path";
import { AccountFileError, readAccounts, removeAccount, setPassword } from "@msrpc/auth";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

interface PasswdOptions {
  readonly domain?: string;
  readonly delete?: true;
  readonly list?: true;
}

export function passwdCommand(io: Io, finish: (code: number) => void): Command {
  return new Command("passwd")
    .description("set a user's password in an account file, which keeps its NT hash")
    .argument("<file>", "the account file; it is made where it isn't there")
    .argument("[user]", "whose password to set")
    .option("--domain <domain>", "the user's domain (default: none, so that any will do)")
    .option("--delete", "remove the user")
    .option("--list", "list the users, without their hashes")
    .addHelpText(
      "after",
      "\nThe password is asked for twice, or read from standard input where that is no terminal.\n" +
        "\nExamples:\n" +
        "  $ msrpc passwd users alice\n" +
        "  $ msrpc passwd users alice --domain EXAMPLE < password.txt\n" +
        "  $ msrpc passwd users alice --delete\n" +
        "  $ msrpc passwd users --list\n",
    )
    .action(async (file: string, user: string | undefined, options: PasswdOptions) => {
      try {
        await passwd(io, file, user, options);
        finish(0);
      } catch (error) {
        if (error instanceof RangeError) throw new UsageError(error.message);
        if (!(error instanceof AccountFileError)) throw error;
        for (const { line, message } of error.problems) io.err(`${file}:${line}: ${message}\n`);
        finish(1);
      }
    });
}

async function passwd(
  io: Io,
  file: string,
  user: string | undefined,
  { domain = "", ...options }: PasswdOptions,
): Promise<void> {
  if (options.list) {
    if (user !== undefined || options.delete) throw new UsageError("--list goes with a file alone");
    return list(io, file);
  }
  if (user === undefined) throw new UsageError("name a user, or give --list");
  const [, before = "", after = ""] = /^([^\\]*)\\(.*)$/.exec(user) ?? [];
  if (before !== "") throw new UsageError(`for ${user} give ${after} --domain ${before}`);
  const name = domain === "" ? user : `${domain}\\${user}`;
  if (options.delete) {
    if (!io.isFile(file)) throw new UsageError(`${file} is not there`);
    await io.replacePrivate(file, (text) => {
      const left = removeAccount(text, { user, domain });
      if (left === null) throw new UsageError(`${file} has no user ${name}`);
      return left;
    });
    io.out(`removed ${name} from ${file}\n`);
    return;
  }
  const folder = dirname(file);
  if (folder !== "." && !io.isFolder(folder)) throw new UsageError(`there is no folder ${folder}`);
  // What can't be written is to be known before a password is asked for.
  setPassword(io.read(file) ?? "", { user, domain, password: "" });
  const password = await newPassword(io, name);
  await io.replacePrivate(file, (text) => setPassword(text, { user, domain, password }));
  io.out(`set the password of ${name} in ${file}\n`);
}

async function newPassword(io: Io, name: string): Promise<string> {
  const [password = "", again = password] = await io.secrets([
    `New password of ${name}: `,
    "Once more: ",
  ]);
  if (password === "") throw new UsageError("the password is empty");
  if (password !== again) throw new UsageError("the passwords differ");
  return password;
}

function list(io: Io, file: string): void {
  const text = io.read(file);
  if (text === null) throw new UsageError(`${file} is not there`);
  for (const { user, domain, sid, groups = [], disabled } of readAccounts(text)) {
    const name = domain === "" ? user : `${domain}\\${user}`;
    const rest = [sid ?? "", groups.join(","), disabled ? "disabled" : ""];
    io.out(`${[name, ...rest.filter((field) => field !== "")].join("  ")}\n`);
  }
}

/**
 * The text of an account file: one account a line, fields between colons.
 *
 *     # DOMAIN\user : NT hash : SID : groups : flags
 *     EXAMPLE\alice:31d6cfe0d16ae931b73c59d7e0c089c0:S-1-5-21-1-2-3-1104:S-1-5-21-1-2-3-513:
 *     bob:31d6cfe0d16ae931b73c59d7e0c089c0:::disabled
 *
 * The hash is 32 hexadecimal digits, groups are SIDs between commas, the only flag is `disabled`. A user
 * without a domain may log on under any. Fields at the end may be left out, lines may be empty or comments.
 */
import { fromHex, toHex, upcase } from "../bytes.ts";
import { isSid } from "../descriptor/sid.ts";
import { ntHashOf } from "../ntlm/responses.ts";
import { Secret } from "../secret.ts";
import type { Account } from "./account.ts";

/** An account of a file. */
export interface AccountEntry extends Account {
  readonly disabled: boolean;
}

/** What is wrong with one line of an account file. */
export interface AccountProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** An account file that can't be used. Hashes are never part of a message. */
export class AccountFileError extends Error {
  override readonly name = "AccountFileError";
  readonly problems: readonly AccountProblem[];

  constructor(problems: readonly AccountProblem[]) {
    super(problems.map(({ line, message }) => `line ${line}: ${message}`).join("\n"));
    this.problems = problems;
  }
}

/** What no account name has in it, on Windows as well as here. */
const forbidden = /["/\\[\]:;|=,+*?<>\p{Cc}]/u;

/** The accounts of a file. @throws AccountFileError with every problem that there is */
export function readAccounts(text: string): readonly AccountEntry[] {
  const entries = new Map<string, AccountEntry>();
  const problems: AccountProblem[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (isBlank(line)) return;
    const entry = readLine(line);
    const key = typeof entry === "string" ? "" : keyOf(entry);
    if (typeof entry === "string") problems.push({ line: index + 1, message: entry });
    else if (entries.has(key)) {
      problems.push({ line: index + 1, message: `${nameOf(entry)} is there already` });
    } else entries.set(key, entry);
  });
  if (problems.length > 0) throw new AccountFileError(problems);
  return [...entries.values()];
}

/** The line of an account. */
export function writeAccount(entry: AccountEntry): string {
  const { ntHash, sid = "", groups = [], disabled } = entry;
  const flags = disabled ? "disabled" : "";
  return [nameOf(entry), toHex(ntHash.reveal()), sid, groups.join(","), flags].join(":");
}

/**
 * The file with a new password for a user, who is added where there is none of that name. All other lines
 * stay as they are.
 *
 * @throws AccountFileError
 * @throws RangeError for a name that no account can have
 */
export function setPassword(
  text: string,
  { user, domain = "", password }: { user: string; domain?: string; password: string },
): string {
  if (user === "") throw new RangeError("An account needs a user name");
  const [character] = forbidden.exec(user) ?? forbidden.exec(domain) ?? [];
  if (character !== undefined) {
    throw new RangeError(`An account name can't have the character ${JSON.stringify(character)}`);
  }
  const before = readAccounts(text).find((entry) => keyOf(entry) === keyOf({ user, domain }));
  const ntHash = new Secret(ntHashOf(password));
  const line = writeAccount({ user, domain, disabled: false, ...before, ntHash });
  if (before === undefined) {
    const separator = text === "" || text.endsWith("\n") ? "" : "\n";
    return `${text}${separator}${line}\n`;
  }
  return replaceLine(text, before, line);
}

/** The file without a user; null where there is none of that name. @throws AccountFileError */
export function removeAccount(
  text: string,
  { user, domain = "" }: { user: string; domain?: string },
): string | null {
  const before = readAccounts(text).find((entry) => keyOf(entry) === keyOf({ user, domain }));
  return before === undefined ? null : replaceLine(text, before, null);
}

function replaceLine(text: string, entry: AccountEntry, line: string | null): string {
  const lines = text.split("\n");
  const at = lines.findIndex((candidate) => {
    const read = isBlank(candidate) ? "" : readLine(candidate.replace(/\r$/, ""));
    return typeof read !== "string" && keyOf(read) === keyOf(entry);
  });
  return lines.toSpliced(at, 1, ...(line === null ? [] : [line])).join("\n");
}

function isBlank(line: string): boolean {
  return /^\s*(?:#.*)?$/.test(line);
}

/** The account of a line, or what is wrong with it. */
function readLine(line: string): AccountEntry | string {
  const [name = "", digits = "", sid = "", groupList = "", flags = "", ...rest] = line.split(":");
  if (rest.length > 0) return "has more than five fields";
  const at = name.indexOf("\\");
  const user = name.slice(at + 1);
  const domain = at < 0 ? "" : name.slice(0, at);
  if (user === "" || forbidden.test(user) || forbidden.test(domain))
    return "has no valid user name";
  const hash = fromHex(digits);
  if (hash?.length !== 16) return "has no NT hash of 32 hexadecimal digits";
  const groups = groupList === "" ? [] : groupList.split(",");
  if (sid !== "" && !isSid(sid)) return "has a SID that is none";
  if (!groups.every((group) => isSid(group))) return "has a group that is no SID";
  if (flags !== "" && flags !== "disabled") return "has a flag other than disabled";
  return {
    user,
    domain,
    ntHash: new Secret(hash),
    ...(sid === "" ? {} : { sid }),
    ...(groups.length === 0 ? {} : { groups }),
    disabled: flags === "disabled",
  };
}

function nameOf({ user, domain }: Pick<Account, "user" | "domain">): string {
  return domain === "" ? user : `${domain}\\${user}`;
}

/** Names are the same whatever their case. */
function keyOf(account: Pick<Account, "user" | "domain">): string {
  return upcase(nameOf(account));
}

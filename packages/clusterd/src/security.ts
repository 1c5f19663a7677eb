/** Who may log on, and what callers may do. */
import { readFile } from "node:fs/promises";
import {
  accountFile,
  accountList,
  DescriptorError,
  ntlmServer,
  readSddl,
  type SecurityDescriptor,
  type ServerMechanism,
  spnegoServer,
} from "@msrpc/auth";
import type { ServerSecurityProvider } from "@msrpc/rpc";
import { type AccessPolicy, either, loggedOnMay, securityPolicy } from "@msrpc/cluster";
import type { May, Options } from "./options.ts";

type SecurityOptions = Pick<
  Options,
  "users" | "usersMay" | "keytab" | "keytabMay" | "security" | "testMode"
>;

/**
 * The mechanisms that clients may log on by.
 *
 * @throws what is wrong with the files: it is to be known now, and not at the first logon
 */
export async function mechanismsOf(options: SecurityOptions): Promise<ServerSecurityProvider[]> {
  const { users, keytab, testMode } = options;
  const accounts = users === null ? accountList([]) : accountFile(users);
  await accounts.lookUp("", "");
  const mechanisms: ServerMechanism[] = [ntlmServer({ accounts, allowAnonymous: testMode })];
  if (keytab !== null) {
    demandKeytab(keytab, await readFile(keytab));
    // Native code, which whoever has no keytab need not have.
    const { kerberosServer } = await import("@msrpc/auth/kerberos");
    mechanisms.unshift(kerberosServer({ keytab }));
  }
  return [...mechanisms, spnegoServer(mechanisms)];
}

/**
 * Whether keys are those that tickets are for is only seen when there is one.
 *
 * @throws TypeError for what is no keytab, or has no key in it: version 5.1 or 5.2, then entries after their sizes
 */
function demandKeytab(file: string, octets: Uint8Array): void {
  const isKeytab = octets[0] === 5 && (octets[1] === 1 || octets[1] === 2) && octets.length > 6;
  if (!isKeytab) throw new TypeError(`--keytab ${file} is no file with keys`);
}

/**
 * Accounts of a file have no SIDs, nor have tickets of realms that are no domain: what their owners may do is said beside
 * the descriptor.
 *
 * @throws TypeError for what is no security descriptor
 */
export function policyOf(options: SecurityOptions): AccessPolicy {
  const { security, usersMay, keytabMay, testMode } = options;
  if (testMode) return () => "all";
  const bySecurity = securityPolicy(security === null ? undefined : descriptorOf(security));
  const byUsers = mechanismMay("ntlm", usersMay);
  return either(bySecurity, either(byUsers, mechanismMay("kerberos", keytabMay)));
}

function mechanismMay(mechanism: string, may: May): AccessPolicy {
  if (may === "nothing") return () => null;
  const byLogon = loggedOnMay(may);
  return (caller) => (caller.principal?.mechanism === mechanism ? byLogon(caller) : null);
}

function descriptorOf(sddl: string): SecurityDescriptor {
  try {
    return readSddl(sddl);
  } catch (cause) {
    if (!(cause instanceof DescriptorError)) throw cause;
    throw new TypeError(`--security: ${cause.message}`, { cause });
  }
}

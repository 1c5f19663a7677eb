/** Who logs on in tests, and what servers need for it. */
import {
  accountList,
  type AccountStore,
  readAccounts,
  type ServerMechanism,
  setPassword,
  spnegoServer,
} from "@msrpc/auth";
import type { ServerSecurityProvider } from "@msrpc/rpc";

interface Credentials {
  readonly user: string;
  readonly domain?: string;
  readonly password: string;
}

export const alice = { user: "alice", domain: "EXAMPLE", password: "Passw0rd.2" } as const;

/** The same as Samba's commands take it. */
export const aliceOfSamba: string = `${alice.domain}\\${alice.user}%${alice.password}`;

/** What a server knows of them, as from a file, each in the same groups. */
export function storeOf(
  credentials: readonly Credentials[],
  groups: readonly string[] = [],
): AccountStore {
  const text = credentials.reduce((lines, one) => setPassword(lines, one), "");
  return accountList(readAccounts(text).map((account) => ({ ...account, groups })));
}

/** Each mechanism by itself, and SPNEGO with all of them. */
export function withSpnego(...mechanisms: readonly ServerMechanism[]): ServerSecurityProvider[] {
  return [...mechanisms, spnegoServer(mechanisms)];
}

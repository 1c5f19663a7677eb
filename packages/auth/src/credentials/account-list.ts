/** Finds an account by what a client claims. */
import { upcase } from "../bytes.ts";
import type { Account, AccountStore } from "./account.ts";
import type { AccountEntry } from "./account-text.ts";

/** A store of accounts that stay as they are. */
export function accountList(accounts: readonly (Account | AccountEntry)[]): AccountStore {
  const byUser = Map.groupBy(accounts, ({ user }) => upcase(user));
  return {
    lookUp(user, domain) {
      const found = pick(byUser.get(upcase(user)) ?? [], upcase(domain));
      return found === undefined || ("disabled" in found && found.disabled) ? null : found;
    },
  };
}

/** That of the domain, else one that is in none; a client that claims no domain gets the only one. */
function pick<A extends Account>(named: readonly A[], domain: string): A | undefined {
  const same = named.find((account) => upcase(account.domain) === domain);
  const anywhere = named.find((account) => account.domain === "");
  return same ?? anywhere ?? (domain === "" && named.length === 1 ? named[0] : undefined);
}

/** What a client proves itself with. */
import { SecurityError } from "@msrpc/rpc";
import { lmHashOf, ntHashOf } from "../ntlm/responses.ts";
import { Secret } from "../secret.ts";

/** A user with a password or the NT hash of one, or nobody. */
export type NtlmCredentials =
  | { readonly user: string; readonly domain?: string; readonly password: string }
  | { readonly user: string; readonly domain?: string; readonly ntHash: Secret | Uint8Array }
  | { readonly anonymous: true };

/** A user whose password was reduced to hashes. */
export interface UserKey {
  readonly user: string;
  readonly domain: string;
  readonly ntHash: Secret;
  readonly lmHash: Secret | null;
}

/**
 * Null for nobody. The LM hash is made only where it is to be used.
 *
 * @throws SecurityError no_credentials: no user, no password, or a hash that is not one
 */
export function userKeyOf(credentials: NtlmCredentials, needsLm: boolean): UserKey | null {
  if ("anonymous" in credentials) return null;
  const { user, domain = "" } = credentials;
  if (user === "") throw new SecurityError("no_credentials", "NTLM needs a user name");
  if ("ntHash" in credentials) {
    const { ntHash } = credentials;
    const secret = ntHash instanceof Secret ? ntHash : new Secret(ntHash);
    if (secret.reveal().length !== 16) {
      throw new SecurityError("no_credentials", "An NT hash has 16 octets");
    }
    return { user, domain, ntHash: secret, lmHash: null };
  }
  if (typeof credentials.password !== "string") {
    throw new SecurityError("no_credentials", "NTLM needs a password, or its NT hash");
  }
  const lm = needsLm ? lmHashOf(credentials.password) : null;
  return {
    user,
    domain,
    ntHash: new Secret(ntHashOf(credentials.password)),
    lmHash: lm === null ? null : new Secret(lm),
  };
}

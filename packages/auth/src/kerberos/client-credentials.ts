/** What a client proves itself with. */
import { randomUUID } from "node:crypto";
import { SecurityError } from "@msrpc/rpc";
import { Secret } from "../secret.ts";
import { acquireByPassword, acquireCredential, once } from "./credential.ts";
import type { Gssapi } from "./native/gssapi.ts";
import type { NativeHandle } from "./native/handle.ts";

/**
 * Where tickets come from. Without `password` and `clientKeytab`: from a cache that `kinit` has filled, the
 * one of `KRB5CCNAME` or of `krb5.conf` where none is named.
 */
export interface KerberosCredentials {
  /** `alice@EXAMPLE.COM`; without a realm, in the default one. Default: whom the cache or the keytab is of. */
  readonly principal?: string;
  /** A cache of tickets: `FILE:/tmp/krb5cc_1000`, `KCM:`. */
  readonly ccache?: string;
  /** A file with the user's keys, of which tickets are got when they are needed. */
  readonly clientKeytab?: string;
  /** The principal's password, of which tickets are got when they are needed. */
  readonly password?: string;
}

export interface CredentialSource {
  acquire(gss: Gssapi): Promise<NativeHandle>;
  /** All contexts get the same credential, which none of them disposes of. */
  readonly isShared: boolean;
}

/** @throws SecurityError no_credentials: what is given does not go together */
export function credentialSource(credentials: KerberosCredentials): CredentialSource {
  const { principal, ccache, clientKeytab, password } = credentials;
  if (password !== undefined) {
    if (principal === undefined) throw unusable("a password needs the principal that it is of");
    if (ccache !== undefined || clientKeytab !== undefined) {
      throw unusable("a password takes the place of ccache and clientKeytab");
    }
    const secret = new Secret(Buffer.from(password, "utf8"));
    return shared((gss) => acquireByPassword(gss, principal, secret.reveal()));
  }
  if (clientKeytab !== undefined) {
    const store = {
      client_keytab: clientKeytab,
      // The user's own cache is left alone.
      ccache: ccache ?? `MEMORY:${randomUUID()}`,
    };
    return shared((gss) => acquireCredential(gss, { side: "client", principal, store }));
  }
  // Another `kinit` counts from the next connection on.
  const wanted = { side: "client", principal, store: { ccache } } as const;
  return { isShared: false, acquire: (gss) => acquireCredential(gss, wanted) };
}

/** The library gets another ticket in the credential when the first is about to expire. */
function shared(acquire: (gss: Gssapi) => Promise<NativeHandle>): CredentialSource {
  return { isShared: true, acquire: once(acquire) };
}

function unusable(what: string): SecurityError {
  return new SecurityError("no_credentials", `Kerberos: ${what}`);
}

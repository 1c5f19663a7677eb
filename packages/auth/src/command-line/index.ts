/** Credentials as command lines give them: by options, the environment, a prompt, or tickets that are there. */
import type { ClientSecurityProvider } from "@msrpc/rpc";
import type { NtlmCredentials } from "../credentials/client-credentials.ts";
import type { KerberosClientOptions, KerberosCredentials } from "../kerberos/index.ts";
import type { ClientMechanism } from "../mechanism.ts";
import { ntlmClient } from "../ntlm/client.ts";
import { spnegoClient } from "../spnego/client.ts";

/** What a command line says of who calls. */
export interface AccountOptions {
  /** `DOMAIN\name`, `name@domain` or a name alone. Default: nobody, or with `kerberos` whom the tickets are of. */
  readonly user?: string | undefined;
  /** Kerberos is tried first; NTLM after it, where there is a user. */
  readonly kerberos?: boolean | undefined;
  /** Of Kerberos: which service is called. */
  readonly service?: KerberosClientOptions | undefined;
  /** The user's password. */
  password(user: string): Promise<string>;
}

/**
 * Credentials for a client: an account for NTLM, a provider that negotiates Kerberos, or null for nobody.
 *
 * @throws RangeError for a user without a name
 */
export async function credentialsOf(
  options: AccountOptions,
): Promise<NtlmCredentials | ClientSecurityProvider | null> {
  const { user: name, kerberos = false } = options;
  if (name === undefined) return kerberos ? spnegoClient([await kerberosOf(options, {})]) : null;
  const account = accountOf(name);
  const password = await options.password(name);
  if (!kerberos) return { ...account, password };
  const principal = account.domain === "" ? account.user : `${account.user}@${account.domain}`;
  return spnegoClient([
    await kerberosOf(options, { principal, password }),
    ntlmClient({ ...account, password }),
  ]);
}

function accountOf(name: string): { readonly user: string; readonly domain: string } {
  const [, before, after] = /^([^\\]*)\\(.+)$/.exec(name) ?? [];
  if (before !== undefined && after !== undefined) return { domain: before, user: after };
  const at = name.lastIndexOf("@");
  if (at > 0) return { user: name.slice(0, at), domain: name.slice(at + 1) };
  if (name === "") throw new RangeError("--user takes DOMAIN\\name");
  return { user: name, domain: "" };
}

/** Native code is loaded only where somebody asks for it. */
async function kerberosOf(
  { service }: AccountOptions,
  credentials: KerberosCredentials,
): Promise<ClientMechanism> {
  const { kerberosClient } = await import("../kerberos/index.ts");
  return kerberosClient(credentials, service);
}

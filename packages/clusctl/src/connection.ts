/** From the options of a command line to the cluster that they name. */
import { type ClientMechanism, type NtlmCredentials, ntlmClient, spnegoClient } from "@msrpc/auth";
import type { KerberosCredentials } from "@msrpc/auth/kerberos";
import { type Cluster, type ConnectOptions, serviceClass } from "@msrpc/clusapi";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly server?: string;
  readonly user?: string;
  readonly kerberos?: true;
  readonly target?: string;
  readonly json?: true;
  readonly yes?: true;
  readonly timeout?: string;
}

export async function connect(io: Io, options: GlobalOptions): Promise<Cluster> {
  const server = options.server ?? io.env("CLUSCTL_SERVER");
  if (server === undefined || server === "") {
    throw new UsageError("name a node of the cluster: --server HOST, or CLUSCTL_SERVER");
  }
  const credentials = await credentialsOf(io, options);
  return await io.connect(bindingOf(server), {
    ...(credentials && { credentials }),
    ...(options.timeout !== undefined && { timeout: milliseconds(options.timeout) }),
  });
}

/** A host alone, `host[port]`, or a string binding as it is. */
function bindingOf(server: string): string {
  return /^ncac[n\w]*:/.test(server) ? server : `ncacn_ip_tcp:${server}`;
}

function milliseconds(seconds: string): number {
  const number = Number(seconds);
  if (!(number > 0) || number > 86_400) {
    throw new UsageError(`--timeout takes seconds, from 1 to 86400, and not "${seconds}"`);
  }
  return number * 1000;
}

async function credentialsOf(
  io: Io,
  options: GlobalOptions,
): Promise<ConnectOptions["credentials"] | null> {
  const name = options.user ?? io.env("CLUSCTL_USER");
  if (name === undefined) {
    return options.kerberos === true ? spnegoClient([await kerberos(options, {})]) : null;
  }
  const account = accountOf(name);
  const password = io.env("CLUSCTL_PASSWORD") ?? (await io.askSecret(`Password of ${name}: `));
  if (options.kerberos !== true) return { ...account, password };
  const principal = account.domain === "" ? account.user : `${account.user}@${account.domain}`;
  return spnegoClient([
    await kerberos(options, { principal, password }),
    ntlmClient({ ...account, password }),
  ]);
}

/** `DOMAIN\name`, `name@domain` or a name alone. */
function accountOf(name: string): Omit<
  Extract<NtlmCredentials, { password: string }>,
  "password"
> & {
  domain: string;
} {
  const [, before, after] = /^([^\\]*)\\(.+)$/.exec(name) ?? [];
  if (before !== undefined && after !== undefined) return { domain: before, user: after };
  const at = name.lastIndexOf("@");
  if (at > 0) return { user: name.slice(0, at), domain: name.slice(at + 1) };
  if (name === "") throw new UsageError("--user takes DOMAIN\\name");
  return { user: name, domain: "" };
}

/** Native code is loaded only where somebody asks for it. */
async function kerberos(
  { target }: GlobalOptions,
  credentials: KerberosCredentials,
): Promise<ClientMechanism> {
  const { kerberosClient } = await import("@msrpc/auth/kerberos");
  const service = target === undefined ? { service: serviceClass } : { target };
  return kerberosClient(credentials, service);
}

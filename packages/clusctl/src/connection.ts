/** From the options of a command line to the cluster that they name. */
import { credentialsOf } from "@msrpc/auth/command-line";
import { type Cluster, serviceClass } from "@msrpc/clusapi";
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
  const { target, kerberos, user = io.env("CLUSCTL_USER") } = options;
  const credentials = await credentialsOf({
    user,
    kerberos,
    service: target === undefined ? { service: serviceClass } : { target },
    password: async (name) =>
      io.env("CLUSCTL_PASSWORD") ?? (await io.askSecret(`Password of ${name}: `)),
  });
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

/** From the options of a command line to the cluster that they name. */
import { credentialsOf } from "@msrpc/auth/command-line";
import { type Cluster, serviceClass } from "@msrpc/clusapi";
import { TransportError } from "@msrpc/rpc";
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
  readonly protocol?: "2" | "3";
  readonly passwordFile?: string;
}

export async function connect(io: Io, options: GlobalOptions): Promise<Cluster> {
  const server = options.server ?? io.env("CLUSCTL_SERVER");
  if (server === undefined || server === "") {
    throw new UsageError("name a node of the cluster: --server HOST, or CLUSCTL_SERVER");
  }
  const { target, kerberos, user = io.env("CLUSCTL_USER") } = options;
  if (user === undefined && options.passwordFile !== undefined) {
    throw new UsageError("--password-file goes with --user");
  }
  const credentials = await credentialsOf({
    user,
    kerberos,
    service: target === undefined ? { service: serviceClass } : { target },
    password: (name) => passwordOf(io, options, name),
  });
  const binding = bindingOf(server);
  const connecting = io.connect(binding, {
    ...(credentials && { credentials }),
    ...(options.timeout !== undefined && { timeout: milliseconds(options.timeout) }),
    ...(options.protocol === "2" && { version: 2 as const }),
  });
  return await connecting.catch((cause: unknown) => {
    const isOther = cause instanceof TransportError && cause.code === "protocol";
    if (!isOther) throw cause;
    throw new TransportError("protocol", `${binding}: what answers there isn't RPC`, { cause });
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

/** Of a file the first line; from the environment; or as it is typed. Never from the command line, which others can read. */
async function passwordOf(io: Io, { passwordFile }: GlobalOptions, name: string): Promise<string> {
  if (passwordFile === undefined) {
    return io.env("CLUSCTL_PASSWORD") ?? (await io.askSecret(`Password of ${name}: `));
  }
  const [line = ""] = (await io.read(passwordFile)).split(/\r?\n/);
  if (line === "") throw new UsageError(`${passwordFile} has no password in its first line`);
  return line;
}

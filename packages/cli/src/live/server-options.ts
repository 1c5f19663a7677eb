/** Options of commands that call a server, and the connections they ask for. */
import { clientSecurity } from "@msrpc/auth";
import { credentialsOf } from "@msrpc/auth/command-line";
import { type AuthLevel, authLevels, BindingError, parseBinding } from "@msrpc/rpc";
import { tcpTransport, type TcpTransport } from "@msrpc/rpc/tcp";
import { resolveEndpoint } from "@msrpc/services";
import { Option, type Command } from "commander";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

export interface ServerOptions {
  readonly user?: string;
  readonly kerberos?: true;
  readonly target?: string;
  readonly level?: AuthLevel;
  readonly timeout?: number;
}

const help =
  "\nThe password is taken from MSRPC_PASSWORD, or asked for, or read from standard input where that is no terminal." +
  "\nWithout --user and --kerberos nobody logs on. --kerberos alone uses the tickets of kinit.\n";

/** Adds `--user`, `--kerberos`, `--target`, `--level` and `--timeout` to a command. */
export function withServerOptions(command: Command): Command {
  return command
    .option("-u, --user <account>", "who you are: DOMAIN\\name (MSRPC_USER)")
    .option("--kerberos", "log on by Kerberos, with your tickets or as --user")
    .option("--target <spn>", "the service's Kerberos name (default: host/HOST)")
    .addOption(
      new Option("--level <level>", "how calls are protected (default: privacy)").choices(
        Object.keys(authLevels),
      ),
    )
    .addOption(
      new Option("--timeout <seconds>", "how long a call may take")
        .argParser(secondsIn)
        .default(30),
    )
    .addHelpText("after", help);
}

function secondsIn(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new UsageError(`--timeout takes seconds, from 1 to 86400, and not "${text}"`);
}

/**
 * A transport to a server, with the credentials that the options ask for; nothing is connected yet.
 *
 * @throws UsageError for what is no binding, or asks for a level without credentials
 */
export async function connect(
  io: Io,
  binding: string,
  { user = io.env("MSRPC_USER"), kerberos, target, level }: ServerOptions,
): Promise<TcpTransport> {
  return await asUsage(async () => {
    parseBinding(binding);
    const credentials = await credentialsOf({
      user,
      kerberos,
      service: target === undefined ? {} : { target },
      password: async (name) =>
        io.env("MSRPC_PASSWORD") ?? (await io.secrets([`Password of ${name}: `]))[0] ?? "",
    });
    return tcpTransport(binding, {
      resolveEndpoint,
      ...(credentials && { security: clientSecurity(credentials) }),
      ...(level && { level }),
    });
  });
}

/** What bindings and options can't be is the user's to hear. */
async function asUsage<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    const isMisuse =
      error instanceof BindingError || error instanceof TypeError || error instanceof RangeError;
    throw isMisuse ? new UsageError(error.message) : error;
  }
}

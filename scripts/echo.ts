// Serves rpcecho, or calls it: the programs of examples/echo.
import { call } from "@msrpc/examples/echo/client";
import { serve } from "@msrpc/examples/echo/server";

const usage = `Usage:
  pnpm echo --listen BINDING [--users FILE] [--keytab FILE] [--allow-anonymous]
  pnpm echo --call BINDING [--user [DOMAIN\\]NAME[%PASSWORD]] [--target SPN]

--users       accounts for NTLM, a file made by \`pnpm msrpc passwd\`
--keytab      keys for Kerberos
--allow-anonymous
              lets clients log on to NTLM as nobody; those that do not log on at all may call in any case
--user        whom to log on as; the password may also be in the environment, as PASSWD
--target      the server's Kerberos name (default: host/ and the host of the binding)

Examples:
  $ pnpm echo --listen 'ncacn_ip_tcp:127.0.0.1[49152]'
  $ pnpm echo --call 'ncacn_ip_tcp:127.0.0.1[49152]'
  $ pnpm echo --call 'ncacn_ip_tcp:127.0.0.1[49152,ntlm,seal]' --user 'alice%secret'
  $ pnpm echo --call 'ncacn_ip_tcp:server.example.com[krb5]'   # asks the server's endpoint mapper, with tickets of kinit
`;

const args = process.argv.slice(2);
const isNamed = (name: string): boolean =>
  args.some((arg) => arg === name || arg.startsWith(`${name}=`));

/** A message with those of its causes, down to the first one, each once. */
function because(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses each has a cause of its own.
  const { message } = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  if (error.cause === undefined) return message;
  const why = because(error.cause);
  return message.includes(why) ? message : `${message}: ${why}`;
}

/** An option that there isn't, as one that is mistyped. */
const options = new Set([
  "--listen",
  "--call",
  "--users",
  "--keytab",
  "--allow-anonymous",
  "--user",
  "--target",
]);
const unknown = args.find((arg) => arg.startsWith("--") && !options.has(arg.split("=")[0] ?? ""));

if (isNamed("--help") || isNamed("-h")) {
  console.log(usage);
} else if (unknown !== undefined) {
  console.error(`error: there is no option ${unknown}\n\n${usage}`);
  process.exitCode = 2;
} else if (isNamed("--listen") === isNamed("--call")) {
  console.error(`error: give either --listen or --call\n\n${usage}`);
  process.exitCode = 2;
} else {
  try {
    await (isNamed("--call") ? call(args) : serve(args));
  } catch (error) {
    console.error(`error: ${because(error)}`);
    process.exitCode = error instanceof TypeError || error instanceof SyntaxError ? 2 : 1;
  }
}

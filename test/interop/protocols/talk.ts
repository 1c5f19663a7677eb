// Clients of ours and tools of Samba's for the same server, and the values that both speak of.
import { ntlmClient } from "@msrpc/auth";
import {
  type AnyOperation,
  type Client,
  createClient,
  type InterfaceDescriptor,
  RpcError,
  RpcFault,
} from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { resolveEndpoint } from "@msrpc/services";
import { run, tryRun } from "../support/command.ts";
import { demand } from "../support/report.ts";

/** A server of Samba's and who we are to it. */
export interface Server {
  /** A string binding, as ours and as Samba's programs read it. */
  readonly binding: string;
  readonly sambaBinding: string;
  readonly user: { readonly user: string; readonly domain: string; readonly password: string };
  /** smb.conf for Samba's programs. */
  readonly configuration: string;
}

export const MAXIMUM_ALLOWED = 0x02000000;

/** A client over a connection that NTLM seals; disposing of it ends both. */
export function clientOf<T extends Readonly<Record<string, AnyOperation>>>(
  server: Server,
  descriptor: InterfaceDescriptor<T>,
): Client<T> {
  const security = ntlmClient(server.user);
  const transport = tcpTransport(server.binding, { security, level: "privacy", resolveEndpoint });
  return createClient(descriptor, transport);
}

/** What rpcclient prints for a command. */
export function rpcclient(server: Server, command: string): string {
  return run("rpcclient", argumentsFor(server, command));
}

/** The error that it prints for one that fails, without its beginning: `INVALID_NAME`. */
export function rpcclientError(server: Server, command: string): string {
  const { stdout, stderr } = tryRun("rpcclient", argumentsFor(server, command));
  return found(stdout + stderr, /(?:WERR|NT_STATUS)_(\w+)/)[0] ?? "";
}

function argumentsFor(server: Server, command: string): readonly string[] {
  const { user, domain, password } = server.user;
  const who = ["-s", server.configuration, "-U", `${domain}/${user}%${password}`];
  return [...who, server.sambaBinding, "-c", command];
}

/** The name of the status, or of the fault, that a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  const error = await call.catch((thrown: unknown) => thrown);
  const isFailure = error instanceof RpcError || error instanceof RpcFault;
  demand(isFailure, `it did not fail: ${String(error)}`);
  return error.statusName;
}

/** The groups of the first line that the pattern finds. */
export function found(text: string, pattern: RegExp): readonly string[] {
  const match = pattern.exec(text);
  demand(match !== null, `${String(pattern)} is not in: ${text.slice(0, 400)}`);
  return match.slice(1);
}

/** Two lists of the same things in any order. */
export function same(what: string, ours: readonly string[], theirs: readonly string[]): void {
  demand(ours.length > 0, `no ${what}`);
  const [left, right] = [ours, theirs].map((list) => list.toSorted().join("\n"));
  demand(left === right, `${what}: ours ${left}, Samba's ${right}`);
}

/** One thing that both say. */
export function equal(what: string, ours: unknown, theirs: unknown): void {
  const [left, right] = [ours, theirs].map((value) => String(value));
  demand(left === right, `${what}: ours ${left}, Samba's ${right}`);
}

/** What Samba's own Python client gets. */
export function sambaSays(server: Server, what: string, argument: string): unknown {
  const { user, domain, password } = server.user;
  const script = new URL("samba-says.py", import.meta.url).pathname;
  const args = [server.configuration, server.sambaBinding, domain, user, password, what, argument];
  return JSON.parse(run("/usr/bin/python3", [script, ...args])) as unknown;
}

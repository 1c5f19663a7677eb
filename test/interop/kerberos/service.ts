// rpcecho behind Kerberos: a server that remembers who called, clients of it, and what has to fail.
import { echoHandlers } from "@msrpc/examples/echo/handlers";
import {
  type Caller,
  type ClientSecurityProvider,
  createClient,
  createRouter,
  type ServerSecurityProvider,
} from "@msrpc/rpc";
import { type TcpOptions, tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { demand } from "../support/report.ts";

/** Who calls. */
export const alice = { principal: "alice", password: "correct horse" };

export const levels = ["connect", "packet", "integrity", "privacy"] as const;

export interface Service extends AsyncDisposable {
  readonly binding: string;
  /** In the order of their calls. */
  readonly callers: Caller[];
  /** Why connections were ended. */
  readonly errors: unknown[];
}

export async function serve(
  address: string,
  security: readonly ServerSecurityProvider[],
): Promise<Service> {
  const callers: Caller[] = [];
  const errors: unknown[] = [];
  const router = createRouter({ onError: (error) => errors.push(error) }).serve(rpcecho, {
    ...echoHandlers,
    echoData({ data }, { caller }) {
      callers.push(caller);
      return { data };
    },
  });
  const server = tcpServer(router, { security, onError: (error) => errors.push(error) });
  const binding = await server.listen(`ncacn_ip_tcp:${address}[0]`);
  return { binding, callers, errors, [Symbol.asyncDispose]: () => server.close({ graceTime: 0 }) };
}

/** Octets that are not all the same. */
export function octetsOf(length: number): Uint8Array {
  return new Uint8Array(length).map((_, index) => index % 251);
}

/** Calls for each length; throws where something else comes back. */
export async function echoAll(
  binding: string,
  options: TcpOptions,
  lengths: readonly number[] = [0, 1, 1000, 100_000],
): Promise<void> {
  await using transport = tcpTransport(binding, options);
  const client = createClient(rpcecho, transport);
  for (const length of lengths) {
    const { data } = await client.echoData({ data: octetsOf(length) });
    demand(Buffer.from(data).equals(octetsOf(length)), `${length} octets came back changed`);
  }
}

/** What a client hears that must not get through: the problem, the code, or the message. */
export async function refusalOf(
  binding: string,
  security: ClientSecurityProvider,
): Promise<string> {
  try {
    await echoAll(binding, { security, level: "privacy" }, [1]);
    return "nothing";
  } catch (error) {
    const { cause } = error as Error;
    if (cause instanceof Error && "problem" in cause) return String(cause.problem);
    if (cause instanceof Error && "code" in cause) return String(cause.code);
    return error instanceof Error ? error.message : String(error);
  }
}

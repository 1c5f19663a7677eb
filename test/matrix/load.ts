/** Calls in numbers and sizes, whose results are compared octet by octet. */
import { echoHandlers } from "@msrpc/examples/echo/handlers";
import { type Client, createClient, createRouter } from "@msrpc/rpc";
import { tcpServer, type TcpTransport, tcpTransport } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { withSpnego } from "../support/accounts.ts";
import type { Combination, MatrixMechanism } from "./axes.ts";

/** What is asked of a server. */
export interface Load {
  readonly connections: number;
  /** Calls in flight at once, over all connections. */
  readonly inFlight: number;
  readonly calls: number;
  /** Octets of the payload of a call, by its number. */
  readonly payload: (call: number) => number;
}

export interface MatrixServer extends AsyncDisposable {
  readonly binding: string;
  /** What went wrong at the server and its clients were not told. */
  readonly errors: unknown[];
  readonly connections: number;
}

const mebibyte = 1 << 20;

/** A server of rpcecho that takes the mechanisms, sends fragments of this size, and takes large calls. */
export async function matrixServer(
  mechanisms: readonly MatrixMechanism[],
  maxFragment: number,
): Promise<MatrixServer> {
  const errors: unknown[] = [];
  const router = createRouter({ onError: (error) => errors.push(error) });
  const server = tcpServer(router.serve(rpcecho, echoHandlers), {
    security: withSpnego(...mechanisms.map(({ server }) => server)),
    onError: (error) => errors.push(error),
    limits: { maxFragment, maxRequest: 17 * mebibyte, maxRequestsTotal: 256 * mebibyte },
  });
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  return {
    binding,
    errors,
    get connections() {
      return server.connections;
    },
    [Symbol.asyncDispose]: () => server.close({ graceTime: 2000 }),
  };
}

/** Puts the load on the server. @throws Error that says which call gave what it should not */
export async function run(
  binding: string,
  { options }: Combination,
  { connections, inFlight, calls, payload }: Load,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const clients = Array.from({ length: connections }, () => {
    const transport: TcpTransport = stack.use(tcpTransport(binding, options));
    return stack.use(createClient(rpcecho, transport));
  });
  let next = 0;
  const work = async (): Promise<void> => {
    for (let call = next++; call < calls; call = next++) {
      const client = clients[call % connections];
      if (client !== undefined) await once(client, call, payload(call));
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, calls) }, work));
}

/** Octets that tell their place and their call. */
function octetsOf(call: number, length: number): Buffer {
  const octets = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at++) octets[at] = (at * 7 + (at >> 8) + call * 13) & 0xff;
  return octets;
}

async function once(
  client: Client<(typeof rpcecho)["operations"]>,
  call: number,
  length: number,
): Promise<void> {
  const sent = octetsOf(call, length);
  const { data } = await client.echoData({ data: sent });
  if (Buffer.compare(sent, data) !== 0) {
    throw new Error(`call ${call}: ${length} octets came back as ${data.length} others`);
  }
  const { sum } = await client.addOne({ number: call });
  if (sum !== call + 1) throw new Error(`call ${call}: ${sum} is not ${call} and one`);
}

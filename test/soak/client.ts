/** What one of many clients does: calls of all kinds, on one connection after the other. */
import { setTimeout as delay } from "node:timers/promises";
import { clusapi3 } from "@msrpc/ms-cmrp";
import { type Client, createClient, RpcFault, TransportError } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { type Random } from "../interop/support/random.ts";
import { combinations, ntlm } from "../matrix/axes.ts";

/** How often what happened. */
export type Tally = Record<string, number>;

interface Clients {
  readonly echo: Client<(typeof rpcecho)["operations"]>;
  readonly cluster: Client<(typeof clusapi3)["operations"]>;
}

type Act = (clients: Clients, random: Random) => Promise<void>;

/** What a call that was given up rejects with. */
const givenUp: ReadonlySet<string> = new Set(["TimeoutError", "AbortError"]);

/** By what it is called in the tally; a kind that stands twice comes twice as often. */
const acts: readonly (readonly [name: string, act: Act])[] = [
  ["addOne", addOne],
  ["addOne", addOne],
  ["echoData", echoData],
  ["echoData", echoData],
  ["sourceData", sourceData],
  ["handle closed", closeHandle],
  ["handle left open", leaveHandle],
  ["cancelled", cancel],
  ["timed out", timeOut],
  ["fault", fault],
  ["no such operation", noOperation],
];

const all = combinations([ntlm]);

/** Connects, calls, and leaves, over and over. Gives what must not be. */
export async function live(
  binding: string,
  random: Random,
  tally: Tally,
  end: AbortSignal,
): Promise<string[]> {
  const findings: string[] = [];
  while (!end.aborted) {
    const combination = random.pick(all);
    const transport = tcpTransport(binding, combination.options);
    const clients = {
      echo: createClient(rpcecho, transport),
      cluster: createClient(clusapi3, transport),
    };
    for (let bursts = random.between(5, 40); bursts > 0 && !end.aborted; bursts--) {
      const burst = random.pick([1, 1, 2, 4, 16]);
      await Promise.all(
        Array.from({ length: burst }, () => actOnce(clients, random, tally, findings)),
      );
      await delay(random.between(100, 400));
    }
    // Half of them leave while calls are under way.
    const late = random.chance(2) ? actOnce(clients, random, tally, findings) : null;
    await transport[Symbol.asyncDispose]();
    await late;
    count(tally, "connections");
  }
  return findings;
}

async function actOnce(
  clients: Clients,
  random: Random,
  tally: Tally,
  findings: string[],
): Promise<void> {
  const [name, act] = random.pick(acts);
  count(tally, "calls");
  try {
    await act(clients, random);
    count(tally, name);
  } catch (error) {
    // Connections are broken on purpose.
    if (!(error instanceof TransportError)) findings.push(`${name}: ${String(error)}`);
    else count(tally, "lost with its connection");
  }
}

export function count(tally: Tally, what: string): void {
  tally[what] = (tally[what] ?? 0) + 1;
}

async function addOne({ echo }: Clients, random: Random): Promise<void> {
  const number = random.between(0, 1000);
  const { sum } = await echo.addOne({ number });
  if (sum !== number + 1) throw new Error(`${number} and one is not ${sum}`);
}

async function echoData({ echo }: Clients, random: Random): Promise<void> {
  const sent = random.bytes(random.chance(50) ? 300_000 : random.between(0, 8000));
  const { data } = await echo.echoData({ data: sent });
  if (Buffer.compare(sent, data) !== 0) throw new Error(`${sent.length} octets came back changed`);
}

async function sourceData({ echo }: Clients, random: Random): Promise<void> {
  const length = random.between(0, 100_000);
  const { data } = await echo.sourceData({ length });
  if (data.length !== length || !data.every((octet, at) => octet === (at & 0xff))) {
    throw new Error(`${length} octets were not given`);
  }
}

async function closeHandle({ cluster }: Clients): Promise<void> {
  await using _handle = await cluster.openCluster();
}

async function leaveHandle({ cluster }: Clients): Promise<void> {
  await cluster.openCluster();
}

async function cancel({ echo }: Clients, random: Random): Promise<void> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), random.between(0, 50));
  const asleep = echo.testSleep({ seconds: 600 }, { signal: end.signal });
  await expectGivenUp(asleep.finally(() => clearTimeout(timer)));
}

async function timeOut({ echo }: Clients, random: Random): Promise<void> {
  const deadline = new Date(Date.now() + random.between(0, 50));
  await expectGivenUp(echo.testSleep({ seconds: 600 }, { deadline }));
}

async function expectGivenUp(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && givenUp.has(error.name)) return;
    throw error;
  }
  throw new Error("it was answered");
}

async function fault({ echo }: Clients): Promise<void> {
  await expectFault(echo.testCall2({ level: 9 }), "nca_s_fault_invalid_tag");
}

async function noOperation({ cluster }: Clients): Promise<void> {
  await expectFault(cluster.getClusterName(), "nca_s_op_rng_error");
}

async function expectFault(call: Promise<unknown>, name: string): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcFault && error.statusName === name) return;
    throw error;
  }
  throw new Error("it was answered");
}

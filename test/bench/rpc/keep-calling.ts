/** Calls as fast as they are answered, counted: what clients in JavaScript have in common with load.c. */
import { performance } from "node:perf_hooks";

/** What a load is made of, in the order of a program's arguments. */
export interface LoadArguments {
  readonly address: string;
  readonly port: number;
  readonly connections: number;
  readonly inFlight: number;
  readonly octets: number;
  readonly warmUp: number;
  readonly measured: number;
}

export function loadArguments(given: readonly string[]): LoadArguments {
  const [address = "", port, connections, inFlight, octets, , warmUp, measured] = given;
  return {
    address,
    port: Number(port),
    connections: Number(connections),
    inFlight: Number(inFlight),
    octets: Number(octets),
    warmUp: Number(warmUp),
    measured: Number(measured),
  };
}

/**
 * Keeps calls in flight on each connection and prints what load.c prints. `connect` gives what makes one call and
 * gives the number of octets that came back.
 */
export async function keepCalling(
  { connections, inFlight, octets, warmUp, measured }: LoadArguments,
  connect: () => (data: Uint8Array) => Promise<number>,
): Promise<void> {
  const data = Uint8Array.from({ length: octets }, (_, i) => i * 31 + 7);
  const from = performance.now() + warmUp;
  const to = from + measured;
  const latencies: number[] = [];
  let calls = 0;
  const keep = async (call: (data: Uint8Array) => Promise<number>): Promise<void> => {
    for (let began = performance.now(); began < to;) {
      if ((await call(data)) !== octets) throw new Error("an answer has another length");
      const ended = performance.now();
      calls++;
      if (ended >= from && ended < to) latencies.push(1000 * (ended - began));
      began = ended;
    }
  };
  const kept: Promise<void>[] = [];
  for (let i = 0; i < connections; i++) {
    const call = connect();
    for (let j = 0; j < inFlight; j++) kept.push(keep(call));
  }
  await Promise.all(kept);
  latencies.sort((a, b) => a - b);
  const percentile = (share: number): number =>
    Math.round(latencies[Math.floor(share * (latencies.length - 1))] ?? 0);
  const rate = (1000 * latencies.length) / measured;
  console.log(JSON.stringify({ rate, p50: percentile(0.5), p99: percentile(0.99), calls }));
}

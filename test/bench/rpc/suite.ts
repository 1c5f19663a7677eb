/** Calls a second: our server beside a bare one, Samba's and grpc-js, which take turns under the same loads. */
import { needPeer } from "../install-peers.ts";
import {
  compileLoad,
  type EchoServer,
  type Load,
  type LoadProgram,
  type LoadResult,
  nodeProgram,
  processorTime,
  putLoad,
  startServer,
} from "./programs.ts";
import { startSamba } from "./samba-server.ts";

/** A server with what calls it. */
interface Contender {
  readonly name: string;
  readonly server: EchoServer;
  readonly load: LoadProgram;
  /** The load is in JavaScript, and slow at first. */
  readonly compilesItself?: true;
}

export interface CallRow extends Pick<LoadResult, "rate" | "p50" | "p99"> {
  readonly name: string;
  /** Microseconds of processor time that the server takes for a call; null where that can't be known. */
  readonly processorTime: number | null;
}

export interface CallResult {
  readonly title: string;
  readonly load: Load;
  readonly rows: readonly CallRow[];
}

const ways: Readonly<Record<string, Omit<Load, "octets">>> = {
  "one connection, one call after the other": { connections: 1, inFlight: 1, together: false },
  "one connection, 64 calls in flight": { connections: 1, inFlight: 64, together: false },
  "64 connections, one call in flight on each": { connections: 64, inFlight: 1, together: false },
};

const loads: readonly (readonly [title: string, load: Load])[] = [
  ...[100, 65_536].flatMap((octets) =>
    Object.entries(ways).map(
      ([title, way]) => [`${octets} octets, ${title}`, { ...way, octets }] as const,
    ),
  ),
  [
    "100 octets, one connection, 64 calls in flight, those at hand in one write",
    { connections: 1, inFlight: 64, together: true, octets: 100 },
  ],
];

/** Measures the loads whose title has `only` in it: in each round each contender for so many milliseconds. */
export async function runCallSuite(
  only: string,
  rounds: number,
  milliseconds: number,
): Promise<CallResult[]> {
  const chosen = loads.filter(([title]) => title.includes(only));
  if (chosen.length === 0)
    throw new Error(`no load of calls has ${JSON.stringify(only)} in its title`);
  const contenders = await startContenders();
  try {
    const results: CallResult[] = [];
    for (const [title, load] of chosen) {
      results.push({ title, load, rows: await compete(contenders, load, rounds, milliseconds) });
    }
    return results;
  } finally {
    for (const server of new Set(contenders.map((contender) => contender.server))) {
      await server.stop();
    }
  }
}

async function startContenders(): Promise<Contender[]> {
  needPeer("@grpc/grpc-js");
  const load = compileLoad();
  const bare = await startServer(nodeProgram("bare-server.ts"));
  const ours = await startServer(nodeProgram("our-server.ts"));
  const sealed = await startServer(nodeProgram("our-server.ts", "privacy"));
  const grpc = await startServer(nodeProgram("../peers/grpc-server.mjs"));
  const samba = await startSamba().catch((error: unknown) => {
    console.error(`Samba is left out: ${String(error)}`);
    return null;
  });
  return [
    { name: "ours", server: ours, load },
    { name: "bare", server: bare, load },
    ...(samba === null ? [] : [{ name: "Samba", server: samba, load }]),
    { name: "ours, our client", server: ours, ...inNode("our-client.ts", "plain") },
    { name: "the same, sealed", server: sealed, ...inNode("our-client.ts", "privacy") },
    { name: "grpc-js", server: grpc, ...inNode("../peers/grpc-client.mjs") },
  ];
}

function inNode(path: string, ...args: string[]): Pick<Contender, "load" | "compilesItself"> {
  return { load: nodeProgram(path, ...args), compilesItself: true };
}

/** Each keeps its best round. */
async function compete(
  contenders: readonly Contender[],
  load: Load,
  rounds: number,
  milliseconds: number,
): Promise<CallRow[]> {
  const best = new Map<Contender, CallRow>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const { name, server, load: program, compilesItself = false } = contender;
      const before = processorTime(server.processGroup);
      // Code is compiled before it is measured: a server's once, a client's in each of its processes.
      const isCold = round === 0 || compilesItself;
      const warmUp = isCold ? 3 * milliseconds : milliseconds / 4;
      const { calls, ...result } = await putLoad(program, server, load, [warmUp, milliseconds]);
      const after = processorTime(server.processGroup);
      const spent = before === null || after === null ? null : (after - before) / calls;
      const known = best.get(contender);
      const row = { name, ...result, processorTime: least(known?.processorTime, spent) };
      if (known === undefined || known.rate < row.rate) best.set(contender, row);
      else best.set(contender, { ...known, processorTime: row.processorTime });
    }
  }
  return [...best.values()];
}

function least(a: number | null | undefined, b: number | null): number | null {
  return a === null || a === undefined || b === null ? b : Math.min(a, b);
}

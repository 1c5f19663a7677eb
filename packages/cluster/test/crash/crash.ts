/** A process under load is killed again and again: nothing that it has acknowledged is lost, and nothing is there by half. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { type ClusterState, memoryStore, openSqliteStore } from "@msrpc/cluster";
import type { RegistryKey } from "../../src/registry/key.ts";
import { lastIn, Load, random } from "./load.ts";

export interface CrashOptions {
  readonly file: string;
  readonly kills: number;
  readonly seed: number;
  /** Sees the state after each start. */
  readonly check?: (state: ClusterState) => void;
}

/** Gives how many commands were kept. @throws Error that says after which kill what was wrong */
export async function crash({ file, kills, seed, check }: CrashOptions): Promise<number> {
  // A cluster that runs the same commands and is never killed.
  const twin = memoryStore();
  const draw = random(seed);
  let last = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const acknowledged = Math.max(last, await runUntilKilled(file, last + draw(60)));
    using store = openSqliteStore(file);
    const kept = store.load();
    last = lastIn(kept);
    if (last < acknowledged) {
      throw new Error(`kill ${kill}: ${acknowledged} were acknowledged, ${last} are kept`);
    }
    if (kept === null) continue;
    const load = new Load(twin);
    while (load.last < last) load.next();
    if (!isDeepStrictEqual(plain(kept), plain(load.cluster.state.registry))) {
      throw new Error(`kill ${kill}: after command ${last} the registry is another one`);
    }
    check?.(new Load(store).cluster.state);
  }
  return last;
}

/** Kills a worker as soon as it has said that many commands. Gives the last one that it has said. */
async function runUntilKilled(file: string, enough: number): Promise<number> {
  const worker = new URL("./worker.ts", import.meta.url).pathname;
  const options = ["--conditions=source", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...options, worker, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (lastLine(said) >= enough) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  if (signal !== "SIGKILL") throw new Error("the worker ended by itself");
  return lastLine(said);
}

/** The number on the last line that is whole. */
function lastLine(said: string): number {
  const lines = said.split("\n");
  return Number(lines.at(-2) ?? -1);
}

/** A tree without its parents, in order. */
export function plain(one: RegistryKey): object {
  const { name, security, lastWrite, subkeys, values } = one;
  const below = Array.from(subkeys.values(), plain);
  return { name, security, lastWrite, below, values: [...values.values()] };
}

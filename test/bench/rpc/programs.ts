/** Servers and loads of the benchmark, each a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { run } from "../../interop/support/command.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface EchoServer {
  readonly address: string;
  readonly port: number;
  /** Of its group of processes. */
  readonly processGroup: number;
  stop(): Promise<void>;
}

/** The command and its first arguments. */
export type LoadProgram = readonly string[];

/** How calls are made. */
export interface Load {
  readonly connections: number;
  readonly inFlight: number;
  readonly octets: number;
  /** Calls that can be sent at the same time are one write. Clients in JavaScript settle that themselves. */
  readonly together: boolean;
}

export interface LoadResult {
  /** Calls a second. */
  readonly rate: number;
  /** Microseconds that half of the calls, and all but one in a hundred, took at the most. */
  readonly p50: number;
  readonly p99: number;
  /** Those before and after the time measured as well. */
  readonly calls: number;
}

/** A program of this benchmark under this Node. */
export function nodeProgram(path: string, ...rest: string[]): string[] {
  return [process.execPath, "--conditions=source", here(path), ...rest];
}

/** Starts a server that prints its port. */
export async function startServer(program: readonly string[]): Promise<EchoServer> {
  const [command = "", ...args] = program;
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    address: "127.0.0.1",
    port: Number(line),
    processGroup: child.pid ?? 0,
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.stdin?.end();
  await ended;
}

/** Compiles load.c and gives the program. */
export function compileLoad(): LoadProgram {
  mkdirSync(here("../.cache"), { recursive: true });
  const out = here("../.cache/load");
  run("gcc", ["-O2", "-o", out, here("load.c")]);
  return [out];
}

/** Puts a load on a server for so many milliseconds, the first of which are not measured. */
export async function putLoad(
  program: LoadProgram,
  { address, port }: EchoServer,
  { connections, inFlight, octets, together }: Load,
  [warmUp, measured]: readonly [number, number],
): Promise<LoadResult> {
  const [command = "", ...args] = program;
  const writes = together ? "together" : "each";
  args.push(
    ...[address, port, connections, inFlight, octets, writes, warmUp, measured].map(String),
  );
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const [status] = (await once(child, "close")) as [number | null];
  if (status !== 0) throw new Error(`${command} ended with ${status ?? "a signal"}`);
  return JSON.parse(text) as LoadResult;
}

/** Microseconds of processor time that a group of processes has used; null where Linux can't be asked. */
export function processorTime(group: number): number | null {
  let ticks = 0;
  try {
    for (const name of readdirSync("/proc")) {
      if (/^\d+$/.test(name)) ticks += ticksOf(name, group);
    }
  } catch {
    return null;
  }
  return ticks * 10_000;
}

/** Of one process, if it is of the group: user and system time, in hundredths of a second. */
function ticksOf(pid: string, group: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(fields[2]) === group ? Number(fields[11]) + Number(fields[12]) : 0;
  } catch {
    return 0;
  }
}

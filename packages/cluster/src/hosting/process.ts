/** Programs that run for resources, each in a process group of its own, so that what it starts ends with it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type OutputStream, readLines } from "./output.ts";
import type { HostedResource } from "./plugin.ts";

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface StartOptions extends ProgramOptions {
  /** Hears each line that it prints. */
  readonly onLine: (line: string, from: OutputStream) => void;
}

export interface HostedProgram {
  isRunning(): boolean;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** The same, with how it ended and what it wrote last to its standard error. */
  readonly outcome: Promise<Error>;
  /** Signals it, and what it has started. */
  signal(signal: "SIGTERM" | "SIGKILL"): void;
}

/** How long output is waited for after a program has ended, in milliseconds: what it has left behind may hold it open. */
const draining = 1000;

/** Starts a program. @throws the system's error where it can't be started */
export async function startProgram(
  program: string,
  args: readonly string[],
  { onLine, ...options }: StartOptions,
): Promise<HostedProgram> {
  const child = spawn(program, args, {
    ...options,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let last = "";
  for (const from of ["stdout", "stderr"] as const) {
    readLines(child[from], (line) => {
      if (from === "stderr" && line.trim() !== "") last = line;
      onLine(line, from);
    });
  }
  const outcome = ended.then(async () => {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, draining).unref());
    await Promise.race([closed, patience]);
    child.stdout.destroy();
    child.stderr.destroy();
    return new Error(howEnded(program, child.exitCode, child.signalCode, last));
  });
  await once(child, "spawn");
  return {
    isRunning: () => isRunning(child),
    ended,
    outcome,
    signal: (signal) => signalAll(child, signal),
  };
}

function howEnded(
  what: string,
  code: number | null,
  by: NodeJS.Signals | null,
  said: string,
): string {
  const how = by === null ? `ended with ${code}` : `was ended by ${by}`;
  const why = said.trim().slice(-longestReason);
  return `${what} ${how}${why === "" ? "" : `: ${why}`}`;
}

/** What a program says at most of why it failed. */
const longestReason = 500;

/**
 * Runs a program until it ends, or the signal is aborted, which kills it.
 *
 * @throws the system's error where it can't be started; Error for another exit code than 0, with what it wrote last to its
 *   standard error
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { signal, ...options }: ProgramOptions & { readonly signal?: AbortSignal },
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(program, args, {
    ...options,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = (): void => signalAll(child, "SIGKILL");
  signal?.addEventListener("abort", kill);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-longestReason);
  });
  try {
    const [code, by] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (code === 0) return;
    const last = said.trim().split("\n").at(-1) ?? "";
    throw new Error(howEnded([program, ...args].join(" "), code, by, last));
  } finally {
    signal?.removeEventListener("abort", kill);
    // What it has left behind may hold it open.
    child.stderr.destroy();
  }
}

/**
 * The environment of this process, with what tells the resource: CLUSTER_NAME, CLUSTER_RESOURCE_NAME, CLUSTER_RESOURCE_ID,
 * CLUSTER_RESOURCE_TYPE; and the lines `NAME=value` of the private property Environment.
 *
 * @throws TypeError for a line that is none
 */
export function environmentOf({ cluster, resource, texts }: HostedResource): NodeJS.ProcessEnv {
  const own = texts("Environment").map((line) => {
    const at = line.indexOf("=");
    if (at < 1) throw new TypeError(`Environment has lines NAME=value, and this is ${line}`);
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  return {
    ...process.env,
    CLUSTER_NAME: cluster,
    CLUSTER_RESOURCE_NAME: resource.name,
    CLUSTER_RESOURCE_ID: resource.id,
    CLUSTER_RESOURCE_TYPE: resource.type,
    ...Object.fromEntries(own),
  };
}

/** The words of a command line: between blanks, or in quotation marks. */
export function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/(?:[^\s"]|"[^"]*"?)+/g), ([word]) => word.replaceAll('"', ""));
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function signalAll(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined || !isRunning(child)) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

/** Programs that run for resources, each in a process group of its own, so that what it starts ends with it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type OutputStream, readLines } from "./output.ts";
import { sharedVariables } from "../property/environment.ts";
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
  /** Asks it, and what it has started, to end. Resolves when all of that has, or was killed after some seconds without it. */
  stop(): Promise<void>;
  /** Ends it, and what it has started. */
  kill(): void;
}

/** How long output is waited for after a program has ended, in milliseconds: what it has left behind may hold it open. */
const draining = 1000;

/**
 * Starts a program. Where it ends without being asked to, what it has started is killed.
 *
 * @throws the system's error where it can't be started
 */
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
  let isAsked = false;
  /** Nothing is left: the group's number may be another's from now on. */
  let isOver = false;
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const signal = (how: Signal): boolean => !isOver && signalGroup(child.pid, how);
  const kill = (): void => {
    signal("SIGKILL");
    if (!isRunning()) isOver = true;
  };
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ended = new Promise<void>((resolve) =>
    child.once("exit", () => {
      if (!isAsked) kill();
      resolve();
    }),
  );
  let last = "";
  for (const from of ["stdout", "stderr"] as const) {
    readLines(child[from], (line) => {
      if (from === "stderr" && line.trim() !== "") last = line;
      onLine(line, from);
    });
  }
  const hearNoMore = async (): Promise<void> => {
    await Promise.race([closed, passed(draining)]);
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const outcome = ended.then(async () => {
    // What is asked to end may have something to say until it has.
    if (!isAsked) await hearNoMore();
    return new Error(howEnded(program, child.exitCode, child.signalCode, last));
  });
  await once(child, "spawn");
  return {
    isRunning,
    ended,
    outcome,
    async stop() {
      isAsked = true;
      signal("SIGTERM");
      await ended;
      for (let rest = restTime; rest > 0 && signal(0); rest -= restStep) await passed(restStep);
      kill();
      await hearNoMore();
    },
    kill,
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

/** Milliseconds that what a program leaves behind has to end after it, and between looks at that: nothing tells of it. */
const restTime = 5000;
const restStep = 50;

/** What a program says at most of why it failed. */
const longestReason = 500;

/**
 * Runs a program until it ends, or the signal is aborted, which kills it. What it has started outlives it where it ends with
 * 0, and is killed with it otherwise.
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
  const kill = (): void => void signalGroup(child.pid, "SIGKILL");
  signal?.addEventListener("abort", kill);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-longestReason);
  });
  try {
    const [code, by] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (code === 0) return;
    kill();
    const last = said.trim().split("\n").at(-1) ?? "";
    throw new Error(howEnded([program, ...args].join(" "), code, by, last));
  } finally {
    signal?.removeEventListener("abort", kill);
    // What it has left behind may hold it open.
    child.stderr.destroy();
  }
}

/**
 * The variables of this process that are shared, with what tells the resource: CLUSTER_NAME, CLUSTER_RESOURCE_NAME, CLUSTER_RESOURCE_ID,
 * CLUSTER_RESOURCE_TYPE; and the lines `NAME=value` of the private property Environment.
 *
 * @throws TypeError for a line that is none
 */
export function environmentOf({ cluster, resource, texts }: HostedResource): NodeJS.ProcessEnv {
  const own = texts("Environment").map((line, index) => {
    const at = line.indexOf("=");
    // The line may be a secret.
    if (at < 1) throw new TypeError(`line ${index + 1} of Environment is no NAME=value`);
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  return {
    ...sharedVariables(process.env),
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

function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

type Signal = "SIGTERM" | "SIGKILL" | 0;

/** Says whether there is anybody in the group of a leader, who may have ended: as long as there is, the number is the group's. */
function signalGroup(leader: number | undefined, signal: Signal): boolean {
  if (leader === undefined) return false;
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}

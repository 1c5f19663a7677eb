/** A clusterd in a process of its own, as operators run it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setPassword } from "@msrpc/auth";
import { Cluster, type ConnectOptions } from "@msrpc/clusapi";
import { onTestFinished } from "vitest";

const main = new URL("../src/main.ts", import.meta.url).pathname;

export const account = { user: "alice", domain: "EXAMPLE", password: "Passw0rd.2" };

interface Line {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Ends with the test. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #heard: (() => void)[] = [];
  readonly ended: Promise<Ended>;
  /** All that it has written. */
  out = "";
  err = "";
  /** What it has logged, where that is JSON. */
  readonly log: Line[] = [];

  constructor(args: readonly string[]) {
    const options = ["--conditions=source", "--disable-warning=ExperimentalWarning", main];
    const child = spawn(process.execPath, [...options, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.ended = once(child, "close").then(([code, signal]) => {
      for (const hear of this.#heard) hear();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.err += text));
    createInterface(child.stdout).on("line", (line) => {
      this.out += `${line}\n`;
      if (line.startsWith("{")) this.log.push(JSON.parse(line) as Line);
      for (const hear of this.#heard) hear();
    });
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await this.ended;
    });
  }

  /** The first line with an event, and, where it says so, a field; waits until it is there. */
  async says(event: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Line> {
    for (;;) {
      const found = this.log.find(
        (line) =>
          line.event === event &&
          Object.entries(fields).every(([name, value]) => line[name] === value),
      );
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`it ended before it said ${event}:\n${this.out}${this.err}`);
      }
      await new Promise<void>((resolve) => this.#heard.push(resolve));
    }
  }

  /** Where it has said that it listens. */
  get bindings(): string[] {
    return this.log.flatMap(({ binding }) => (typeof binding === "string" ? [binding] : []));
  }

  /** Where it listens first. */
  async binding(): Promise<string> {
    await this.says("listening");
    return this.bindings[0] ?? "";
  }

  /** A client that has logged on; it ends with the test. */
  async connect(options: ConnectOptions = { credentials: account }): Promise<Cluster> {
    const cluster = await Cluster.connect(await this.binding(), options);
    onTestFinished(() => cluster[Symbol.asyncDispose]());
    return cluster;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Tells it to stop, and waits until it has. */
  async stop(): Promise<Ended> {
    this.signal("SIGTERM");
    return await this.ended;
  }
}

export const anyPort = ["--listen", "ncacn_ip_tcp:127.0.0.1[0]"] as const;

/** One that listens at a free port and has the account. */
export function start(...args: string[]): Daemon {
  return new Daemon([...anyPort, "--users", users(), ...args]);
}

export async function namesOf(
  objects: AsyncIterable<{ readonly name: string }>,
): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of objects) names.push(name);
  return names;
}

/** A folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "clusterd-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A file of the test. */
export function file(name: string, text: string): string {
  const path = join(folder(), name);
  writeFileSync(path, text, { mode: 0o700 });
  return path;
}

function users(): string {
  return file("users", setPassword("", account));
}

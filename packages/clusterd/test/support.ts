/** A clusterd of a test: in its process, or in one of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setPassword } from "@msrpc/auth";
import { Cluster, type ConnectOptions } from "@msrpc/clusapi";
import { createLog, readOptions, runClusterd } from "@msrpc/clusterd";
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

/** What a clusterd says, and clients of it. */
abstract class Heard {
  readonly #listeners: (() => void)[] = [];
  /** What it has logged. */
  readonly log: Line[] = [];
  /** As text. */
  out = "";
  /** Why it can't say anything more; null as long as it can. */
  protected end: string | null = null;

  protected hear(line: string | null): void {
    if (line !== null) {
      this.out += `${line}\n`;
      if (line.startsWith("{")) this.log.push(JSON.parse(line) as Line);
    }
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /** The first line with an event and such fields; waits until it is there. */
  async says(event: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Line> {
    for (;;) {
      const found = this.log.find(
        (line) =>
          line.event === event &&
          Object.entries(fields).every(([name, value]) => line[name] === value),
      );
      if (found !== undefined) return found;
      if (this.end !== null) throw new Error(`it never said ${event}: ${this.end}\n${this.out}`);
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
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
}

/** One in this process. It ends with the test. */
class Served extends Heard {
  readonly #stop = Promise.withResolvers<void>();
  /** Resolves when it has stopped, and rejects where it doesn't start. */
  readonly ended: Promise<void>;

  constructor(args: readonly string[]) {
    super();
    const options = readOptions(args);
    const write = (line: string): void => this.hear(line);
    const log = createLog({
      format: "json",
      level: options.logLevel,
      write,
      now: () => Date.now(),
    });
    this.ended = runClusterd(options, log, this.#stop.promise).finally(() => this.#over());
    this.ended.catch((error: unknown) => this.#over(String(error)));
    onTestFinished(() => this.stop().catch(() => undefined));
  }

  #over(why = "it has ended"): void {
    this.end = why;
    this.hear(null);
  }

  async stop(): Promise<void> {
    this.#stop.resolve();
    await this.ended;
  }
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One in a process of its own, as operators run it. It ends with the test. */
export class Daemon extends Heard {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ended>;
  err = "";

  constructor(args: readonly string[]) {
    super();
    const options = ["--conditions=source", "--disable-warning=ExperimentalWarning", main];
    const child = spawn(process.execPath, [...options, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.ended = once(child, "close").then(([code, signal]) => {
      this.end = this.err;
      this.hear(null);
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.err += text));
    createInterface(child.stdout).on("line", (line) => this.hear(line));
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await this.ended;
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

export const anyPort = ["--listen", "ncacn_ip_tcp:127.0.0.1[0]"] as const;

/** One that listens at a free port and has the account, in this process. */
export function start(...args: string[]): Served {
  return new Served([...anyPort, "--users", users(), ...args]);
}

/** The same in a process of its own. */
export function spawned(...args: string[]): Daemon {
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

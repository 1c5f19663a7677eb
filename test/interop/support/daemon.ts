// A server of others for as long as it is needed: it leads a group of processes, and all of them go with it.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface DaemonOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where it has to answer before it counts as started. */
  readonly ports: readonly { readonly host: string; readonly port: number }[];
  /** For starting. Default: 20. */
  readonly seconds?: number;
  /** What a failure's message says of it. */
  readonly log: () => string;
  /** Runs when it has ended, at the end of this process at the latest. */
  readonly cleanUp: () => void;
}

/** Starts it in the foreground, as a child, and waits until it answers. Disposing of it ends it. */
export async function startDaemon(
  command: string,
  args: readonly string[],
  { env, ports, seconds = 20, log, cleanUp }: DaemonOptions,
): Promise<AsyncDisposable> {
  // It ends with this process even where that is killed.
  const child = spawn("setpriv", ["--pdeathsig", "TERM", command, ...args], {
    stdio: "ignore",
    detached: true,
    env: { ...process.env, ...env },
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve()).once("error", () => resolve());
  });
  const stop = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // They are gone already.
    }
  };
  const atExit = (): void => {
    stop("SIGKILL");
    cleanUp();
  };
  process.once("exit", atExit);
  for (let tries = 0; !(await answersAll(ports)); tries++) {
    if (tries >= seconds * 10 || child.exitCode !== null || child.pid === undefined) {
      stop("SIGKILL");
      throw new Error(`${command} did not start:\n${log()}`);
    }
    await delay(100);
  }
  return {
    async [Symbol.asyncDispose]() {
      stop("SIGTERM");
      await Promise.race([ended, delay(3000)]);
      process.off("exit", atExit);
      atExit();
    },
  };
}

/** The end of a log, for a failure's message. */
export function lastLines(path: string): string {
  try {
    return readFileSync(path, "utf8").split("\n").slice(-10).join("\n");
  } catch {
    return "it wrote no log";
  }
}

async function answersAll(ports: DaemonOptions["ports"]): Promise<boolean> {
  const answers = await Promise.all(ports.map(({ host, port }) => doesAnswer(host, port)));
  return answers.every(Boolean);
}

function doesAnswer(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

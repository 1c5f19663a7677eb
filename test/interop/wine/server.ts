// Wine as the server of shapes.idl, for as long as it is needed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tryRun } from "../support/command.ts";
import type { WinePrograms } from "./build.ts";

export const wine = "/usr/lib/wine/wine64";

export interface WineServer extends AsyncDisposable {
  readonly binding: string;
  /** What it has printed. */
  readonly lines: readonly string[];
}

/** Starts it and waits until it listens. */
export async function startWineServer(programs: WinePrograms, port: number): Promise<WineServer> {
  const child = spawn(wine, [programs.server, String(port)], {
    env: { ...process.env, ...programs.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("Wine's server does not listen")), 60_000);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    lines.push(...text.trim().split(/\r?\n/));
    if (lines.includes("listening")) resolve();
  });
  child.once("exit", (status) => reject(new Error(`Wine's server ended with ${status}`)));
  await promise.finally(() => clearTimeout(timer));
  return {
    binding: `ncacn_ip_tcp:127.0.0.1[${port}]`,
    lines,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

/** Ends what Wine leaves running behind its programs. */
export function endWine({ env }: WinePrograms): void {
  tryRun("/usr/lib/wine/wineserver64", ["-k"], { env: { ...env, LD_PRELOAD: "" }, seconds: 20 });
}

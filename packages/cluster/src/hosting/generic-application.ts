/** "Generic Application": a program that runs as long as its resource is online. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { HostingType } from "./plugin.ts";

/** Runs `CommandLine` in `CurrentDirectory`, both private properties. The resource fails when the program ends. */
export const genericApplication: HostingType = {
  type: "Generic Application",
  async online({ text, fail }) {
    const [program, ...args] = wordsOf(text("CommandLine"));
    if (program === undefined) throw new TypeError("a Generic Application needs a CommandLine");
    const directory = text("CurrentDirectory");
    // A process group of its own, so that what it starts ends with it.
    const child = spawn(program, args, {
      detached: true,
      stdio: "ignore",
      ...(directory !== "" && { cwd: directory }),
    });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    await once(child, "spawn");
    const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
    const signalAll = (signal: "SIGTERM" | "SIGKILL"): void => {
      if (child.pid === undefined || !isRunning()) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // It ended by itself in the meantime.
      }
    };
    child.once("exit", fail);
    return {
      async offline() {
        child.off("exit", fail);
        signalAll("SIGTERM");
        if (isRunning()) await ended;
      },
      terminate() {
        child.off("exit", fail);
        signalAll("SIGKILL");
      },
      looksAlive: isRunning,
      isAlive: isRunning,
    };
  },
};

/** The words of a command line: between blanks, or in quotation marks. */
export function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/(?:[^\s"]|"[^"]*"?)+/g), ([word]) => word.replaceAll('"', ""));
}

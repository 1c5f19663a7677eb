// Runs programs of others with a limit on their time.
import { spawnSync } from "node:child_process";

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Killed by the limit. */
  readonly isTimeout: boolean;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly seconds?: number;
}

/** The outcome, whatever it is. */
export function tryRun(
  command: string,
  args: readonly string[],
  { cwd, input, env, seconds = 60 }: CommandOptions = {},
): CommandResult {
  const { status, stdout, stderr, error } = spawnSync(command, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? {} : { input }),
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: seconds * 1000,
    killSignal: "SIGKILL",
    maxBuffer: 1 << 28,
  });
  const isTimeout = error !== undefined && "code" in error && error.code === "ETIMEDOUT";
  return {
    status,
    stdout: stdout ?? "",
    stderr: isTimeout ? `no answer in ${seconds} s` : (stderr ?? error?.message ?? ""),
    isTimeout,
  };
}

/** The standard output of a command that must succeed. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): string {
  const { status, stdout, stderr } = tryRun(command, args, options);
  if (status === 0) return stdout;
  const last = `${stderr}\n${stdout}`.trim().split("\n").slice(-10).join("\n");
  throw new Error(`${command} ${args.join(" ")} failed (${status ?? "killed"}):\n${last}`);
}

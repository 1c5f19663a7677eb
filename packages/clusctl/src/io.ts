/** The one seam to the outside: streams, the environment, and how a cluster is reached. Tests give their own. */
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Cluster, type ConnectOptions } from "@msrpc/clusapi";
import { UsageError } from "./usage-error.ts";

export interface Io {
  /** Colour, and lines about progress, are for a terminal only. */
  readonly isTerminal: boolean;
  out(text: string): void;
  err(text: string): void;
  env(name: string): string | undefined;
  /** The text of a file. @throws UsageError where it can't be read */
  read(path: string): Promise<string>;
  /** A line that somebody types. @throws UsageError where nobody can */
  ask(question: string): Promise<string>;
  /** The same, unseen. */
  askSecret(question: string): Promise<string>;
  connect(binding: string, options: ConnectOptions): Promise<Cluster>;
  /** Calls back when somebody interrupts, instead of ending at once; gives back how to stop that. */
  onInterrupt(callback: () => void): () => void;
}

/** The real thing. */
export function nodeIo(): Io {
  const { stdin, stdout, stderr } = process;
  return {
    isTerminal: stdout.isTTY && process.env["NO_COLOR"] === undefined,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    env: (name) => process.env[name],
    async read(path) {
      try {
        return await readFile(path, "utf8");
      } catch (error) {
        throw new UsageError(`${path} can't be read: ${(error as Error).message}`);
      }
    },
    ask: (question) => typed(question, stderr),
    async askSecret(question) {
      if (!stdin.isTTY) {
        const other = "CLUSCTL_PASSWORD or --password-file gives it";
        throw new UsageError(
          `nobody can be asked for the ${question.toLowerCase().replace(/: $/, "")}: ${other}`,
        );
      }
      stderr.write(question);
      const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
      const answer = await typed("", unseen);
      stderr.write("\n");
      return answer;
    },
    connect: (binding, options) => Cluster.connect(binding, options),
    onInterrupt(callback) {
      process.once("SIGINT", callback);
      return () => void process.off("SIGINT", callback);
    },
  };
}

async function typed(question: string, output: NodeJS.WritableStream): Promise<string> {
  const { stdin } = process;
  if (!stdin.isTTY) throw new UsageError(`nobody can be asked: ${question}`);
  const lines = createInterface({ input: stdin, output, terminal: true });
  const end = new AbortController();
  lines.once("close", () => end.abort());
  try {
    return await lines.question(question, { signal: end.signal });
  } catch (error) {
    if (end.signal.aborted) throw new UsageError("nothing was answered");
    throw error;
  } finally {
    lines.close();
  }
}

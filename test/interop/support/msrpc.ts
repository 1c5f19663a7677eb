// The msrpc command in this process, with what it prints, and an environment of its own.
import { type Io, nodeIo, run } from "@msrpc/cli";

interface Terminal {
  readonly io: Io;
  readonly printed: { out: string; err: string };
  /** Ends what runs until it is interrupted. */
  interrupt(): void;
  /** Resolves with the binding that a server listens at, as it prints it. */
  readonly listening: Promise<string>;
}

export function terminal(environment: Readonly<Record<string, string>> = {}): Terminal {
  const printed = { out: "", err: "" };
  const interrupted = Promise.withResolvers<void>();
  const listening = Promise.withResolvers<string>();
  const io: Io = {
    ...nodeIo(),
    isTerminal: false,
    out(text) {
      printed.out += text;
      const binding = /^Listening at (.*)$/m.exec(text)?.[1];
      if (binding !== undefined) listening.resolve(binding);
    },
    err: (text) => void (printed.err += text),
    env: (name) => environment[name],
    interrupted: () => interrupted.promise,
  };
  return { io, printed, interrupt: interrupted.resolve, listening: listening.promise };
}

/** Runs a command that ends by itself. */
export async function command(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string; err: string }> {
  const { io, printed } = terminal(environment);
  return { code: await run(words, io), ...printed };
}

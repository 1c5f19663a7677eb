/** Secrets from whoever types them, unseen, or from a program that writes them. */
import { StringDecoder } from "node:string_decoder";
import { UsageError } from "./usage-error.ts";

/** Standard input, as far as it matters here. */
export interface SecretInput extends AsyncIterable<Uint8Array> {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
}

/** Longer than any password: what has no line end until here has none. */
const longest = 1024;

/**
 * What is typed after each question, without an echo; the first line of the input for all of them where it
 * is no terminal.
 *
 * @throws UsageError where it ends early, is too long, or was broken off
 */
export async function readSecrets(
  input: SecretInput,
  ask: (question: string) => void,
  questions: readonly string[],
): Promise<string[]> {
  const typed = characters(input);
  if (input.isTTY !== true) return [await readLine(typed)];
  input.setRawMode?.(true);
  try {
    const answers: string[] = [];
    for (const question of questions) {
      ask(question);
      answers.push(await readTyped(typed).finally(() => ask("\n")));
    }
    return answers;
  } finally {
    input.setRawMode?.(false);
  }
}

async function* characters(input: SecretInput): AsyncGenerator<string, void> {
  const decoder = new StringDecoder("utf8");
  for await (const chunk of input) yield* decoder.write(Buffer.from(chunk));
}

async function readLine(typed: AsyncGenerator<string, void>): Promise<string> {
  let line = "";
  for (;;) {
    const { value, done } = await typed.next();
    if (done === true || value === "\n") return line.replace(/\r$/, "");
    line = extended(line, value);
  }
}

/** A line as a terminal gives it that edits none: erase, kill, interrupt and end are for us to see. */
async function readTyped(typed: AsyncGenerator<string, void>): Promise<string> {
  let line = "";
  for (;;) {
    const { value, done } = await typed.next();
    if (done === true || value === "\u0003" || value === "\u0004") {
      throw new UsageError("no password was given");
    }
    if (value === "\r" || value === "\n") return line;
    if (value === "\u007f" || value === "\b") line = Array.from(line).slice(0, -1).join("");
    else if (value === "\u0015") line = "";
    else line = extended(line, value);
  }
}

function extended(line: string, character: string): string {
  if (line.length >= longest) throw new UsageError("the password is too long");
  return line + character;
}

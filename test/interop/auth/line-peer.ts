// A program of others that answers a line of JSON with a line of JSON.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Octets travel as hexadecimal digits. */
export type Answer = Readonly<Record<string, string | boolean | undefined>>;

export class LinePeer implements Disposable {
  readonly #child: ReturnType<typeof spawn>;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
    this.#child = child;
    if (child.stdout === null) throw new Error(`${command} has no output`);
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** The answer to a line as it stands. */
  async line(text: string): Promise<string> {
    this.#child.stdin?.write(`${text}\n`);
    const late = AbortSignal.timeout(20_000);
    const { promise, reject } = Promise.withResolvers<never>();
    late.addEventListener("abort", () => reject(new Error(`no answer to ${text.slice(0, 60)}`)));
    const { value, done } = await Promise.race([this.#lines.next(), promise]);
    if (done === true) throw new Error("the peer has ended");
    return value;
  }

  /** The answer to a request; throws what the peer threw. */
  async ask(request: Readonly<Record<string, unknown>>): Promise<Answer> {
    const answer = JSON.parse(await this.line(JSON.stringify(request))) as Answer;
    if (typeof answer.error === "string") throw new Error(answer.error);
    return answer;
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }
}

export function octetsOf(digits: string | boolean | undefined): Uint8Array {
  if (typeof digits !== "string") throw new Error("the peer gave no octets");
  return Uint8Array.from(Buffer.from(digits, "hex"));
}

export function hexOf(octets: Uint8Array | null): string {
  return Buffer.from(octets ?? []).toString("hex");
}

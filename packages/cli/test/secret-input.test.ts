import { expect, test } from "vitest";
import { readSecrets, type SecretInput } from "../src/secret-input.ts";

/** What is typed, in chunks, and what becomes of the terminal. */
function terminal(...chunks: string[]): SecretInput & { readonly modes: boolean[] } {
  const modes: boolean[] = [];
  return {
    isTTY: true,
    modes,
    setRawMode: (isRaw) => modes.push(isRaw),
    async *[Symbol.asyncIterator]() {
      yield* chunks.map((text) => Buffer.from(text, "latin1"));
    },
  };
}

/** The octets of the text, each as a character. */
const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

function input(text: string): SecretInput {
  return { ...terminal(text), isTTY: false };
}

test("a terminal is asked each question, echoes nothing and is left as it was", async () => {
  const asked: string[] = [];
  const at = terminal("sec", "ret\rsecret\r");
  const ask = (text: string): unknown => asked.push(text);
  expect(await readSecrets(at, ask, ["One: ", "Two: "])).toEqual(["secret", "secret"]);
  expect(asked).toEqual(["One: ", "\n", "Two: ", "\n"]);
  expect(at.modes).toEqual([true, false]);
});

test.each([
  ["sexc\u007f\u007fcret\r", "secret"],
  ["other\u0015secret\n", "secret"],
  [utf8("Grüß€\u007f\r"), "Grüß"],
])("%j is typed as %j", async (typed, secret) => {
  expect(await readSecrets(terminal(typed), () => {}, ["?"])).toEqual([secret]);
});

test.each(["sec\u0003", "\u0004", "sec"])("%j gives no secret", async (typed) => {
  const at = terminal(typed);
  await expect(readSecrets(at, () => {}, ["?"])).rejects.toThrow("no password was given");
  expect(at.modes).toEqual([true, false]);
});

test("a character may come in two chunks", async () => {
  const [first = "", second = ""] = utf8("ü");
  expect(await readSecrets(terminal(first, `${second}\r`), () => {}, ["?"])).toEqual(["ü"]);
});

test.each([
  ["secret\nmore\n", "secret"],
  ["secret\r\n", "secret"],
  [" a b ", " a b "],
  ["", ""],
])("of input %j, %j is the secret, and nothing is asked", async (text, secret) => {
  const ask = (): never => expect.unreachable();
  expect(await readSecrets(input(text), ask, ["One: ", "Two: "])).toEqual([secret]);
});

test("input without an end is not read on and on", async () => {
  const endless: SecretInput = {
    async *[Symbol.asyncIterator]() {
      for (;;) yield Buffer.from("x".repeat(100));
    },
  };
  await expect(readSecrets(endless, () => {}, ["?"])).rejects.toThrow("too long");
});

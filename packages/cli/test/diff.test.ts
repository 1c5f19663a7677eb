import { expect, test } from "vitest";
import { run } from "../src/index.ts";
import { memoryIo } from "./memory-io.ts";

const idl = (body: string): string =>
  `[uuid(12345678-1234-abcd-ef00-0123456789ab), version(1.0)] interface test {\n${body}\n}`;
const files = {
  "old.idl": idl("void f([in] long a);\ntypedef enum { A } E; void g([in] E e);"),
  "breaks.idl": idl("void f([in] hyper a);\ntypedef [v1_enum] enum { A } E; void g([in] E e);"),
  "more.idl": idl("void f([in] long a);\ntypedef enum { A } E; void g([in] E e); void h();"),
  "wrong.idl": idl("void f([in] lonk a);"),
};

async function diff(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = memoryIo(files);
  const code = await run(["diff", ...words], io);
  return { code, ...io.printed };
}

test("what breaks is told with its reason and both places, and fails", async () => {
  const { code, out } = await diff("old.idl", "breaks.idl");
  expect(out).toBe(
    [
      "breaking: operation test.f",
      "  request.a: was i32 of 4 octets, is i64 of 8 octets (breaking)",
      "    old.idl:2:18-19 -> breaks.idl:2:19-20",
      "breaking in NDR 2.0, same in NDR64: operation test.g",
      "  because of E",
      "breaking in NDR 2.0, same in NDR64: type E",
      "  a value was of 2 octets in NDR 2.0, and is of 4 (breaking in NDR 2.0, same in NDR64)",
      "    old.idl:3:9-10 -> breaks.idl:3:19-20",
      "3 breaking, 0 compatible, 1 the same",
      "",
    ].join("\n"),
  );
  expect(code).toBe(1);
});

test("an addition fails only where it is asked to", async () => {
  const plain = await diff("old.idl", "more.idl");
  expect([plain.code, plain.out.split("\n").at(-2)]).toEqual([
    0,
    "0 breaking, 1 compatible, 4 the same",
  ]);
  expect((await diff("old.idl", "more.idl", "--strict")).code).toBe(1);
});

test("as JSON it is all there, what is the same too", async () => {
  const { out } = await diff("old.idl", "breaks.idl", "--format", "json");
  const { verdicts, items } = JSON.parse(out) as { verdicts: object; items: { name: string }[] };
  expect(verdicts).toEqual({ ndr: "breaking", ndr64: "breaking" });
  expect(items.map(({ name }) => name)).toEqual(["test", "test.f", "test.g", "E"]);
});

test("as Markdown it is a table with what would be markup escaped", async () => {
  const { out } = await diff("old.idl", "breaks.idl", "--format", "markdown");
  expect(out).toContain("**From old.idl to breaks.idl: 3 breaking, 0 compatible, 1 the same**");
  expect(out).toContain("| type | E | breaking | same | a value was of 2 octets");
});

test("a file with errors is no side of a comparison", async () => {
  const { code, out, err } = await diff("old.idl", "wrong.idl");
  expect(err).toContain("lonk");
  expect([code, out]).toEqual([1, ""]);
});

test("a file that isn't there is used wrongly", async () => {
  const { code, err } = await diff("old.idl", "none.idl");
  expect(err).toContain("there is no file none.idl");
  expect(code).toBe(2);
});

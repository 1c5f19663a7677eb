import { expect, test } from "vitest";
import { emitted, generate, sample } from "./support/generate.ts";

const idl = `
  typedef [context_handle] void *HTHING;
  typedef [context_handle] void *HOTHER;
  long Open([out] HTHING *thing);
  long OpenOther([out] HOTHER *other);
  long Close([in, out, context_handle] void **any);
  long DeleteThing([in, out] HTHING *thing);
  long Enum([in] HTHING thing, [in, out] unsigned long *at);
`;

const close = { types: { HTHING: { close: "Close" }, HOTHER: { close: "Close" } } };

function withOperations(operations: object, rest: object = {}): object {
  return { ...close, ...rest, interfaces: { sample: { status: ["return"], operations } } };
}

test("a library gives the numbers of the names that operations use, and no others", () => {
  const overlay = withOperations(
    { Enum: { accepts: ["STATUS_MORE_ENTRIES"], errors: ["ERROR_ACCESS_DENIED"] } },
    { statusLibraries: ["win32", "ntstatus"] },
  );
  const status = emitted(idl, "status.ts", overlay);
  expect(status).toContain("  ERROR_ACCESS_DENIED: 5,\n  STATUS_MORE_ENTRIES: 261,\n} as const");
  expect(emitted(idl, "sample/enum.ts", overlay)).toContain("accepts: [261]");
});

test("of a name that two libraries have, the number of the first is meant", () => {
  const numberBy = (...statusLibraries: string[]): string | undefined => {
    const overlay = withOperations(
      { Open: { errors: ["ERROR_NOT_SUPPORTED"] } },
      { statusLibraries },
    );
    return /ERROR_NOT_SUPPORTED: (\w+)/.exec(emitted(idl, "status.ts", overlay))?.[1];
  };
  expect(numberBy("win32", "hresult")).toBe("50");
  expect(numberBy("hresult", "win32")).toBe("0x80070032");
});

test("a name that no library has is an error, with one that it may be", () => {
  const overlay = withOperations(
    { Open: { errors: ["STATUS_ACCESS_DENID"] } },
    { statusLibraries: ["ntstatus"] },
  );
  const files = { "sample.idl": sample(idl), "sample.overlay.json": JSON.stringify(overlay) };
  expect(generate(files).diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
    ["GEN4107", "Did you mean `STATUS_ACCESS_DENIED`?"],
  ]);
});

test("a status of a signed type is a number from 0 on, as its name's number is", () => {
  const text = emitted(idl, "sample/enum.ts", withOperations({}));
  expect(text).toContain('w.u32(p.returnValue, "return value")');
  expect(text).toContain('returnValue: r.u32("return value")');
  const plain = emitted(idl, "sample/enum.ts", withOperations({ Enum: { status: [] } }));
  expect(plain).toContain('returnValue: r.i32("return value")');
});

test("an operation that takes a handle of any type closes those that name it", () => {
  const overlay = withOperations({});
  expect(emitted(idl, "sample/close.ts", overlay)).toContain('closes: "any"');
  expect(emitted(idl, "sample/open-other.ts", overlay)).toContain(
    'opens: { handle: "other", close: "close" }',
  );
  expect(emitted(idl, "sample/types.ts", overlay)).toMatch(/type \w+ = ContextHandle;/);
});

test("an operation that deletes what a handle is of closes the handle", () => {
  const overlay = withOperations({ DeleteThing: { closes: "thing" } });
  expect(emitted(idl, "sample/delete-thing.ts", overlay)).toContain('closes: "thing"');
  const wrong = withOperations({ Enum: { closes: "at" } });
  const files = { "sample.idl": sample(idl), "sample.overlay.json": JSON.stringify(wrong) };
  expect(generate(files).diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ["GEN4109", expect.stringContaining("at")],
  ]);
});

test("an answer that several operations have and that speaks of the request says its members", () => {
  const same = ["One", "Two"]
    .map((name) => `long ${name}([in, out] unsigned long *at);`)
    .join("\n");
  const text = emitted(same, "sample/responses.ts");
  expect(text).toContain('"decodeResponse" | "empty" | "members"');
  expect(text).toContain('members: ["at", "returnValue"]');
});

test("a section of another document names it", () => {
  const overlay = {
    document: "MS-LSAD",
    interfaces: { sample: { operations: { Open: { section: "[MS-LSAT] 3.1.4.5" } } } },
  };
  expect(emitted(idl, "sample/open.ts", overlay)).toContain("opnum 0, [MS-LSAT] 3.1.4.5");
});

test("a count that is an unsigned char follows from its array", () => {
  const body = `typedef struct { unsigned char count; [size_is(count)] long values[]; } LIST;
    void Put([in] LIST *list);`;
  expect(emitted(body, "sample/types.ts")).toContain(
    "export interface List {\n  values: number[];\n}",
  );
});

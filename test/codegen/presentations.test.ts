// Generated code with presentations sends what the interpreter of the plan sends, and shows what they make of it.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NdrReader, NdrWriter } from "@msrpc/ndr";
import type { AnyOperation } from "@msrpc/rpc";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { calls } from "../support/call-values.ts";
import { generatedIdl, roundTrip } from "./generated-idl.ts";

const hook = (name: string): object => ({ module: "../hooks.ts", name });
const types =
  "Point Strs Conf Confstrs Shortened Tree Marshalled Represented User Choice Node".split(" ");
const typesOf = {
  Shortened: "number",
  Tree: "Point",
  Marshalled: "Presented<typeof strs> | null",
  User: "number",
} as const;

/** Every one of them shows `{ shown: value }`. */
const hooks = `import type { Presentation, Presented } from "@msrpc/ndr";
import type { ${types.filter((name) => !Object.hasOwn(typesOf, name)).join(", ")} } from "./src/index.ts";

interface Boxed<T> {
  shown: T;
}

function box<T>(): Presentation<T, Boxed<T>> {
  return {
    toWire(value) {
      if ((value.shown as unknown) === "bad") throw new RangeError("bad to see");
      return value.shown;
    },
    fromWire: (shown) => ({ shown }),
  };
}

export const octets: Presentation<Uint8Array, Boxed<Uint8Array>> = box();
export const text: Presentation<string, Boxed<string>> = box();
export const stamp: Presentation<bigint, Boxed<bigint>> = box();
${types
  .map((name) => {
    const type = Object.hasOwn(typesOf, name) ? typesOf[name as keyof typeof typesOf] : name;
    const export_ = name.toLowerCase();
    return `export const ${export_}: Presentation<${type}, Boxed<${type}>> = box();`;
  })
  .join("\n")}
`;

const shownAs = (name: string): object => ({ as: hook(name) });
const named = "STRS CONF CONFSTRS SHORTENED TREE MARSHALLED REPRESENTED USER CHOICE".split(" ");
const overlay = {
  types: {
    ...Object.fromEntries(named.map((name) => [name, shownAs(name.toLowerCase())])),
    OCTETS: { fields: { blob: shownAs("octets"), text: shownAs("text") } },
    FIXED: { fields: { digest: shownAs("octets") } },
    _NODE: { name: "Node", as: hook("node") },
  },
  interfaces: {
    presentations: {
      operations: {
        p6: { params: { data: shownAs("octets"), answer: shownAs("octets") } },
        p11: { params: { name: shownAs("text"), other: shownAs("text"), stamp: shownAs("stamp") } },
      },
    },
  },
};

const boxed = {
  toWire: (value: unknown) => (value as { shown: unknown }).shown,
  fromWire: (shown: unknown) => ({ shown }),
};
const generated = generatedIdl("presentations", {
  overlay,
  presentation: () => boxed,
  include: ["hooks.ts"],
  beside: { "hooks.ts": hooks },
});
const { operations, plan, folder } = generated;
let codecs: ReadonlyMap<number, AnyOperation>;

beforeAll(async () => {
  codecs = await generated.codecs;
});

function codecOf(name: string): AnyOperation {
  return codecs.get(operations.findIndex((operation) => operation.name === name))!;
}

test.each(operations.map((operation) => [operation.name, operation] as const))(
  "%s is read and written as the interpreter writes it",
  (_, operation) => {
    const property = fc.asyncProperty(calls(plan, operation), (call) =>
      roundTrip(generated, operation, call),
    );
    return fc.assert(property, { numRuns: 40, seed: operation.opnum, endOnFailure: true });
  },
);

test("an answer that is only a status is made of presented zeros", () => {
  const codec = codecOf("p1");
  const empty = codec.empty({}) as Record<string, unknown>;
  expect(empty).toEqual({ b: { shown: null }, c: null, d: { shown: { s: null, p: null } } });
  const writer = new NdrWriter();
  codec.encodeResponse(writer, empty, {});
  expect(codec.decodeResponse(new NdrReader(writer.finish()), {})).toEqual(empty);
});

test("one presented value behind two full pointers is sent once, and is one again", () => {
  const codec = codecOf("p9");
  const strs = { shown: { s: "once", p: 7 } };
  const node = { shown: { v: { shown: 1 }, next: null, s: strs } };
  const writer = new NdrWriter();
  codec.encodeRequest(writer, { a: node, b: node, c: strs, d: strs });
  const bytes = writer.finish();
  expect(Buffer.from(bytes).toString("utf16le").split("once").length).toBe(2);
  const read = codec.decodeRequest(new NdrReader(bytes)) as Record<"a" | "b" | "c" | "d", object>;
  expect(read).toEqual({ a: node, b: node, c: strs, d: strs });
  expect(read.a).toBe(read.b);
  expect(read.c).toBe(read.d);
});

test("what a presentation throws says in which element of which field", () => {
  const codec = codecOf("p3");
  const request = { n: 2, a: [{ shown: 1 }, { shown: "bad" }], b: [] };
  expect(() => codec.encodeRequest(new NdrWriter(), request)).toThrow(
    expect.objectContaining({ code: "presentation", path: "a[1]" }) as Error,
  );
  const holder = codecOf("p4");
  const h = {
    a: { shown: 1 },
    b: { shown: null },
    c: { shown: "bad" },
    d: { shown: null },
    e: { shown: 0 },
    f: { shown: { h: 0n, t: null } },
    g: { shown: { x: 1, y: 2 } },
  };
  expect(() => holder.encodeRequest(new NdrWriter(), { h, i: null })).toThrow(
    expect.objectContaining({ code: "presentation", path: "h.c", problem: "bad to see" }) as Error,
  );
});

test("generated code and its presentations type-check under the workspace's settings", () => {
  const tsc = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));
  expect(() => execFileSync(tsc, ["-p", folder], { encoding: "utf8" })).not.toThrow();
});

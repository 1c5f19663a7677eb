/** Generated code for every construct: it type-checks, and it sends what the interpreter of the plan sends. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NdrReader, NdrWriter } from "@msrpc/ndr";
import type { AnyOperation } from "@msrpc/rpc";
import { encodeStub } from "@msrpc/wire";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { calls } from "../support/call-values.ts";
import { generatedIdl, roundTrip } from "./generated-idl.ts";

const constructs = generatedIdl("constructs", { include: ["../../codegen/usage.ts"] });
const { operations, folder } = constructs;
let generated: ReadonlyMap<number, AnyOperation>;

beforeAll(async () => {
  generated = await constructs.codecs;
});

test.each(operations.map((operation) => [operation.name, operation] as const))(
  "%s is read and written as the interpreter writes it",
  (_, operation) => {
    const property = fc.asyncProperty(calls(constructs.plan, operation), (call) =>
      roundTrip(constructs, operation, call),
    );
    return fc.assert(property, { numRuns: 30, seed: operation.opnum, endOnFailure: true });
  },
);

test("an answer that is only a status fits every request", () => {
  for (const operation of operations) {
    const codec = generated.get(operation.opnum)!;
    const [call] = fc.sample(calls(constructs.plan, operation), { numRuns: 1, seed: 1 });
    const options = { syntax: "ndr", request: call!.request } as const;
    const question = codec.decodeRequest(
      new NdrReader(encodeStub(constructs.plan, operation, "in", call!.request, options)),
    );
    const writer = new NdrWriter();
    codec.encodeResponse(writer, codec.empty(question), question);
    expect(codec.decodeResponse(new NdrReader(writer.finish()), question)).toBeTypeOf("object");
  }
});

test("a list that is longer than the depth limit is refused both ways", () => {
  const codec = generated.get(operations.findIndex((operation) => operation.name === "p6"))!;
  let node: { v: number; next: object | null } = { v: 0, next: null };
  for (let i = 1; i < 600; i++) node = { v: i, next: node };
  const request = { n: node, m: null };
  expect(() => codec.encodeRequest(new NdrWriter(), request)).toThrow("nests deeper than 500");
  const writer = new NdrWriter({ limits: { maxDepth: 1000 } });
  codec.encodeRequest(writer, request);
  expect(() => codec.decodeRequest(new NdrReader(writer.finish()))).toThrow(
    "nests deeper than 500",
  );
});

test("the default arm is refused under a tag that another arm has", () => {
  const codec = generated.get(operations.findIndex((operation) => operation.name === "p10"))!;
  const request = (tag: number): object => {
    const u = { type: "default", tag, value: 0x1_0000_0005n };
    return { u, v: u };
  };
  expect(() => codec.encodeRequest(new NdrWriter(), request(2))).toThrow(
    expect.objectContaining({ code: "tag_mismatch", path: "u.tag" }) as Error,
  );
  const writer = new NdrWriter();
  codec.encodeRequest(writer, request(6));
  expect(codec.decodeRequest(new NdrReader(writer.finish()))).toEqual(request(6));
});

test("an arm that the union hasn't is refused", () => {
  const codec = generated.get(operations.findIndex((operation) => operation.name === "p10"))!;
  const u = { type: 6, value: 1 };
  expect(() => codec.encodeRequest(new NdrWriter(), { u, v: u })).toThrow(
    expect.objectContaining({ code: "unknown_tag" }) as Error,
  );
});

test("full pointers keep cycles and aliases", () => {
  const codec = generated.get(operations.findIndex((operation) => operation.name === "p7"))!;
  interface Node {
    v: number;
    next: Node | null;
    prev: Node | null;
  }
  const first: Node = { v: 1, next: null, prev: null };
  const second: Node = { v: 2, next: first, prev: first };
  first.next = second;
  const writer = new NdrWriter();
  codec.encodeRequest(writer, { n: { v: 0, next: first, prev: null }, m: first, m2: second });
  const { n, m, m2 } = codec.decodeRequest(new NdrReader(writer.finish())) as Record<
    "n" | "m" | "m2",
    Node
  >;
  expect(n.next).toBe(m);
  expect(m.next).toBe(m2);
  expect(m2.prev).toBe(m);
});

test("generated code and its use type-check under the workspace's settings", () => {
  const tsc = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));
  expect(() => execFileSync(tsc, ["-p", folder], { encoding: "utf8" })).not.toThrow();
});

/** Generated code for every construct: it type-checks, and it sends what the interpreter of the plan sends. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bridgeOperations, generatePackage, noOverlay, type EmitInput } from "@msrpc/codegen";
import { compile, memoryHost } from "@msrpc/idl";
import { ContextHandle, NdrReader, NdrWriter } from "@msrpc/ndr";
import type { AnyOperation, InterfaceDescriptor } from "@msrpc/rpc";
import { encodeStub, plan, type OperationPlan, type WirePlan } from "@msrpc/wire";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { calls } from "../support/call-values.ts";

const file = "constructs.idl";
const text = readFileSync(new URL(file, import.meta.url), "utf8");
const folder = fileURLToPath(new URL("../.cache/constructs/", import.meta.url));

const { program, diagnostics } = compile([file], memoryHost({ [file]: text }));
const planned = plan(program);
const operations = planned.plan.interfaces.flatMap((entry) => entry.operations);
const input: EmitInput = {
  package: "@x/constructs",
  version: "1.0.0",
  form: "workspace",
  description: "Constructs",
  units: [{ file, sha256: "", plan: planned.plan, overlay: noOverlay(file) }],
  imports: [],
  generator: "msrpc",
};
const makeHandle = (uuid: string, attributes: number): ContextHandle =>
  new ContextHandle(uuid, attributes);
const bridges = new Map(
  bridgeOperations(input, makeHandle).map((bridge) => [bridge.plan.opnum, bridge]),
);
let generated: ReadonlyMap<number, AnyOperation>;

beforeAll(async () => {
  const { files, diagnostics: problems } = generatePackage(input);
  expect([...diagnostics, ...planned.diagnostics, ...problems]).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
  const settings = {
    extends: "../../../tsconfig.base.json",
    compilerOptions: { noEmit: true, composite: false, types: ["node"] },
    include: ["src", "../../codegen/usage.ts"],
  };
  files.set("tsconfig.json", JSON.stringify(settings));
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const module = (await import(join(folder, "src/index.ts"))) as {
    constructs: InterfaceDescriptor;
  };
  generated = new Map(Object.values(module.constructs.operations).map((one) => [one.opnum, one]));
});

const forms = [
  { syntax: "ndr", byteOrder: "little" },
  { syntax: "ndr", byteOrder: "big" },
  { syntax: "ndr64", byteOrder: "little" },
] as const;

test.each(operations.map((operation) => [operation.name, operation] as const))(
  "%s is read and written as the interpreter writes it",
  (_, operation) => {
    const codec = generated.get(operation.opnum)!;
    const property = fc.property(calls(planned.plan, operation), (call) => {
      for (const form of forms) roundTrip(planned.plan, operation, codec, call, form);
    });
    fc.assert(property, { numRuns: 30, seed: operation.opnum, endOnFailure: true });
  },
);

function roundTrip(
  wire: WirePlan,
  operation: OperationPlan,
  codec: AnyOperation,
  { request, response }: Parameters<Parameters<ReturnType<typeof calls>["map"]>[0]>[0],
  form: (typeof forms)[number],
): void {
  const options = { syntax: form.syntax, bigEndian: form.byteOrder === "big", request };
  const writer = new NdrWriter(form);

  const asked = encodeStub(wire, operation, "in", request, options);
  const reader = new NdrReader(asked, form);
  const question = codec.decodeRequest(reader);
  reader.end();
  const bridge = bridges.get(operation.opnum)!;
  expect(question).toEqual(bridge.toGenerated("in", request));
  expect(bridge.fromGenerated("in", question)).toEqual(request);
  codec.encodeRequest(writer, question);
  expect(writer.finish()).toEqual(asked);

  const answered = encodeStub(wire, operation, "out", response, options);
  const answerReader = new NdrReader(answered, form);
  const answer = codec.decodeResponse(answerReader, question);
  answerReader.end();
  expect(answer).toEqual(bridge.toGenerated("out", response));
  expect(bridge.fromGenerated("out", answer)).toEqual(response);
  codec.encodeResponse(writer, answer, question);
  expect(writer.finish()).toEqual(answered);
}

test("an answer that is only a status fits every request", () => {
  for (const operation of operations) {
    const codec = generated.get(operation.opnum)!;
    const [call] = fc.sample(calls(planned.plan, operation), { numRuns: 1, seed: 1 });
    const options = { syntax: "ndr", request: call!.request } as const;
    const question = codec.decodeRequest(
      new NdrReader(encodeStub(planned.plan, operation, "in", call!.request, options)),
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

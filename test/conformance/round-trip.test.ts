/**
 * Generated codecs against the interpreter of the wire plan: two implementations that share no code. Generated
 * code reads what the interpreter wrote and writes the same bytes again, for every operation in every form.
 */
import { NdrReader, NdrWriter } from "@msrpc/ndr";
import type { AnyOperation } from "@msrpc/rpc";
import { encodeStub, meaningful, type OperationPlan } from "@msrpc/wire";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { generatedInterfaces, type GeneratedInterface } from "../support/generated.ts";
import { formName, forms, type Form } from "../support/stubs.ts";
import { calls } from "../support/call-values.ts";
import { hex } from "../support/hex.ts";

const interfaces = generatedInterfaces();

/** What this project serves itself gets more than what it has bindings of alone. */
function callsPerOperation({ name }: GeneratedInterface): number {
  return /^(?:clusapi\d|epm|mgmt|conv|rpcecho)$/.test(name) ? 20 : 4;
}

test("every specified opnum has a generated operation, and no other", () => {
  const counts = interfaces.map(({ name, interface: { operations }, operations: generated }) => {
    const specified = operations.filter(({ form }) => form === "call").map(({ opnum }) => opnum);
    expect(
      [...generated.keys()].toSorted((a, b) => a - b),
      name,
    ).toEqual(specified);
    return [name, operations.length, specified.length];
  });
  expect(counts).toContainEqual(["clusapi2", 109, 108]);
  expect(counts).toContainEqual(["clusapi3", 265, 167]);
  // As many as the documents have methods with an opnum in their headings.
  expect(counts).toContainEqual(["lsarpc", 142, 69]);
  expect(counts).toContainEqual(["samr", 78, 64]);
  expect(counts).toContainEqual(["logon", 60, 50]);
  expect(counts).toContainEqual(["drsuapi", 31, 31]);
  expect(counts).toContainEqual(["srvsvc", 58, 47]);
  expect(counts).toContainEqual(["wkssvc", 38, 28]);
  expect(counts).toContainEqual(["winreg", 36, 31]);
  expect(counts).toContainEqual(["svcctl", 65, 50]);
  expect(counts).toContainEqual(["even6", 29, 29]);
  expect(counts).toContainEqual(["schrpc", 20, 20]);
});

for (const each of interfaces) {
  for (const form of forms) {
    test(`${each.name} in ${formName(form)}: generated codecs and the interpreter agree byte for byte`, () => {
      let compared = 0;
      for (const [opnum, operation] of each.operations) {
        const planned = each.interface.operations[opnum];
        expect(planned?.name).toBe(operation.name);
        if (planned !== undefined) compared += compareCalls(each, planned, operation, form);
      }
      expect(compared).toBe(each.operations.size * callsPerOperation(each));
    });
  }
}

/** Compares drawn calls of one operation; the number of calls compared. */
function compareCalls(
  each: GeneratedInterface,
  planned: OperationPlan,
  operation: AnyOperation,
  form: Form,
): number {
  const { plan, descriptor } = each;
  const codec = {
    syntax: form.syntax,
    byteOrder: form.bigEndian ? "big" : "little",
    strictness: descriptor.strictness ?? 6,
  } as const;
  const drawn = fc.sample(calls(plan, planned, { refine: meaningful }), {
    seed: planned.opnum,
    numRuns: callsPerOperation(each),
  });
  for (const { request, response } of drawn) {
    const requestBytes = encodeStub(plan, planned, "in", request, form);
    const requestReader = new NdrReader(requestBytes, codec);
    const generatedRequest = operation.decodeRequest(requestReader);
    expect(requestReader.remaining, planned.name).toBe(0);
    const requestWriter = new NdrWriter(codec);
    operation.encodeRequest(requestWriter, generatedRequest);
    expect(hex(requestWriter.finish()), `${planned.name} request`).toBe(hex(requestBytes));

    const responseBytes = encodeStub(plan, planned, "out", response, { ...form, request });
    const responseReader = new NdrReader(responseBytes, codec);
    const generatedResponse = operation.decodeResponse(responseReader, generatedRequest);
    expect(responseReader.remaining, planned.name).toBe(0);
    const responseWriter = new NdrWriter(codec);
    operation.encodeResponse(responseWriter, generatedResponse, generatedRequest);
    expect(hex(responseWriter.finish()), `${planned.name} response`).toBe(hex(responseBytes));
  }
  return drawn.length;
}

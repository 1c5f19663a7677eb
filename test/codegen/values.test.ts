/** Members of generated messages hold what the interpreter reads under their IDL names. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bridgeOperations, correctPlan, loadOverlay, type EmitInput } from "@msrpc/codegen";
import { conv, epm, mgmt } from "@msrpc/dce-rpc";
import { compile, memoryHost } from "@msrpc/idl";
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import { ContextHandle, NdrReader } from "@msrpc/ndr";
import type { AnyOperation, InterfaceDescriptor } from "@msrpc/rpc";
import { encodeStub, plan } from "@msrpc/wire";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { calls } from "../support/call-values.ts";

const folder = new URL("../../idl/", import.meta.url).pathname;
const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
const texts = Object.fromEntries(
  names
    .filter((name) => /\.(?:idl|json)$/.test(name))
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);
const host = memoryHost(texts);

function inputOf(files: readonly string[], imports: readonly string[]): EmitInput {
  const overlayOf = (file: string): ReturnType<typeof loadOverlay> =>
    loadOverlay(file.replace(".idl", ".overlay.json"), host);
  const units = files.map((file) => {
    const overlay = overlayOf(file);
    const { plan: corrected } = correctPlan(plan(compile([file], host).program).plan, overlay);
    return { file, sha256: "", plan: corrected, overlay };
  });
  const others = imports.map((file) => ({ file, package: "@x/other", overlay: overlayOf(file) }));
  const package_ = {
    form: "workspace" as const,
    package: "@x/sample",
    version: "1.0.0",
    description: "",
    generator: "msrpc",
  };
  return { ...package_, units, imports: others };
}

const dtyp = ["ms-dtyp/ms-dtyp.idl"];
const packages: readonly (readonly [EmitInput, Readonly<Record<string, InterfaceDescriptor>>])[] = [
  [inputOf(["ms-cmrp/clusapi2.idl", "ms-cmrp/clusapi3.idl"], dtyp), { clusapi2, clusapi3 }],
  [
    inputOf(
      ["dce-rpc/rpctypes.idl", "dce-rpc/epm.idl", "dce-rpc/mgmt.idl", "dce-rpc/conv.idl"],
      dtyp,
    ),
    { epm, mgmt, conv },
  ],
];

test.each(
  packages.flatMap(([input, descriptors]) =>
    Object.entries(descriptors).map(([name, one]) => [name, input, one] as const),
  ),
)("%s", (name, input, descriptor) => {
  const bridges = bridgeOperations(
    input,
    (uuid, attributes) => new ContextHandle(uuid, attributes),
  );
  const own = bridges.filter((bridge) => bridge.interface === name);
  expect(own.map((bridge) => bridge.key).toSorted()).toEqual(
    Object.keys(descriptor.operations).toSorted(),
  );
  for (const bridge of own) {
    const types = Object.assign(
      {},
      ...input.units.map((unit) => unit.plan.types),
    ) as (typeof input.units)[0]["plan"]["types"];
    const operation: AnyOperation = descriptor.operations[bridge.key]!;
    const property = fc.property(calls({ types }, bridge.plan), ({ request, response }) => {
      const asked = encodeStub({ types }, bridge.plan, "in", request);
      const question = operation.decodeRequest(new NdrReader(asked));
      expect(question).toEqual(bridge.toGenerated("in", request));
      expect(bridge.fromGenerated("in", question)).toEqual(request);
      const answered = encodeStub({ types }, bridge.plan, "out", response, { request });
      const answer = operation.decodeResponse(new NdrReader(answered), question);
      expect(answer).toEqual(bridge.toGenerated("out", response));
      expect(bridge.fromGenerated("out", answer)).toEqual(response);
    });
    fc.assert(property, { numRuns: 3, seed: bridge.plan.opnum, endOnFailure: true });
  }
});

// Code generated for an IDL file of this folder, and held against the interpreter of its plan.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  bridgeOperations,
  generatePackage,
  loadOverlay,
  noOverlay,
  type EmitInput,
  type FindPresentation,
  type OperationBridge,
} from "@msrpc/codegen";
import { compile, memoryHost } from "@msrpc/idl";
import { ContextHandle, NdrReader, NdrWriter } from "@msrpc/ndr";
import type { AnyOperation, InterfaceDescriptor } from "@msrpc/rpc";
import { encodeStub, plan, type OperationPlan, type WirePlan } from "@msrpc/wire";
import { expect } from "vitest";
import type { Call } from "../support/call-values.ts";

const forms = [
  { syntax: "ndr", byteOrder: "little" },
  { syntax: "ndr", byteOrder: "big" },
  { syntax: "ndr64", byteOrder: "little" },
] as const;

export interface GeneratedIdl {
  readonly plan: WirePlan;
  readonly operations: readonly OperationPlan[];
  /** With its tsconfig.json, for the type checker. */
  readonly folder: string;
  readonly input: EmitInput;
  /** By opnum. */
  readonly codecs: Promise<ReadonlyMap<number, AnyOperation>>;
  readonly bridges: ReadonlyMap<number, OperationBridge>;
}

/** Generates for `name.idl`; `include` are files that are type-checked along. */
export function generatedIdl(
  name: string,
  options: {
    readonly overlay?: object;
    readonly include?: readonly string[];
    readonly presentation?: FindPresentation;
    /** Files beside the generated ones, by path from the folder. */
    readonly beside?: Readonly<Record<string, string>>;
  } = {},
): GeneratedIdl {
  const file = `${name}.idl`;
  const overlayPath = `${name}.overlay.json`;
  const host = memoryHost({
    [file]: readFileSync(new URL(file, import.meta.url), "utf8"),
    [overlayPath]: JSON.stringify(options.overlay ?? {}),
  });
  const folder = fileURLToPath(new URL(`../.cache/${name}/`, import.meta.url));
  const { program, diagnostics } = compile([file], host);
  const planned = plan(program);
  const overlay = options.overlay === undefined ? noOverlay(file) : loadOverlay(overlayPath, host);
  const input: EmitInput = {
    package: `@x/${name}`,
    version: "1.0.0",
    form: "workspace",
    description: "Constructs",
    units: [{ file, sha256: "", plan: planned.plan, overlay }],
    imports: [],
    generator: "msrpc",
  };
  const { files, diagnostics: problems } = generatePackage(input);
  expect([...diagnostics, ...planned.diagnostics, ...overlay.diagnostics, ...problems]).toEqual([]);
  const settings = {
    extends: "../../../tsconfig.base.json",
    compilerOptions: { noEmit: true, composite: false, types: ["node"] },
    include: ["src", ...(options.include ?? [])],
  };
  files.set("tsconfig.json", JSON.stringify(settings));
  for (const [path, content] of Object.entries(options.beside ?? {})) files.set(path, content);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const bridges = bridgeOperations(
    input,
    (uuid, attributes) => new ContextHandle(uuid, attributes),
    options.presentation,
  );
  return {
    plan: planned.plan,
    operations: planned.plan.interfaces.flatMap((entry) => entry.operations),
    folder,
    input,
    codecs: importCodecs(folder, name),
    bridges: new Map(bridges.map((bridge) => [bridge.plan.opnum, bridge])),
  };
}

async function importCodecs(
  folder: string,
  name: string,
): Promise<ReadonlyMap<number, AnyOperation>> {
  const module = (await import(join(folder, "src/index.ts"))) as Record<
    string,
    InterfaceDescriptor
  >;
  const operations = Object.values(module[name]!.operations);
  return new Map(operations.map((operation) => [operation.opnum, operation]));
}

/** Generated code reads what the interpreter wrote, as the bridge has it, and writes it again. */
export async function roundTrip(
  generated: GeneratedIdl,
  operation: OperationPlan,
  { request, response }: Call,
): Promise<void> {
  const { plan: wire } = generated;
  const codec = (await generated.codecs).get(operation.opnum)!;
  const bridge = generated.bridges.get(operation.opnum)!;
  for (const form of forms) {
    const options = { syntax: form.syntax, bigEndian: form.byteOrder === "big", request };
    const writer = new NdrWriter(form);

    const asked = encodeStub(wire, operation, "in", request, options);
    const reader = new NdrReader(asked, form);
    const question = codec.decodeRequest(reader);
    reader.end();
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
}

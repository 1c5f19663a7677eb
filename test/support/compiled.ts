// Code generated from IDL text, written to a folder and imported.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generatePackage, noOverlay } from "@msrpc/codegen";
import { compile, memoryHost } from "@msrpc/idl";
import { NdrReader, NdrWriter, type NdrOptions } from "@msrpc/ndr";
import type { AnyOperation, InterfaceDescriptor } from "@msrpc/rpc";
import { plan } from "@msrpc/wire";

export interface Compiled {
  /** Where the files are. */
  readonly folder: string;
  readonly operations: Readonly<Record<string, AnyOperation>>;
}

/** Generates from declarations of an interface; `name` is that of the folder. */
export async function compiled(name: string, body: string): Promise<Compiled> {
  const file = "sample.idl";
  const text = `[uuid(00000000-0000-0000-0000-000000000001), version(1.0), pointer_default(unique)]
    interface sample { ${body} }`;
  const { program, diagnostics } = compile([file], memoryHost({ [file]: text }));
  const planned = plan(program);
  const generated = generatePackage({
    package: "@x/sample",
    version: "1.0.0",
    form: "modules",
    description: "A sample",
    units: [{ file, sha256: "", plan: planned.plan, overlay: noOverlay(file) }],
    imports: [],
    generator: "msrpc",
  });
  const problems = [...diagnostics, ...planned.diagnostics, ...generated.diagnostics];
  if (problems.some(({ severity }) => severity === "error"))
    throw new Error(problems.map(({ message }) => message).join("\n"));
  const folder = fileURLToPath(new URL(`../.cache/${name}/`, import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of generated.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const { sample } = (await import(join(folder, "sample/index.ts"))) as {
    sample: InterfaceDescriptor;
  };
  return { folder, operations: sample.operations };
}

/** A request's octets. */
export function asked(operation: AnyOperation, request: object, options?: NdrOptions): Uint8Array {
  const writer = new NdrWriter(options);
  operation.encodeRequest(writer, request);
  return writer.finish();
}

/** A request from its octets, all of which it has to take. */
export function read(operation: AnyOperation, octets: Uint8Array, options?: NdrOptions): object {
  const reader = new NdrReader(octets, options);
  const request = operation.decodeRequest(reader);
  reader.end();
  return request;
}

// Generates from IDL and overlays given as text.
import { compile, memoryHost, type Diagnostic } from "@msrpc/idl";
import { plan, type WirePlan } from "@msrpc/wire";
import { generatePackage, loadOverlay, noOverlay, overlayPathOf } from "@msrpc/codegen";

export interface Output {
  readonly files: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Files by name: those that end in `.idl` are the package's, overlays stand beside them. */
export function generate(texts: Readonly<Record<string, string>>): Output {
  const host = memoryHost(texts);
  const overlays: Diagnostic[] = [];
  const units = Object.keys(texts)
    .filter((file) => file.endsWith(".idl"))
    .map((file) => {
      const path = overlayPathOf(file);
      const overlay = Object.hasOwn(texts, path) ? loadOverlay(path, host) : noOverlay(path);
      overlays.push(...overlay.diagnostics);
      return { file, sha256: "0".repeat(64), plan: planText(texts, file), overlay };
    });
  if (overlays.length > 0) return { files: new Map(), diagnostics: overlays };
  const package_ = {
    form: "workspace" as const,
    package: "@x/sample",
    version: "1.0.0",
    description: "A sample",
  };
  return generatePackage({ ...package_, units, imports: [], generator: "msrpc 1.0.0" });
}

export function planText(texts: Readonly<Record<string, string>>, file: string): WirePlan {
  const { program, diagnostics } = compile([file], memoryHost(texts));
  const planned = plan(program);
  const error = [...diagnostics, ...planned.diagnostics].find(
    ({ severity }) => severity === "error",
  );
  if (error !== undefined) throw new Error(`${error.code} ${error.message}`);
  return planned.plan;
}

/** An interface with these declarations in it. */
export function sample(body: string): string {
  return `[uuid(00000000-0000-0000-0000-000000000001), version(1.0), pointer_default(unique)] interface sample { ${body} }`;
}

/** The text of one generated file, without its header. */
export function emitted(body: string, file: string, overlay?: object): string {
  const texts: Record<string, string> = { "sample.idl": sample(body) };
  if (overlay !== undefined) texts["sample.overlay.json"] = JSON.stringify(overlay);
  const { files, diagnostics } = generate(texts);
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(`${error.code} ${error.message}`);
  const text = files.get(`src/${file}`);
  if (text === undefined) throw new Error(`no file ${file} among ${[...files.keys()].join(", ")}`);
  return text.slice(text.indexOf("\n") + 1);
}

// The wire plans of the interfaces in idl/.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, memoryHost } from "@msrpc/idl";
import { plan, type InterfacePlan, type WirePlan } from "@msrpc/wire";

const folder = new URL("../../../idl/", import.meta.url).pathname;

export interface PlannedFile {
  readonly plan: WirePlan;
  /** The only interface of the file. */
  readonly interface: InterfacePlan;
}

/** Compiles a file of idl/, named from there. */
export function planOf(path: string): PlannedFile {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".idl"),
  );
  const texts = files.map((file) => [file, readFileSync(join(folder, file), "utf8")] as const);
  return planText(path, Object.fromEntries(texts));
}

/** Compiles a file among several given as text. */
export function planText(path: string, texts: Readonly<Record<string, string>>): PlannedFile {
  const { program, diagnostics } = compile([path], memoryHost(texts));
  const planned = plan(program);
  const [error] = [...diagnostics, ...planned.diagnostics].filter((d) => d.severity === "error");
  if (error !== undefined) throw new Error(`${path}: ${error.code} ${error.message}`);
  const [found] = planned.plan.interfaces;
  if (found === undefined) throw new Error(`${path} has no interface`);
  return { plan: planned.plan, interface: found };
}

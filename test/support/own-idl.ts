// The wire plans of the interfaces in idl/, with the corrections of their overlays.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { correctPlan, loadOverlay, noOverlay, overlayPathOf } from "@msrpc/codegen";
import { compile, memoryHost } from "@msrpc/idl";
import { plan, type InterfacePlan, type WirePlan } from "@msrpc/wire";

const folder = new URL("../../idl/", import.meta.url).pathname;

export interface PlannedFile {
  readonly plan: WirePlan;
  /** The only interface of the file. */
  readonly interface: InterfacePlan;
}

/** The files of idl/ that declare an interface with operations that are sent, named from there. */
export function withInterfaces(): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".idl"))
    .filter((file) => /^interface\b/m.test(readFileSync(join(folder, file), "utf8")))
    .filter((file) => file !== "ms-dcom/unknown.idl");
}

/** Compiles a file of idl/, named from there, or of another folder that imports from idl/. */
export function planOf(path: string, other?: URL): PlannedFile {
  const texts: Record<string, string> = {};
  for (const from of other === undefined ? [folder] : [folder, other.pathname]) {
    for (const file of readdirSync(from, { recursive: true, encoding: "utf8" })) {
      if (/\.(?:idl|json)$/.test(file)) texts[file] = readFileSync(join(from, file), "utf8");
    }
  }
  const host = memoryHost(texts);
  const overlayPath = overlayPathOf(path);
  const overlay = overlayPath in texts ? loadOverlay(overlayPath, host) : noOverlay(path);
  const { program, diagnostics } = compile([path], host);
  const planned = plan(program);
  const corrected = correctPlan(planned.plan, overlay);
  const all = [diagnostics, planned.diagnostics, overlay.diagnostics, corrected.diagnostics].flat();
  const error = all.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(`${path}: ${error.code} ${error.message}`);
  const [found] = corrected.plan.interfaces;
  if (found === undefined) throw new Error(`${path} has no interface`);
  return { plan: corrected.plan, interface: found };
}

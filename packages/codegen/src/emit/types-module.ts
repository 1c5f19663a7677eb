/** The modules that hold types: structures, unions, handles, enumerations, constants. */
import { anyHandle, type ConstantPlan } from "@msrpc/wire";
import { own } from "../names/names.ts";
import type { Registry, TypeEntry } from "../model/registry.ts";
import type { Block } from "../print/block.ts";
import { Module } from "../print/module.ts";
import { Emitter, quote } from "./context.ts";
import { citation } from "./docs.ts";
import { emitEnum, emitValues } from "./enums.ts";
import { emitStruct, typeComment } from "./struct.ts";
import { emitEmptyUnion, emitUnion } from "./union.ts";

export interface TypesModule {
  readonly module: Module;
  /** The units whose files it was made from. */
  readonly units: readonly TypeEntry["unit"][];
}

export function emitTypes(registry: Registry): TypesModule[] {
  const embedded = embeddedConformant(registry);
  const byFile = Map.groupBy(registry.ownTypes(), (entry) =>
    "file" in entry.home ? entry.home.file : "",
  );
  const result: TypesModule[] = [];
  for (const [file, entries] of byFile) {
    const module = new Module(file);
    for (const entry of entries) {
      if (entry.isUuid) continue;
      if (!module.body.isEmpty) module.body.add("");
      emitType(
        new Emitter(module, registry, entry.unit, entry.plan.name),
        entry,
        embedded.has(entry.plan.name),
      );
    }
    if (!module.body.isEmpty)
      result.push({ module, units: [...new Set(entries.map((entry) => entry.unit))] });
  }
  return result;
}

function emitType(emitter: Emitter, entry: TypeEntry, isEmbedded: boolean): void {
  const out = emitter.module.body;
  const { plan } = entry;
  switch (plan.kind) {
    case "struct":
      return emitStruct(emitter, entry, isEmbedded);
    case "union":
      emitUnion(emitter, entry);
      return emitEmptyUnion(emitter, entry);
    case "enum":
      return emitEnum(out, entry, plan);
    case "contextHandle": {
      const cite = citation(entry.document, entry.overlay.section);
      out.comment(...typeComment(entry.overlay.summary, plan.name, cite));
      const type = plan.name === anyHandle ? "" : `<${quote(plan.name)}>`;
      out.add(`export type ${entry.ts} = ${emitter.ndrType("ContextHandle")}${type};`);
    }
  }
}

/** Names of structures with a hoisted count that another structure ends in. */
function embeddedConformant(registry: Registry): Set<string> {
  const plans = registry.input.units.flatMap((unit) => Object.values(unit.plan.types));
  return new Set(
    plans.flatMap((plan) => {
      const last =
        plan.kind === "struct" && plan.hoisted > 0 ? plan.fields.at(-1)?.type : undefined;
      return last?.kind === "named" ? [last.name] : [];
    }),
  );
}

/** Adds the enumerations that overlays state to the modules of their files. */
export function emitOverlayEnums(registry: Registry, modules: TypesModule[]): void {
  const done = new Set<string>();
  for (const unit of registry.input.units) {
    const { enums, document } = unit.overlay.overlay;
    for (const name of Object.keys(enums ?? {})) {
      const file = `${registry.enumFolder(unit, name)}enums.ts`;
      if (done.has(`${file}#${name}`)) continue;
      done.add(`${file}#${name}`);
      let found = modules.find(({ module }) => module.path === file);
      if (found === undefined) modules.push((found = { module: new Module(file), units: [unit] }));
      const out = found.module.body;
      if (!out.isEmpty) out.add("");
      emitValues(out, name, own(enums, name)!, document);
    }
  }
}

/** `const` declarations of the IDL. */
export function emitConstants(
  out: Block,
  constants: readonly ConstantPlan[],
  names: ReadonlyMap<string, string>,
): void {
  for (const { name: idlName, value } of constants) {
    if (value === null) continue;
    const name = names.get(idlName);
    if ("text" in value) out.add(`export const ${name} = ${quote(value.text)};`);
    else if ("float" in value) out.add(`export const ${name} = ${value.float};`);
    else out.add(`export const ${name} = ${integer(value.integer)};`);
  }
}

function integer(text: string): string {
  return Number.isSafeInteger(Number(text)) ? text : `${text}n`;
}

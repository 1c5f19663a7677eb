/** From plans and overlays to the files of a package. */
import type { Diagnostic } from "@msrpc/idl";
import { operationEntry, isAbsent, type OperationEntry } from "../model/operation.ts";
import type { EmitInput, Unit } from "../model/input.ts";
import { Registry, type InterfaceEntry } from "../model/registry.ts";
import { Module } from "../print/module.ts";
import { key } from "./enums.ts";
import { header } from "./header.ts";
import { emitIndex, emitOperations } from "./interface-module.ts";
import { emitOperation } from "./operation.ts";
import { packageFiles } from "./package-files.ts";
import { SharedMessages } from "./shared-messages.ts";
import { emitConstants, emitOverlayEnums, emitTypes } from "./types-module.ts";

/** Texts by path, from the package's folder. */
export type Files = Map<string, string>;

/** Emits a package whose overlays were matched and applied. What can't be generated is a diagnostic. */
export function emitPackage(wanted: EmitInput): {
  files: Files;
  diagnostics: readonly Diagnostic[];
} {
  const registry = new Registry(wanted);
  const { input } = registry;
  const modules: { module: Module; units: readonly Unit[] }[] = emitTypes(registry);
  emitOverlayEnums(registry, modules);
  for (const unit of input.units) {
    const module = new Module(`${registry.folderOf(unit)}constants.ts`);
    emitConstants(module.body, unit.plan.constants, registry.constantsOf(unit));
    if (!module.body.isEmpty) modules.push({ module, units: [unit] });
  }
  const statuses = Object.assign({}, ...input.units.map((unit) => unit.overlay.statuses)) as Record<
    string,
    number
  >;
  const hasStatus = Object.keys(statuses).length > 0;
  if (hasStatus) modules.push({ module: statusModule(statuses), units: input.units });
  const shared = modules.map(({ module }) => module.path).filter((path) => !path.includes("/"));
  const operations = new Map(
    registry.interfaces.map((entry) => [entry, operationsOf(entry, registry)]),
  );
  const all = [...operations.values()].flat();
  const messages = {
    request: new SharedMessages("request", all, registry),
    response: new SharedMessages("response", all, registry),
  };
  for (const module of [...messages.request.emit(), ...messages.response.emit()]) {
    const owner = registry.interfaces.find(({ folder }) => module.path.startsWith(`${folder}/`));
    modules.push({ module, units: owner === undefined ? input.units : [owner.unit] });
  }
  const present = modules.map(({ module }) => module.path);
  for (const [entry, own] of operations) {
    const ops = own.map((operation) => emitOperation(operation, registry, messages));
    const index = emitIndex(entry, { reexports: reexportsOf(entry, registry, present), hasStatus });
    for (const module of [...ops, emitOperations(entry, own), index])
      modules.push({ module, units: [entry.unit] });
  }
  modules.push({ module: rootModule(registry, shared), units: input.units });
  const { diagnostics } = registry;
  const files: Files = diagnostics.length > 0 ? new Map() : filesOf(input, registry, modules);
  return { files, diagnostics };
}

function operationsOf(entry: InterfaceEntry, registry: Registry): OperationEntry[] {
  const sent = entry.plan.operations.filter((plan) => !isAbsent(plan, entry));
  return sent.map((plan) => operationEntry(plan, entry, registry));
}

/** What an interface's index passes on: types from above and of its own, operations, messages. */
function reexportsOf(
  entry: InterfaceEntry,
  registry: Registry,
  present: readonly string[],
): string[] {
  const folder = registry.folderOf(entry.unit);
  const reexports = present
    .filter((path) => /^(?:enums|types)\d*\.ts$/.test(path))
    .map((path) => `export * from "../${path}";`);
  for (const path of folder === "" ? [] : present) {
    const own = path.startsWith(folder) ? path.slice(folder.length) : "";
    if (/^(?:constants|enums|types)\d*\.ts$/.test(own))
      reexports.push(`export * from "${from(entry, folder)}${own}";`);
  }
  reexports.push('export * from "./operations.ts";');
  for (const path of ["requests.ts", "responses.ts"]) {
    if (present.includes(path)) reexports.push(`export type * from "../${path}";`);
    if (present.includes(`${entry.folder}/${path}`))
      reexports.push(`export type * from "./${path}";`);
  }
  if (present.includes("status.ts")) reexports.push('export { Status } from "../status.ts";');
  return reexports;
}

/** The way from an interface's folder to the one that holds its unit's types. */
function from(entry: InterfaceEntry, folder: string): string {
  return folder === `${entry.folder}/` ? "./" : `../${folder}`;
}

function statusModule(statuses: Readonly<Record<string, number>>): Module {
  const module = new Module("status.ts");
  const out = module.body;
  out.comment("Status values by name.");
  out.nest(
    "export const Status =",
    () => {
      for (const [name, value] of Object.entries(statuses))
        out.add(`${key(name)}: ${value > 0xffff ? `0x${value.toString(16)}` : value},`);
    },
    "} as const;",
  );
  out.add("");
  out.comment("Names of status values, for messages.");
  out.add("export const statusNames: Readonly<Record<number, string>> = Object.fromEntries(");
  out.add("  Object.entries(Status).map(([name, value]) => [value, name]),");
  out.add(");");
  return module;
}

/** Everything of the one interface; of several, their descriptors and what they share. */
function rootModule(registry: Registry, shared: readonly string[]): Module {
  const module = new Module("index.ts");
  const out = module.body;
  for (const path of shared.toSorted()) out.add(`export * from "./${path}";`);
  const [first, ...others] = registry.interfaces;
  if (first !== undefined && others.length === 0)
    out.add(`export * from "./${first.folder}/index.ts";`);
  else
    for (const { ts, folder } of registry.interfaces)
      out.add(`export { ${ts} } from "./${folder}/index.ts";`);
  if (out.isEmpty) out.add("export {};");
  return module;
}

/** `@x/money` of `@x/money/presentations`. */
function packageOf(source: string): string {
  return source.split("/", source.startsWith("@") ? 2 : 1).join("/");
}

function filesOf(
  input: EmitInput,
  registry: Registry,
  modules: readonly { module: Module; units: readonly Unit[] }[],
): Files {
  const files: Files = new Map();
  const packages = new Set<string>();
  for (const { module, units } of modules) {
    const folder = input.form === "modules" ? "" : "src/";
    files.set(`${folder}${module.path}`, module.toString(header(input, units)));
    for (const name of module.packages) packages.add(packageOf(name));
  }
  for (const [path, text] of packageFiles(input, registry.interfaces, [...packages])) {
    files.set(path, text);
  }
  return files;
}

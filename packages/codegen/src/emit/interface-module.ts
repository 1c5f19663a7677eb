/** An interface's own modules: the list of its operations and its descriptor. */
import { isAbsent } from "../model/operation.ts";
import type { OperationEntry } from "../model/operation.ts";
import type { InterfaceEntry } from "../model/registry.ts";
import { list, print } from "../print/doc.ts";
import { Module } from "../print/module.ts";
import { quote } from "./context.ts";
import { citation, sentence } from "./docs.ts";

/** `operations.ts`: every operation under its name, and nothing else that is a value. */
export function emitOperations(
  entry: InterfaceEntry,
  operations: readonly OperationEntry[],
): Module {
  const module = new Module(`${entry.folder}/operations.ts`);
  for (const operation of operations) {
    module.body.add(`export * from "./${operation.file.slice(entry.folder.length + 1)}";`);
  }
  if (operations.length === 0) module.body.add("export {};");
  return module;
}

export interface IndexParts {
  /** Modules beside it, or above, whose names it passes on. */
  readonly reexports: readonly string[];
  readonly hasStatus: boolean;
}

/** `index.ts`: the descriptor, and whatever someone who uses the interface needs to name. */
export function emitIndex(entry: InterfaceEntry, parts: IndexParts): Module {
  const module = new Module(`${entry.folder}/index.ts`);
  const out = module.body;
  const { plan, overlay, unit } = entry;
  const define = module.value({ name: "defineInterface", from: { package: "@msrpc/rpc" } });
  const descriptor = module.type({ name: "InterfaceDescriptor", from: { package: "@msrpc/rpc" } });
  module.namespace("operations", `${entry.folder}/operations.ts`);
  for (const from of parts.reexports) out.add(from);
  if (parts.reexports.length > 0) out.add("");
  const version = `${plan.version.major}.${plan.version.minor}`;
  const cite = citation(unit.overlay.overlay.document, overlay.section);
  out.comment(
    sentence(overlay.summary),
    `${plan.name} ${version}${cite === "" ? "" : `, ${cite}`}.`,
  );
  out.nest(
    `export const ${entry.ts}: ${descriptor}<typeof operations> = ${define}(`,
    () => {
      out.add(`name: ${quote(plan.name)},`);
      out.add(`uuid: ${quote(plan.uuid)},`);
      out.add(`version: { major: ${plan.version.major}, minor: ${plan.version.minor} },`);
      if (overlay.strictness !== undefined) out.add(`strictness: ${overlay.strictness},`);
      out.add("operations,");
      const absent = plan.operations
        .filter((operation) => isAbsent(operation, entry))
        .map((operation) => operation.opnum);
      if (absent.length > 0) addNumbers(out, "absent", absent);
      if (parts.hasStatus)
        out.add(`${module.value({ name: "statusNames", from: { file: "status.ts" } })},`);
    },
    "});",
  );
  return module;
}

/** A list of numbers, as many on a line as fit. */
function addNumbers(out: Module["body"], key: string, numbers: readonly number[]): void {
  const flat = print(list(`${key}: [`, numbers.map(String), "],"));
  if (!flat.includes("\n") && out.margin + flat.length <= 100) return out.add(flat);
  const lines: string[] = [];
  let current = "";
  for (const number of numbers) {
    const item = `${number},`;
    if (current !== "" && out.margin + 2 + current.length + 1 + item.length > 100) {
      lines.push(current);
      current = item;
    } else {
      current = current === "" ? item : `${current} ${item}`;
    }
  }
  out.nest(`${key}:`, () => out.addAll([...lines, current]), "],", "[");
}

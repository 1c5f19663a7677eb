/** `msrpc explain`: what stands where on the wire, as text for people. */
import { type Direction, stubParts } from "../interpret/decode.ts";
import type { InterfacePlan, OperationPlan, TypePlan, WirePlan, WireType } from "../plan.ts";
import { startWalk, walk } from "./rows.ts";
import { table } from "./table.ts";

/**
 * The layout of the types and operations that go by a name; null where there are none. An operation may be
 * given with its interface: `clusapi.ApiOpenGroup`.
 */
export function explain(plan: WirePlan, name: string): string | null {
  const sections: string[] = [];
  for (const type of Object.values(plan.types)) {
    if (type.name === name || type.aliases.includes(name)) sections.push(explainType(plan, type));
  }
  for (const each of plan.interfaces) {
    for (const operation of [...each.operations, ...each.callbacks]) {
      if (operation.name !== name && `${each.name}.${operation.name}` !== name) continue;
      sections.push(explainOperation(plan, each, operation));
    }
  }
  return sections.length === 0 ? null : sections.join("\n\n");
}

/** Names that `explain` knows, for suggestions. */
export function explainable(plan: WirePlan): string[] {
  const types = Object.values(plan.types).flatMap((type) => type.aliases.concat(type.name));
  const operations = plan.interfaces.flatMap((each) => [...each.operations, ...each.callbacks]);
  return [...types, ...operations.map((operation) => operation.name)];
}

const titles = {
  struct: "Structure",
  union: "Union",
  enum: "Enumeration",
  contextHandle: "Context handle",
};

function explainType(plan: WirePlan, type: TypePlan): string {
  const others = type.aliases.length === 0 ? "" : ` (${type.aliases.join(", ")})`;
  const lines = [`${titles[type.kind]} ${type.name}${others}`];
  if (type.kind === "enum") {
    for (const member of type.members) lines.push(`  ${member.name} = ${member.value}`);
  }
  const { ndr, ndr64 } = type.layout;
  lines.push(
    `NDR 2.0: ${sizeText(ndr.size)}, aligned to ${ndr.align}. NDR64: ${sizeText(ndr64.size)}, aligned to ${ndr64.align}.`,
  );
  const isUse = type.kind === "union" && !type.encapsulated;
  const use: WireType = isUse
    ? { kind: "union", name: type.name, switchIs: { op: "field", path: ["switch_is"] } }
    : { kind: "named", name: type.name };
  return [...lines, "", explainParts(plan, [{ name: type.name, path: "", type: use }])].join("\n");
}

function sizeText(bytes: number | null): string {
  return bytes === null ? "varying" : `${bytes} bytes`;
}

function explainOperation(plan: WirePlan, owner: InterfacePlan, operation: OperationPlan): string {
  const title = `Operation ${operation.name}, opnum ${operation.opnum} of ${owner.name}`;
  if (operation.form === "absent") return `${title}\nHolds its opnum and is never sent.`;
  const part = (direction: Direction, heading: string): string[] => {
    const parts = stubParts(operation, direction);
    return ["", heading, parts.length === 0 ? "  nothing" : explainParts(plan, parts)];
  };
  return [title, ...part("in", "Request"), ...part("out", "Response")].join("\n");
}

function explainParts(
  plan: WirePlan,
  parts: readonly { readonly name: string; readonly path?: string; readonly type: WireType }[],
): string {
  const state = startWalk(plan.types);
  const notes: string[] = [];
  for (const { name, type, path = name } of parts) {
    const before = state.deferred.length;
    walk(state, type, { name, path, depth: 0, isHoisted: false, isEmbedded: false });
    const deferred = state.deferred.slice(before);
    if (deferred.length === 0) continue;
    // Targets vary, so nothing behind them has a fixed place.
    Object.assign(state.end, { ndr: null, ndr64: null });
    notes.push(`Deferred, behind ${name}, each with its own deferred part:`);
    notes.push(...deferred.map((each) => `  ${each.name} -> ${each.type}`));
  }
  const { parts: hidden, targets } = state.leftOut;
  const rows = [table(state.rows)];
  if (hidden > 0n) rows.push(`... and ${hidden} more, which are left out`);
  if (targets > 0n) notes.push(`  ... and ${targets} more targets, which are left out`);
  return [...rows, ...notes].join("\n");
}

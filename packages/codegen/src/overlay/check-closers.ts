/** Whether the operations that overlays name as closing a handle do so: a descriptor needs it of each. */
import { diagnose, type Diagnostic } from "@msrpc/idl";
import { closesNothing } from "../catalogue/rules.ts";
import { operationEntry } from "../model/operation.ts";
import { own } from "../names/names.ts";
import type { InterfaceEntry, Registry } from "../model/registry.ts";

export function checkClosers(registry: Registry): Diagnostic[] {
  return registry.interfaces.flatMap((entry) => [
    ...closersOfTypes(entry, registry),
    ...closersOfOperations(entry, registry),
  ]);
}

/** Null where the interface has no operation of this name. */
function closes(name: string, entry: InterfaceEntry, registry: Registry): boolean | null {
  const plan = entry.plan.operations.find((operation) => operation.name === name);
  if (plan === undefined) return null;
  return entry.names.has(plan.opnum) && operationEntry(plan, entry, registry).closes !== null;
}

function closersOfTypes(entry: InterfaceEntry, registry: Registry): Diagnostic[] {
  const { overlay } = entry.unit;
  return Object.values(entry.unit.plan.types).flatMap((type) => {
    if (type.kind !== "contextHandle") return [];
    const names = [type.name, ...type.aliases];
    const key = names.find((name) => own(overlay.overlay.types, name)?.close !== undefined);
    const operation = key === undefined ? undefined : own(overlay.overlay.types, key)?.close;
    if (key === undefined || operation === undefined) return [];
    if (closes(operation, entry, registry) !== false) return [];
    const span = overlay.locate(["types", key, "close"]);
    return [diagnose(closesNothing, span, { operation, handle: key })];
  });
}

function closersOfOperations(entry: InterfaceEntry, registry: Registry): Diagnostic[] {
  return Object.entries(entry.overlay.operations ?? {}).flatMap(([name, { opens }]) => {
    if (opens === undefined || opens === false) return [];
    const { handle, close: operation } = opens;
    if (closes(operation, entry, registry) !== false) return [];
    const path = ["interfaces", entry.plan.name, "operations", name, "opens", "close"];
    return [diagnose(closesNothing, entry.unit.overlay.locate(path), { operation, handle })];
  });
}

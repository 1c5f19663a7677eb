/** Names of an interface's operations: in the order of the interface, each one free where it stands. */
import type { InterfacePlan, OperationPlan } from "@msrpc/wire";
import { freeFile, freeName, isReservedMethod } from "../names/bindings.ts";
import { operationName, own } from "../names/names.ts";
import { toKebab } from "../names/words.ts";
import type { InterfaceOverlay, NamingOverlay } from "../overlay/overlay.ts";

export interface OperationNames {
  /** `openGroup`. */
  readonly ts: string;
  /** `open-group`. */
  readonly file: string;
  /** `OpenGroupRequest`. */
  readonly request: string;
  readonly response: string;
}

/**
 * Names by opnum. What the overlay says is taken first, so that it is what other names give way to.
 *
 * @param taken what the modules around export, which operations give way to
 */
export function nameOperations(
  plan: InterfacePlan,
  overlay: InterfaceOverlay,
  naming: NamingOverlay,
  taken: ReadonlySet<string>,
): ReadonlyMap<number, OperationNames> {
  const operations = plan.operations.filter((operation) => !isLeftOut(operation, overlay));
  const isStated = (operation: OperationPlan): boolean =>
    own(overlay.operations, operation.name)?.name !== undefined;
  const used = new Set<string>();
  const usedTypes = new Set<string>();
  const files = new Set<string>();
  const names = new Map<number, OperationNames>();
  const numbers = numbersOf(plan.operations);
  for (const operation of [
    ...operations.filter(isStated),
    ...operations.filter((one) => !isStated(one)),
  ]) {
    const wanted = wantedName(operation, numbers.get(operation)!, overlay, naming);
    const isOther = (name: string): boolean => isReservedMethod(name) || taken.has(name);
    // Two stated names that are equal are an error of the overlay's, not to be hidden.
    const ts = freeName(
      wanted,
      (name) => isOther(name) || (!isStated(operation) && used.has(name)),
    );
    const message = (kind: string): string => {
      const name = freeName(
        capital(ts) + kind,
        (tried) => taken.has(tried) || usedTypes.has(tried),
      );
      usedTypes.add(name);
      return name;
    };
    const file = freeFile(toKebab(ts), files);
    files.add(file);
    used.add(ts);
    names.set(operation.opnum, {
      ts,
      file,
      request: message("Request"),
      response: message("Response"),
    });
  }
  return names;
}

/** Without a wire form, or declared to have none. */
function isLeftOut(plan: OperationPlan, overlay: InterfaceOverlay): boolean {
  return plan.form === "absent" || own(overlay.operations, plan.name)?.absent === true;
}

/** How many operations of the same name there are up to each, by opnum. */
function numbersOf(operations: readonly OperationPlan[]): ReadonlyMap<OperationPlan, number> {
  const counts = new Map<string, number>();
  return new Map(
    operations.map((operation) => {
      const number = (counts.get(operation.name) ?? 0) + 1;
      counts.set(operation.name, number);
      return [operation, number];
    }),
  );
}

/** An operation that has the name of an inherited one is numbered. */
function wantedName(
  operation: OperationPlan,
  number: number,
  overlay: InterfaceOverlay,
  naming: NamingOverlay,
): string {
  const stated = own(overlay.operations, operation.name)?.name;
  const name = stated ?? operationName(operation.name, naming);
  return number === 1 ? name : `${name}${number}`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

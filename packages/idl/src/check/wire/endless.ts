/** Finds structures and unions without a finite value: circles of members that must all be there. */
import { endlessValue } from "../../catalogue/semantics.ts";
import type { Attributes, FieldSymbol, InterfaceSymbol, TypeSymbol } from "../../program.ts";
import type { Context } from "../context.ts";
import { type Aggregate, membersOf } from "./by-value.ts";
import { sentAs } from "./shape.ts";

/** A member that can't be without a value of another aggregate. */
interface Need {
  readonly field: FieldSymbol;
  readonly of: Aggregate;
  readonly isByPointer: boolean;
}

/** Complains once of each circle of reference pointers that no null, empty array or other arm ends. */
export function checkEndless(context: Context): void {
  const needs = new Map<Aggregate, readonly Need[]>();
  const defaultOf = pointerDefaults(context);
  for (const symbol of context.types) {
    if (symbol.kind === "struct" || symbol.kind === "union") {
      needs.set(symbol, needsOf(symbol, defaultOf(symbol)));
    }
  }
  const finite = finiteOf(needs);
  const passed = new Set<Aggregate>(finite);
  for (const start of needs.keys()) {
    const path: { readonly from: Aggregate; readonly need: Need }[] = [];
    let at = start;
    while (!passed.has(at)) {
      passed.add(at);
      const need = needs.get(at)?.find(({ of }) => !finite.has(of));
      if (!need) break;
      path.push({ from: at, need });
      at = need.of;
    }
    const back = path.findIndex(({ from }) => from === at);
    if (back >= 0) reportCircle(context, path.slice(back));
  }
}

/** A circle by value alone is complained of as such. */
function reportCircle(
  context: Context,
  circle: readonly { readonly from: Aggregate; readonly need: Need }[],
): void {
  const found = circle.find(({ need }) => need.isByPointer);
  if (!found) return;
  const { field } = found.need;
  const names = { owner: found.from.name, name: field.name };
  context.report(endlessValue, field.span, names);
}

/** Aggregates with a finite value: structures all of whose needs have one, unions with an arm that does. */
function finiteOf(needs: ReadonlyMap<Aggregate, readonly Need[]>): Set<Aggregate> {
  const missing = new Map<Aggregate, number>();
  const neededBy = new Map<Aggregate, Aggregate[]>();
  const finite = new Set<Aggregate>();
  const queue: Aggregate[] = [];
  for (const [symbol, list] of needs) {
    const isFree = symbol.kind === "union" && list.length < Math.max(1, symbol.arms.length);
    missing.set(symbol, isFree ? 0 : symbol.kind === "union" ? 1 : list.length);
    if (missing.get(symbol) === 0) queue.push(symbol);
    for (const { of } of list) {
      const users = neededBy.get(of);
      if (users) users.push(symbol);
      else neededBy.set(of, [symbol]);
    }
  }
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (finite.has(next)) continue;
    finite.add(next);
    for (const user of neededBy.get(next) ?? []) {
      const left = (missing.get(user) ?? 0) - 1;
      missing.set(user, left);
      if (left <= 0) queue.push(user);
    }
  }
  return finite;
}

function needsOf(symbol: Aggregate, pointerDefault: InterfaceSymbol["pointerDefault"]): Need[] {
  return membersOf(symbol).flatMap((field) => needOf(field, pointerDefault) ?? []);
}

const endings = ["ignore", "string", "context_handle", "iid_is"];

/** The aggregate at the bottom of a member, unless something on the way can be null or empty. */
function needOf(
  field: FieldSymbol,
  pointerDefault: InterfaceSymbol["pointerDefault"],
): Need | null {
  let { attributes, type } = field;
  /** What attributes say of the next pointer alone, also where it is an element. */
  let stated = classOf(attributes);
  let level = 0;
  let isByPointer = false;
  for (;;) {
    if (endings.some((name) => attributes.has(name))) return null;
    switch (type.kind) {
      case "typedef":
        stated ??= classOf(type.symbol.attributes);
        if (!isSized(attributes)) ({ attributes } = type.symbol);
        type = sentAs(type.symbol) ?? type.symbol.type;
        break;
      case "pointer":
        if ((stated ?? classOf(type.attributes) ?? pointerDefault) !== "ref") return null;
        if (isSized(attributes, level++)) return null;
        stated = null;
        isByPointer = true;
        type = type.target;
        break;
      case "array":
        if (type.bound.kind === "open" || isSized(attributes, level++)) return null;
        type = type.element;
        break;
      case "struct":
      case "union":
        return type.symbol.isComplete ? { field, of: type.symbol, isByPointer } : null;
      default:
        return null;
    }
  }
}

function classOf(attributes: Attributes | undefined): InterfaceSymbol["pointerDefault"] | null {
  return (["ref", "unique", "ptr"] as const).find((name) => attributes?.has(name)) ?? null;
}

/** Whether a size is given for a level, or for any. */
function isSized(attributes: Attributes, level?: number): boolean {
  return ["size_is", "max_is"].some((name) => {
    const args = attributes.get(name)?.args ?? [];
    return level === undefined ? args.length > 0 : args[level]?.kind === "expr";
  });
}

/** What an unattributed pointer is in a type: as the interface says that the type stands in. */
function pointerDefaults(
  context: Context,
): (symbol: TypeSymbol) => InterfaceSymbol["pointerDefault"] {
  const byFile = Map.groupBy(context.interfaces, ({ span }) => span.file);
  for (const list of byFile.values()) list.sort((a, b) => a.span.start - b.span.start);
  return ({ span }) =>
    byFile.get(span.file)?.findLast((each) => each.span.start <= span.start)?.pointerDefault ??
    "unique";
}

/** Which structures and unions hold which by value: finds circles, depth, and conformance. */
import { circularByValue, nestingTooDeep } from "../../catalogue/semantics.ts";
import type { FieldSymbol, StructSymbol, UnionSymbol } from "../../program.ts";
import { type Context, deepestNesting } from "../context.ts";
import { isConformant, shapeOf } from "./shape.ts";

export type Aggregate = StructSymbol | UnionSymbol;

export interface AggregateFacts {
  /** Ends in a conformant array, its own or of its last field. */
  readonly isConformant: boolean;
  /** Holds a pointer, itself or in what it holds. */
  readonly hasPointer: boolean;
  /** Levels of aggregates inside it, itself included. */
  readonly depth: number;
}

/** Facts on every aggregate, computed inner ones first and without recursion. */
export function factsByValue(context: Context): Map<Aggregate, AggregateFacts> {
  const facts = new Map<Aggregate, AggregateFacts>();
  const open = new Set<Aggregate>();
  for (const symbol of context.types) {
    if (symbol.kind !== "struct" && symbol.kind !== "union") continue;
    const stack: Aggregate[] = [symbol];
    for (let at = stack.at(-1); at; at = stack.at(-1)) {
      if (facts.has(at)) {
        stack.pop();
        continue;
      }
      const inner = heldByValue(at);
      const missing = open.has(at) ? [] : inner.filter(({ holds }) => !facts.has(holds));
      open.add(at);
      const circular = missing.find(({ holds }) => open.has(holds));
      if (circular) reportCircle(context, circular.field, circular.holds);
      const next = missing.filter(({ holds }) => !open.has(holds));
      if (next.length > 0) {
        for (const { holds } of next) stack.push(holds);
        continue;
      }
      stack.pop();
      open.delete(at);
      facts.set(
        at,
        settle(
          context,
          at,
          inner.map(({ holds }) => holds),
          facts,
        ),
      );
    }
  }
  return facts;
}

/** The members of an aggregate: fields, or the fields of arms. */
export function membersOf(symbol: Aggregate): readonly FieldSymbol[] {
  if (symbol.kind === "struct") return symbol.fields;
  return symbol.arms.flatMap(({ field }) => (field ? [field] : []));
}

function heldByValue(symbol: Aggregate): { field: FieldSymbol; holds: Aggregate }[] {
  return membersOf(symbol).flatMap((field) => {
    const { levels, bottom } = shapeOf(field.type, field.attributes);
    if (levels.some(({ kind }) => kind === "pointer")) return [];
    if (bottom.kind !== "struct" && bottom.kind !== "union") return [];
    return [{ field, holds: bottom.symbol }];
  });
}

function reportCircle(context: Context, field: FieldSymbol, holds: Aggregate): void {
  const related = [{ message: `\`${holds.name}\` is declared here`, span: holds.span }];
  context.report(circularByValue, field.span, { name: holds.name }, { related });
}

function settle(
  context: Context,
  symbol: Aggregate,
  inner: readonly Aggregate[],
  facts: ReadonlyMap<Aggregate, AggregateFacts>,
): AggregateFacts {
  const depth = inner.reduce(
    (most, holds) => Math.max(most, 1 + (facts.get(holds)?.depth ?? 0)),
    1,
  );
  if (depth === deepestNesting + 1) {
    context.report(nestingTooDeep, symbol.span, { name: symbol.name, limit: deepestNesting });
  }
  const members = membersOf(symbol);
  const last = symbol.kind === "struct" ? members.at(-1) : undefined;
  return {
    isConformant: last !== undefined && isConformantField(last, facts),
    hasPointer:
      members.some((field) => {
        const { levels, bottom } = shapeOf(field.type, field.attributes);
        return levels.some(({ kind }) => kind === "pointer") || bottom.kind === "interface";
      }) || inner.some((holds) => facts.get(holds)?.hasPointer ?? false),
    depth,
  };
}

/** Whether a field is a conformant array, or a structure that ends in one. */
export function isConformantField(
  field: FieldSymbol,
  facts: ReadonlyMap<Aggregate, AggregateFacts>,
): boolean {
  const shape = shapeOf(field.type, field.attributes);
  if (shape.levels.length > 0) {
    const arrays = shape.levels.findIndex(({ kind }) => kind !== "array");
    const count = arrays < 0 ? shape.levels.length : arrays;
    return shape.levels.slice(0, count).some((_, level) => isConformant(shape, level));
  }
  if (shape.bottom.kind !== "struct") return false;
  return facts.get(shape.bottom.symbol)?.isConformant ?? false;
}

/** Turns the expression of size_is, switch_is and their likes into one over fields and constants. */
import type { Expr, UnaryExpr } from "../ast.ts";
import { constantType, unknownTarget, unusableExpression } from "../catalogue/semantics.ts";
import type { Correlation, FieldSymbol, ParamSymbol } from "../program.ts";
import type { Context, Place } from "./context.ts";
import { didYouMean } from "./did-you-mean.ts";
import { asCast, describe, evaluate, operands } from "./evaluate.ts";
import { findName } from "./scope.ts";
import { constantNames } from "./types.ts";

/** The names beside a declaration: parameters of its operation, or fields of its structure. */
export interface Neighbours {
  readonly owner: string;
  readonly kind: "parameter" | "field" | "name";
  readonly symbols: ReadonlyMap<string, FieldSymbol | ParamSymbol>;
  /** The ways to members of anonymous members, which count as the structure's own. */
  readonly paths?: ReadonlyMap<string, readonly string[]>;
}

const nothing: Correlation = { op: "const", value: 0n };

/** The expression with names resolved; constant parts are values. Complains and gives 0 on failure. */
export function correlate(
  context: Context,
  place: Place,
  neighbours: Neighbours,
  expr: Expr,
): Correlation {
  return convert(context, place, neighbours, expr);
}

function convert(
  context: Context,
  place: Place,
  neighbours: Neighbours,
  written: Expr,
): Correlation {
  const names = constantNames(context, place);
  const expr = (written.$type === "Binary" && asCast(written, names)) || written;
  if (!mentionsNeighbour(place, neighbours, expr)) {
    const value = evaluate(expr, names);
    if (value?.kind === "integer") return { op: "const", value: value.value };
    if (value) {
      const found = describe(value);
      context.report(constantType, expr.span, { found, wanted: "an integer" });
    }
    return nothing;
  }
  const again = (part: Expr): Correlation => convert(context, place, neighbours, part);
  switch (expr.$type) {
    case "Name":
      return fieldNamed(context, neighbours, expr);
    case "Member": {
      const of = again(expr.object);
      const path =
        of.op === "field" ? of.path : of.op === "deref" && of.of.op === "field" ? of.of.path : null;
      if (path) return { op: "field", path: [...path, expr.member.name] };
      context.report(unusableExpression, expr.span, { what: "A member of a computed value" });
      return nothing;
    }
    case "Unary":
      return convertUnary(context, expr, again);
    case "Cast":
      return again(expr.operand);
    case "Binary":
      return { op: "binary", operator: expr.op, left: again(expr.left), right: again(expr.right) };
    case "Conditional":
      return {
        op: "conditional",
        test: again(expr.test),
        then: again(expr.then),
        else: again(expr.else),
      };
    default:
      return nothing;
  }
}

function convertUnary(
  context: Context,
  expr: UnaryExpr,
  again: (part: Expr) => Correlation,
): Correlation {
  const of = again(expr.operand);
  if (expr.op === "*") return { op: "deref", of };
  if (expr.op !== "&") return { op: "unary", operator: expr.op, of };
  if (of.op === "deref") return of.of;
  context.report(unusableExpression, expr.span, { what: "An address" });
  return nothing;
}

/** Whether an expression depends on a field or parameter, or on a name that nothing has. */
function mentionsNeighbour(place: Place, neighbours: Neighbours, expr: Expr): boolean {
  if (expr.$type === "Name") {
    if (neighbours.symbols.has(expr.name) || neighbours.paths?.has(expr.name)) return true;
    if (/^(TRUE|FALSE|NULL|true|false)$/.test(expr.name)) return false;
    const kind = findName(place.scope, expr.name)?.meaning.kind;
    if (kind === "constant" || kind === "enumerator" || kind === "typedef") return false;
    return neighbours.kind !== "name";
  }
  return operands(expr).some((part) => mentionsNeighbour(place, neighbours, part));
}

function fieldNamed(
  context: Context,
  neighbours: Neighbours,
  expr: Expr & { $type: "Name" },
): Correlation {
  const path = neighbours.paths?.get(expr.name);
  if (path) return { op: "field", path };
  if (neighbours.symbols.has(expr.name)) return { op: "field", path: [expr.name] };
  context.report(
    unknownTarget,
    expr.span,
    { name: expr.name, owner: neighbours.owner, kind: neighbours.kind },
    didYouMean(context, expr.name, neighbours.symbols.keys()),
  );
  return { op: "field", path: [expr.name] };
}

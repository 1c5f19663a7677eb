/** Checks that following typedefs ends, and soon enough. */
import { circularTransmitType, circularTypedef, nestingTooDeep } from "../catalogue/semantics.ts";
import type { Type, TypedefSymbol } from "../program.ts";
import { type Context, deepestNesting } from "./context.ts";
import { sentAs } from "./wire/shape.ts";

/** Complains of typedefs that lead back to themselves, by name or by what they are sent as, or too far. */
export function checkTypedefChains(context: Context): void {
  const depths = new Map<TypedefSymbol, number>();
  for (const symbol of context.types) {
    if (symbol.kind !== "typedef") continue;
    const chain = new Set<TypedefSymbol>();
    let at: TypedefSymbol | null = symbol;
    while (at && !depths.has(at) && !chain.has(at)) {
      chain.add(at);
      at = nextOf(at);
    }
    if (at && chain.has(at)) reportCircle(context, at);
    let depth = (at && depths.get(at)) ?? 0;
    for (const passed of [...chain].toReversed()) {
      depths.set(passed, ++depth);
      if (depth !== deepestNesting + 1) continue;
      context.report(nestingTooDeep, passed.span, { name: passed.name, limit: deepestNesting });
    }
  }
}

function nextOf(symbol: TypedefSymbol): TypedefSymbol | null {
  const target: Type = sentAs(symbol) ?? symbol.type;
  return target.kind === "typedef" ? target.symbol : null;
}

function reportCircle(context: Context, start: TypedefSymbol): void {
  let isSent = false;
  let at: TypedefSymbol | null = start;
  do {
    isSent ||= sentAs(at) !== null;
    at = nextOf(at);
  } while (at && at !== start);
  const rule = isSent ? circularTransmitType : circularTypedef;
  context.report(rule, start.span, { name: start.name });
}

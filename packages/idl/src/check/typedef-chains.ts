/** Checks that following typedefs ends, and soon enough; cuts those that don't, so that later stages may follow. */
import { circularTransmitType, circularTypedef, nestingTooDeep } from "../catalogue/semantics.ts";
import type { Type, TypedefSymbol } from "../program.ts";
import { type Context, deepestNesting, type Draft, unknownType } from "./context.ts";
import { asSent, sentAs } from "./wire/shape.ts";

/** A way from a typedef to the next one: by what it is, or by what it is sent as. */
interface Step {
  readonly isSent: boolean;
  /** Pointers, arrays and the like in between. */
  readonly levels: number;
  readonly to: TypedefSymbol | null;
}

interface Visit {
  readonly symbol: TypedefSymbol;
  readonly steps: readonly Step[];
  /** The step that is next. */
  at: number;
}

/** Complains of typedefs that lead back to themselves, by name or by what they are sent as, or too far. */
export function checkTypedefChains(context: Context): void {
  const depths = new Map<TypedefSymbol, number>();
  const open = new Set<TypedefSymbol>();
  for (const start of context.types) {
    if (start.kind !== "typedef" || depths.has(start)) continue;
    const path: Visit[] = [visit(start, open)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const step = top.steps[top.at++];
      if (!step) {
        settle(context, top, depths);
        open.delete(top.symbol);
        path.pop();
      } else if (step.to && open.has(step.to)) {
        reportCircle(context, path, step.to);
        cut(top.symbol, step.isSent);
      } else if (step.to && !depths.has(step.to)) {
        path.push(visit(step.to, open));
      }
    }
  }
}

function visit(symbol: TypedefSymbol, open: Set<TypedefSymbol>): Visit {
  open.add(symbol);
  const sent = sentAs(symbol);
  const steps = [stepTo(symbol.type, false)];
  return { symbol, steps: sent ? [...steps, stepTo(sent, true)] : steps, at: 0 };
}

function stepTo(type: Type, isSent: boolean): Step {
  let at = type;
  let levels = 0;
  for (; at.kind !== "typedef"; levels++) {
    if (at.kind === "pointer") at = at.target;
    else if ("element" in at) at = at.element;
    else return { isSent, levels, to: null };
  }
  return { isSent, levels, to: at.symbol };
}

/** Enters how deep a typedef goes, once that is known of those that it rests on. */
function settle(
  context: Context,
  { symbol, steps }: Visit,
  depths: Map<TypedefSymbol, number>,
): void {
  let depth = 0;
  let isNew = true;
  for (const { levels, to, isSent } of steps) {
    const below = (to && depths.get(to)) ?? 0;
    const reached = Math.max(levels, 1) + below;
    depth = Math.max(depth, reached);
    if (reached <= deepestNesting) continue;
    isNew &&= below <= deepestNesting;
    cut(symbol, isSent);
  }
  depths.set(symbol, depth);
  if (depth <= deepestNesting || !isNew) return;
  context.report(nestingTooDeep, symbol.span, { name: symbol.name, limit: deepestNesting });
}

function cut(symbol: Draft<TypedefSymbol>, isSent: boolean): void {
  if (!isSent) symbol.type = unknownType;
  else {
    const kept = [...symbol.attributes].filter(([name]) => !asSent.includes(name));
    symbol.attributes = new Map(kept);
  }
}

function reportCircle(context: Context, path: readonly Visit[], start: TypedefSymbol): void {
  const circle = path.slice(path.findIndex(({ symbol }) => symbol === start));
  const isSent = circle.some(({ steps, at }) => steps[at - 1]?.isSent);
  const rule = isSent ? circularTransmitType : circularTypedef;
  context.report(rule, start.span, { name: start.name });
}

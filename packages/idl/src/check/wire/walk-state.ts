/** What the walk over everything that is sent knows and has still to do. */
import type {
  Attributes,
  EnumSymbol,
  FieldSymbol,
  ParamSymbol,
  StructSymbol,
  Type,
  UnionSymbol,
} from "../../program.ts";
import type { Span } from "../../span.ts";
import type { Context } from "../context.ts";
import type { Aggregate, AggregateFacts } from "./by-value.ts";

export interface Walk {
  readonly context: Context;
  readonly facts: ReadonlyMap<Aggregate, AggregateFacts>;
  /** Types reached and not yet checked. */
  readonly queue: (StructSymbol | UnionSymbol | EnumSymbol)[];
  readonly reached: Set<object>;
  /** The declaration that first gave a union without switch_type its discriminant. */
  readonly switchedBy: Map<UnionSymbol, { readonly name: string; readonly span: Span }>;
}

/** Something sent: a parameter, a field, an arm or a result. */
export interface Declaration {
  readonly name: string;
  readonly span: Span;
  readonly type: Type;
  readonly attributes: Attributes;
  readonly place: "parameter" | "field" | "arm" | "result";
  /** Those that its expressions may name. */
  readonly neighbours: ReadonlyMap<string, ParamSymbol | FieldSymbol>;
}

/** Puts a type on the queue once. */
export function reach(walk: Walk, symbol: StructSymbol | UnionSymbol | EnumSymbol): void {
  if (walk.reached.has(symbol)) return;
  walk.reached.add(symbol);
  walk.queue.push(symbol);
}

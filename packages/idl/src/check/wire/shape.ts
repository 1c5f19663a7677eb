/** Takes a declaration apart: its levels of pointers and arrays, what stands at the bottom, its attributes. */
import type {
  ArrayBound,
  Attributes,
  AttributeValue,
  Correlation,
  Type,
  TypedefSymbol,
} from "../../program.ts";
import { deepestNesting, unknownType } from "../context.ts";

/** One pointer or array around another type. */
interface Level {
  readonly kind: "pointer" | "array";
  /** Of an array. */
  readonly bound: ArrayBound | null;
}

export interface Shape {
  /** Outermost first, through typedefs. */
  readonly levels: readonly Level[];
  /** What the innermost level holds. Never a pointer, array or typedef. */
  readonly bottom: Type;
  /** Those of the declaration and, where it has none of that name, of the typedefs it goes through. */
  readonly attributes: Attributes;
  /** Typedefs gone through, outermost first. */
  readonly typedefs: readonly TypedefSymbol[];
}

/** Attributes that give the type that is sent in place of a typedef. */
export const asSent: readonly string[] = ["transmit_as", "wire_marshal"];

/** The shape in which a type is sent: through transmit_as and wire_marshal. */
export function shapeOf(type: Type, declared: Attributes): Shape {
  const attributes = new Map<string, AttributeValue>(declared);
  const levels: Level[] = [];
  const typedefs: TypedefSymbol[] = [];
  const seen = new Set<TypedefSymbol>();
  let at = type;
  for (;;) {
    if (at.kind === "typedef") {
      const { symbol } = at;
      if (seen.has(symbol) || seen.size > deepestNesting)
        return { levels, bottom: unknownType, attributes, typedefs };
      seen.add(symbol);
      typedefs.push(symbol);
      for (const [name, value] of symbol.attributes) {
        if (!attributes.has(name)) attributes.set(name, value);
      }
      at = sentAs(symbol) ?? symbol.type;
    } else if (at.kind === "pointer") {
      levels.push({ kind: "pointer", bound: null });
      at = at.target;
    } else if (at.kind === "array") {
      levels.push({ kind: "array", bound: at.bound });
      at = at.element;
    } else {
      return { levels, bottom: at, attributes, typedefs };
    }
  }
}

/** The type in transmit_as or wire_marshal of a typedef. */
export function sentAs(symbol: TypedefSymbol): Type | null {
  for (const name of asSent) {
    const argument = symbol.attributes.get(name)?.args[0];
    if (argument?.kind === "type") return argument.type;
  }
  return null;
}

/** The expression that an attribute gives a level, or null. */
export function dimension(shape: Shape, name: string, level: number): Correlation | null {
  const argument = shape.attributes.get(name)?.args[level];
  return argument?.kind === "expr" ? argument.expr : null;
}

/** Whether the number of elements of a level is only known at run time, and sent. */
export function isConformant(shape: Shape, level: number): boolean {
  const { kind, bound } = shape.levels[level] ?? { kind: "pointer", bound: null };
  if (kind !== "array") return false;
  const isSized = dimension(shape, "size_is", level) ?? dimension(shape, "max_is", level);
  return bound?.kind === "open" || isSized !== null;
}

/** A type in a few words. */
export function describe(type: Type): string {
  if (type.kind === "base") return type.name;
  return "symbol" in type ? type.symbol.name : type.kind;
}

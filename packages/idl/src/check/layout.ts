/** The size of a type in memory, for sizeof. Only what has the same size on every machine has one. */
import type { StructSymbol, Type, UnionSymbol } from "../program.ts";
import { baseTypes } from "./base-types.ts";
import { complete, type Context } from "./context.ts";

/** In bytes, or the reason why there is no one size. */
export type MemoryLayout = { readonly size: number; readonly align: number } | string;

const deepestNesting = 64;

/** Size and alignment as C lays the type out with natural alignment. */
export function memoryLayout(context: Context, type: Type, depth = 0): MemoryLayout {
  if (depth > deepestNesting) return "it nests too deep";
  switch (type.kind) {
    case "base": {
      const { bits } = baseTypes[type.name];
      if (bits === 0) return `${type.name} has no fixed size`;
      return { size: bits / 8, align: bits / 8 };
    }
    case "enum":
      return { size: 4, align: 4 };
    case "typedef":
      complete(context, type.symbol);
      return memoryLayout(context, type.symbol.type, depth + 1);
    case "array": {
      if (type.bound.kind === "open") return "it is an open array";
      const element = memoryLayout(context, type.element, depth + 1);
      if (typeof element === "string") return element;
      return bounded({ size: element.size * type.bound.count, align: element.align });
    }
    case "struct":
    case "union": {
      const { symbol } = type;
      const known = context.layouts.get(symbol);
      if (known) return known;
      complete(context, symbol);
      if (!symbol.isComplete) return "it is not defined";
      const layout =
        symbol.kind === "struct"
          ? structLayout(context, symbol, depth)
          : unionLayout(context, symbol, depth);
      // A reason may be that of this depth alone, and an unfinished type has yet to get its members.
      if (typeof layout !== "string" && !context.unfinished.has(symbol)) {
        context.layouts.set(symbol, layout);
      }
      return layout;
    }
    case "pointer":
    case "interface":
      return "a pointer's size depends on the machine";
    case "function":
    case "pipe":
    case "safearray":
      return "it has no size in memory";
  }
}

function structLayout(context: Context, { fields }: StructSymbol, depth: number): MemoryLayout {
  if (fields.some((field) => field.bits !== undefined)) return "it has bit fields";
  const types = fields.map((field) => field.type);
  return together(context, types, depth, false);
}

function unionLayout(context: Context, symbol: UnionSymbol, depth: number): MemoryLayout {
  const arms = symbol.arms.flatMap((arm) => (arm.field ? [arm.field.type] : []));
  const { discriminant } = symbol;
  const body = together(context, arms, depth, true);
  if (!discriminant || typeof body === "string") return body;
  const tag = memoryLayout(context, discriminant.type, depth + 1);
  if (typeof tag === "string") return tag;
  return bounded(append(append({ size: 0, align: 1 }, tag), body, true));
}

/** What no memory can hold has no size either. */
function bounded(layout: Extent): MemoryLayout {
  return layout.size > 0xffff_ffff ? "it is larger than 4 GiB" : layout;
}

function together(
  context: Context,
  types: readonly Type[],
  depth: number,
  overlaid: boolean,
): MemoryLayout {
  let whole = { size: 0, align: 1 };
  for (const type of types) {
    const part = memoryLayout(context, type, depth + 1);
    if (typeof part === "string") return part;
    whole = overlaid
      ? { size: Math.max(whole.size, part.size), align: Math.max(whole.align, part.align) }
      : append(whole, part);
  }
  return bounded({ size: roundUp(whole.size, whole.align), align: whole.align });
}

type Extent = { size: number; align: number };

function append(whole: Extent, part: Extent, last = false): Extent {
  const align = Math.max(whole.align, part.align);
  const size = roundUp(whole.size, part.align) + part.size;
  return { size: last ? roundUp(size, align) : size, align };
}

function roundUp(size: number, align: number): number {
  return Math.ceil(size / align) * align;
}

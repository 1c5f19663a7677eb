/** The size of a type in memory, for sizeof. Only what has the same size on every machine has one. */
import type { Type } from "../program.ts";
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
      return { size: element.size * type.bound.count, align: element.align };
    }
    case "struct": {
      complete(context, type.symbol);
      if (!type.symbol.isComplete) return "it is not defined";
      const fields = type.symbol.fields;
      if (fields.some((field) => field.bits !== undefined)) return "it has bit fields";
      return together(
        context,
        fields.map((field) => field.type),
        depth,
        false,
      );
    }
    case "union": {
      complete(context, type.symbol);
      if (!type.symbol.isComplete) return "it is not defined";
      const arms = type.symbol.arms.flatMap((arm) => (arm.field ? [arm.field.type] : []));
      const { discriminant } = type.symbol;
      const body = together(context, arms, depth, true);
      if (!discriminant || typeof body === "string") return body;
      const tag = memoryLayout(context, discriminant.type, depth + 1);
      return typeof tag === "string" ? tag : append(append({ size: 0, align: 1 }, tag), body, true);
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
  return { size: roundUp(whole.size, whole.align), align: whole.align };
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

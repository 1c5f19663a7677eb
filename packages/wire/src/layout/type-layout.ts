/**
 * Alignment and size of types in use.
 *
 * A structure or array aligns as the most aligned of its members. The counts in front of an array don't
 * take part in that: they align themselves where they stand.
 */
import type { ArrayType, Layout, StringType, TypePlan, WireType } from "../plan.ts";
import { type Syntax, alignUp, wordSize } from "../syntax.ts";
import { enumSize, primitiveSize } from "./primitive.ts";

export type Types = Readonly<Record<string, TypePlan>>;

/** A type of the plan by name. A name that the plan lacks is a bug of who made the plan. */
export function namedType(types: Types, name: string): TypePlan {
  const found = types[name];
  if (!found) throw new Error(`The plan has no type ${name}`);
  return found;
}

/** Alignment, and the size where it is the same for every value, counted from an aligned place. */
export function layoutOf(type: WireType, types: Types, syntax: Syntax): Layout {
  switch (type.kind) {
    case "primitive": {
      const size = primitiveSize(type.name, syntax);
      return { align: size, size };
    }
    case "named":
    case "union":
      return namedType(types, type.name).layout[syntax];
    case "pointer": {
      if (type.id === "none" || (type.id === "ndr64" && syntax === "ndr")) {
        return { align: 1, size: 0 };
      }
      return { align: wordSize(syntax), size: wordSize(syntax) };
    }
    case "array":
      return arrayLayout(type, types, syntax);
    case "string":
      return { align: charSize(type), size: null };
    case "pipe":
    case "interfacePointer":
      return { align: wordSize(syntax), size: null };
  }
}

/**
 * Where a type may begin: a multiple of this. It is the type's alignment but for a union of NDR 2.0,
 * which begins where its discriminant may, and for what has counts in front, which begins with them.
 */
export function startAlign(type: WireType, types: Types, syntax: Syntax): number {
  if (hasHeader(type)) return wordSize(syntax);
  const plan = type.kind === "union" || type.kind === "named" ? namedType(types, type.name) : null;
  if (plan?.kind === "union" && syntax === "ndr") {
    return layoutOf(plan.switchType, types, syntax).align;
  }
  return layoutOf(type, types, syntax).align;
}

/** Whether counts stand in place before the first element. */
function hasHeader(type: WireType): boolean {
  if (type.kind === "string") return true;
  return type.kind === "array" && type.dimensions.some((dimension) => dimension.varying !== null);
}

/** Where an element of an array may begin: that of an [ms_union] as its arms do ([MS-RPCE] 2.2.4.5). */
export function elementAlign(element: WireType, types: Types, syntax: Syntax): number {
  if (element.kind === "union") {
    const plan = namedType(types, element.name);
    if (plan.kind === "union" && plan.isMsUnion) return plan.layout[syntax].align;
  }
  return startAlign(element, types, syntax);
}

/** Bytes of a character of a string. */
export function charSize(type: StringType): 1 | 2 {
  return type.char === "wchar" ? 2 : 1;
}

/** Bytes from one element of an array to the next; null where elements differ in size. */
function strideOf(element: WireType, types: Types, syntax: Syntax): number | null {
  const { align, size } = layoutOf(element, types, syntax);
  return size === null
    ? null
    : alignUp(size, Math.max(align, elementAlign(element, types, syntax)));
}

/** The number of elements of a fixed array; null for one that is conformant or varying. */
function fixedCount(type: ArrayType): number | null {
  let count = 1;
  for (const dimension of type.dimensions) {
    if (dimension.isConformant || dimension.varying || typeof dimension.size !== "number") {
      return null;
    }
    count *= dimension.size;
  }
  return count;
}

function arrayLayout(type: ArrayType, types: Types, syntax: Syntax): Layout {
  const element = layoutOf(type.element, types, syntax);
  const count = fixedCount(type);
  const stride = strideOf(type.element, types, syntax);
  if (count === null || stride === null || element.size === null) {
    return { align: element.align, size: null };
  }
  const size = count === 0 ? 0 : exact(stride * (count - 1) + element.size);
  return { align: element.align, size };
}

/** A size beyond what numbers count exactly can't be sent, and is as good as unknown. */
export function exact(size: number): number | null {
  return Number.isSafeInteger(size) ? size : null;
}

/** Bytes of an enumeration or context handle; they are primitives as far as layout goes. */
export function scalarLayout(
  plan: { readonly kind: "enum"; readonly isV1: boolean } | { readonly kind: "contextHandle" },
  syntax: Syntax,
): Layout {
  if (plan.kind === "contextHandle") return { align: 4, size: 20 };
  const size = enumSize(plan.isV1, syntax);
  return { align: size, size };
}

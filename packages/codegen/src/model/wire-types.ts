/** Questions about wire types that several emitters ask. */
import { isByte, primitiveSize } from "@msrpc/wire";
import type { As } from "../overlay/overlay.ts";
import type {
  ArrayType,
  Dimension,
  Expr,
  PointerType,
  PrimitiveName,
  TypePlan,
  WireType,
} from "@msrpc/wire";

/** A type in use with the presentation that an overlay gives it. */
type Shown = WireType & { readonly as?: As };

/** How a program sees the type; null where it sees what is sent. */
export function presentationOf(type: WireType): As | null {
  return (type as Shown).as ?? null;
}

export function isPresented(type: WireType): boolean {
  return presentationOf(type) !== null;
}

/** The type with a presentation. */
export function showAs(type: WireType, as: As): WireType {
  return { ...type, as } as Shown;
}

/** The type as it is sent: its own presentation off, not those within. */
export function asSent(type: WireType): WireType {
  if (!isPresented(type)) return type;
  const { as: _, ...rest } = type as Shown;
  return rest;
}

export type Types = Readonly<Record<string, TypePlan>>;

export function typeOf(types: Types, name: string): TypePlan {
  const found = types[name];
  if (found === undefined) throw new Error(`the plan uses the type ${name} and doesn't have it`);
  return found;
}

export function isInteger(name: PrimitiveName): boolean {
  return !["f32", "f64", "boolean", "char8", "wchar"].includes(name);
}

export function isBig(name: PrimitiveName): boolean {
  return ["u64", "i64", "u3264", "i3264"].includes(name);
}

/** [ignore]: its referent id means nothing, so it is no member. */
export function isIgnored(type: WireType): boolean {
  return type.kind === "pointer" && type.isIgnored === true;
}

/** The value may be `null` in TypeScript. */
export function isNullable(type: WireType): boolean {
  return (
    !isPresented(type) &&
    type.kind === "pointer" &&
    (type.class !== "ref" || isNullable(type.target))
  );
}

/** What stands behind pointers that are no member of their own: reference pointers without bytes. */
export function throughSilent(type: WireType): WireType {
  const isSilent = type.kind === "pointer" && type.id === "none" && !isPresented(type);
  return isSilent ? throughSilent(type.target) : type;
}

export interface OuterArray {
  readonly array: ArrayType;
  /** The embedded or unique pointer it stands behind; null where it is in place. */
  readonly pointer: PointerType | null;
}

/** The array that a parameter or field is, or points at through one pointer that may have bytes. */
export function outerArray(type: WireType): OuterArray | null {
  const shown = throughSilent(type);
  if (shown.kind === "array") return { array: shown, pointer: null };
  if (
    shown.kind !== "pointer" ||
    isPresented(shown) ||
    shown.class === "full" ||
    shown.isIgnored === true
  )
    return null;
  return shown.target.kind === "array" ? { array: shown.target, pointer: shown } : null;
}

/** Sizes that expressions give the array or string behind a pointer: all 0 where the pointer is NULL. */
export function sizesBehind(type: PointerType): Expr[] {
  const target = throughSilent(type.target);
  if (type.isIgnored === true || type.mayBeNullWithCount === true) return [];
  if (target.kind === "string") return target.size === null ? [] : [target.size];
  if (target.kind !== "array") return [];
  return target.dimensions.flatMap(({ size }) =>
    typeof size === "object" && size !== null ? [size] : [],
  );
}

/** What an array has in its first dimension: its elements, or rows of them. */
export function elementOf(array: ArrayType): WireType {
  const [, ...inner] = array.dimensions;
  return inner.length === 0 ? array.element : { ...array, dimensions: inner };
}

/** Elements that are octets, so that the array is a `Uint8Array`. */
export function isOctets(array: ArrayType): boolean {
  const { element } = array;
  return (
    array.dimensions.length === 1 &&
    element.kind === "primitive" &&
    !isPresented(element) &&
    isByte(element.name)
  );
}

/** Wide characters without [string], so that the array is text of just so many units. */
export function isText(array: ArrayType): boolean {
  const { element, dimensions } = array;
  return (
    dimensions.length === 1 &&
    element.kind === "primitive" &&
    !isPresented(element) &&
    element.name === "wchar" &&
    element.range === undefined
  );
}

/** The writer's method that gives the number of elements. */
export function sizeMethod(array: ArrayType): "size" | "textLength" {
  return isText(array) ? "textLength" : "size";
}

/** The numbers of the type that one reader call takes together, by that call's name. */
export function elementsCall(array: ArrayType): string | null {
  const { element } = array;
  if (array.dimensions.length !== 1 || element.kind !== "primitive" || element.range !== undefined)
    return null;
  if (isPresented(element)) return null;
  if (isOctets(array)) return "bytes";
  if (isText(array)) return "wchars";
  const name = element.name === "error" ? "u32" : element.name;
  return ["u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"].includes(name)
    ? `${name}s`
    : null;
}

/** Octets that a value of the type has in NDR 2.0 at the least, in place. */
export function leastSize(type: WireType, types: Types): number {
  switch (type.kind) {
    case "primitive":
      return primitiveSize(type.name, "ndr");
    case "named":
      return leastNamed(typeOf(types, type.name), types);
    case "union":
      return leastNamed(typeOf(types, type.name), types);
    case "pointer":
      return type.id === "both" ? 4 : type.id === "ndr64" ? 0 : leastSize(type.target, types);
    case "string":
      return (type.isConformant ? 12 : 8) + (type.char === "wchar" ? 2 : 1);
    case "array": {
      const fixed = type.dimensions.every(
        (d) => typeof d.size === "number" && !d.isConformant && d.varying === null,
      );
      if (!fixed)
        return type.dimensions.some((d) => d.varying !== null) ? 8 * type.dimensions.length : 0;
      const count = type.dimensions.reduce((product, d) => product * (d.size as number), 1);
      return count * leastSize(type.element, types);
    }
    case "pipe":
    case "interfacePointer":
      return 8;
  }
}

/** As `leastSize`, for the elements of an array; 0 only where they take no octets in either syntax, targets neither. */
export function leastElement(type: WireType, types: Types): number {
  return isEmpty(type, types) ? 0 : Math.max(1, leastSize(type, types));
}

function isEmpty(type: WireType, types: Types): boolean {
  if (type.kind !== "named") return false;
  const { ndr, ndr64 } = typeOf(types, type.name).layout;
  return ndr.size === 0 && ndr64.size === 0;
}

function leastNamed(plan: TypePlan, types: Types): number {
  if (plan.layout.ndr.size !== null) return plan.layout.ndr.size;
  if (plan.kind === "struct")
    return plan.fields.reduce((sum, field) => sum + leastSize(field.type, types), 0);
  if (plan.kind === "union") return leastSize(plan.switchType, types);
  return 1;
}

/** The alignment that writing the first part of the type brings about by itself. */
export function ownAlign(type: WireType, types: Types): readonly [ndr: number, ndr64: number] {
  switch (type.kind) {
    case "primitive":
      return [primitiveSize(type.name, "ndr"), primitiveSize(type.name, "ndr64")];
    case "named":
    case "union": {
      const plan = typeOf(types, type.name);
      const { ndr, ndr64 } = plan.layout;
      return [plan.kind === "union" ? ownAlign(plan.switchType, types)[0] : ndr.align, ndr64.align];
    }
    case "pointer":
      return type.id === "both" ? [4, 8] : ownAlign(type.target, types);
    case "array":
      return type.dimensions.some((d) => d.varying !== null)
        ? [4, 8]
        : ownAlign(type.element, types);
    default:
      return [4, 8];
  }
}

/** The type has embedded pointers, so a deferred part. */
export function hasTargets(type: WireType, types: Types): boolean {
  switch (type.kind) {
    case "pointer":
      return type.isIgnored !== true;
    case "array":
      return hasTargets(type.element, types);
    case "named":
    case "union": {
      const plan = typeOf(types, type.name);
      return (plan.kind === "struct" || plan.kind === "union") && plan.hasDeferred;
    }
    default:
      return false;
  }
}

/** Tells types of targets apart: equal for types of which one value can be both. */
export function typeKey(type: WireType): string {
  const shown = throughSilent(type);
  const as = presentationOf(shown);
  if (as !== null) return `${typeKey(asSent(shown))} as ${typeof as === "string" ? as : as.name}`;
  switch (shown.kind) {
    case "primitive":
      return shown.name;
    case "named":
    case "union":
      return shown.name;
    case "pointer":
      return `${shown.class} ${typeKey(shown.target)}`;
    case "array":
      return typeKey(shown.element) + shown.dimensions.map(dimensionKey).join("");
    case "string":
      return `string of ${shown.bound ?? ""}${shown.char}`;
    case "pipe":
      return `pipe of ${typeKey(shown.element)}`;
    case "interfacePointer":
      return shown.interface ?? "interface";
  }
}

function dimensionKey({ size, isConformant, varying }: Dimension): string {
  return `[${isConformant || typeof size !== "number" ? "*" : size}${varying === null ? "" : " varying"}]`;
}

/** The reader's and writer's method for a pointer that is sent. */
export function pointerMethod(type: PointerType): "refElement" | "ref" | "fullPointer" | "pointer" {
  if (type.id === "ndr64") return "refElement";
  if (type.class === "ref") return "ref";
  return type.class === "full" ? "fullPointer" : "pointer";
}

export function isSameExpr(a: Expr | null, b: Expr | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The size of a dimension as an expression; null where only the wire knows. */
export function sizeExpr(dimension: Dimension): Expr | null {
  return typeof dimension.size === "number"
    ? { op: "const", value: String(dimension.size) }
    : dimension.size;
}

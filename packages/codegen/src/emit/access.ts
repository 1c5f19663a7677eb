/** Where the values of a record's fields are found while encoding or decoding. */
import type { Expr, UnionPlan, WireType } from "@msrpc/wire";
import { printBig, printExpr, type Divide, type FieldCode } from "../model/expr.ts";
import type { RecordModel, Slot } from "../model/record.ts";
import {
  isBig,
  isNullable,
  isPresented,
  outerArray,
  sizeMethod,
  throughSilent,
  type Types,
  typeOf,
} from "../model/wire-types.ts";
import { isWrapped } from "../print/doc.ts";
import { isBoxed, quote, type Emitter } from "./context.ts";

/** A record whose members can be had as `${base}.${member}`. */
export interface Source {
  readonly base: string;
  readonly record: RecordModel;
}

/**
 * Fields by way of members: a derived one is computed from what it follows from. The first source that
 * has the field counts: a response before its request.
 */
export function memberFields(sources: readonly Source[], emitter: Emitter): FieldCode {
  return ([first = "", ...rest]) => {
    for (const { base, record } of sources) {
      const slot = record.byWire.get(first);
      if (slot !== undefined) return slotCode(slot, base, record, rest, emitter);
    }
    return null;
  };
}

/** The number in a field, or in one that a path from there leads to. */
function slotCode(
  slot: Slot,
  base: string,
  record: RecordModel,
  rest: readonly string[],
  emitter: Emitter,
): string | null {
  if (slot.role.kind === "member")
    return pathCode(slot.type, `${base}.${slot.role.name}`, rest, emitter);
  if (rest.length > 0 || slot.role.kind === "ignored") return null;
  if (slot.role.kind === "count") return derivedCode(slot, base, record, emitter, "");
  const source = record.byWire.get(slot.role.source)!;
  const union = throughSilent(source.type);
  if (source.role.kind !== "member" || union.kind !== "union") return null;
  const value = sentCode(emitter, union, `${base}.${source.role.name}`, "", "");
  return tagNumber(union.name, value, emitter);
}

/** The number at the end of a path of fields, from a value on; behind NULL it is 0. */
export function pathCode(
  type: WireType,
  code: string,
  path: readonly string[],
  emitter: Emitter,
): string | null {
  let at = reached(type);
  let value = code;
  let isOptional = false;
  for (const name of path) {
    const slot = at === null ? undefined : fieldOf(at.type, name, emitter);
    if (at === null || slot?.role.kind !== "member") return null;
    value = `${value}${at.boxes}${at.isOptional ? "?." : "."}${slot.role.name}`;
    isOptional ||= at.isOptional;
    at = reached(slot.type);
  }
  if (at === null) return null;
  value += at.boxes;
  return numberOf(at.type, isOptional || at.isOptional ? `(${value} ?? 0)` : value, emitter.types);
}

/** A path from a field on stays in place: no pointer with a referent id is on it. */
export function isInPlace(type: WireType, path: readonly string[], emitter: Emitter): boolean {
  let at = throughSilent(type);
  for (const name of path) {
    const slot = fieldOf(at, name, emitter);
    if (slot === undefined || isPresented(at)) return false;
    at = throughSilent(slot.type);
  }
  return at.kind !== "pointer";
}

function fieldOf(type: WireType, name: string, emitter: Emitter): Slot | undefined {
  return type.kind === "named" ? emitter.entry(type.name).record?.byWire.get(name) : undefined;
}

/** What stands behind all pointers. */
interface Reached {
  readonly type: WireType;
  readonly isOptional: boolean;
  /** `?.target` for every object that stands between two pointers that may be NULL. */
  readonly boxes: string;
}

function reached(type: WireType): Reached | null {
  let at = type;
  let isOptional = false;
  let boxes = "";
  while (at.kind === "pointer" && !isPresented(at)) {
    if (at.isIgnored === true) return null;
    if (at.class !== "ref") {
      if (isBoxed(at.target)) boxes += "?.target";
      isOptional = true;
    }
    at = at.target;
  }
  return isPresented(at) ? null : { type: at, isOptional, boxes };
}

/** A member's value as a `number`: NULL counts as 0, a 64-bit integer is converted. */
export function numberCode(slot: Slot, code: string, types: Types): string | null {
  const at = reached(slot.type);
  if (at === null) return null;
  return numberOf(at.type, at.isOptional ? `(${code}${at.boxes} ?? 0)` : code, types);
}

function numberOf(type: WireType, value: string, types: Types): string | null {
  if (type.kind === "named") return typeOf(types, type.name).kind === "enum" ? value : null;
  if (type.kind !== "primitive" || type.name === "f32" || type.name === "f64") return null;
  return type.name === "boolean" || isBig(type.name) ? `Number(${value})` : value;
}

/**
 * The value of a derived field as its own type. With the name of a writer the length is checked to be one:
 * `w.size(v.entries, "Entry")`.
 */
export function derivedCode(
  slot: Slot,
  base: string,
  record: RecordModel,
  emitter: Emitter,
  writer: string,
): string {
  if (slot.role.kind !== "count" && slot.role.kind !== "tag")
    throw new Error(`${slot.wire} is not derived`);
  const source = record.byWire.get(slot.role.source)!;
  if (source.role.kind !== "member") throw new Error(`${source.wire} is no member`);
  const value = `${base}.${source.role.name}`;
  const shown = throughSilent(source.type);
  if (shown.kind === "union")
    return tagAs(slot, shown.name, sentCode(emitter, shown, value, writer, source.wire), emitter);
  if (slot.role.kind !== "count") throw new Error(`${source.wire} is no union`);
  const length = lengthCode(emitter, source, value, writer);
  const { inversion } = slot.role;
  const code = inversion.code(length);
  const type = throughSilent(slot.type);
  return type.kind === "primitive" && isBig(type.name) && writer !== "" ? `BigInt(${code})` : code;
}

/** A union's tag as the type of the field that has it as well. */
function tagAs(slot: Slot, union: string, value: string, emitter: Emitter): string {
  const plan = emitter.planOf(union);
  const wanted = kindOfTag(throughSilent(slot.type));
  const tag = tagCode(union, value, emitter);
  if (plan.kind !== "union" || kindOfTag(plan.switchType) === wanted) return tag;
  return tagOfNumber(throughSilent(slot.type), tagNumber(union, value, emitter));
}

/** A number as a tag of the type. */
export function tagOfNumber(type: WireType, number: string): string {
  switch (kindOfTag(type)) {
    case "bigint":
      if (/^\d+$/.test(number)) return `${number}n`;
      return `BigInt(${isWrapped(number) ? number.slice(1, -1) : number})`;
    case "boolean":
      return `${number} !== 0`;
    default:
      return number;
  }
}

/** The TypeScript type of a tag. */
function kindOfTag(type: WireType): "number" | "bigint" | "boolean" {
  if (type.kind !== "primitive") return "number";
  if (type.name === "boolean") return "boolean";
  return isBig(type.name) ? "bigint" : "number";
}

/** The tag of a union's value. */
function tagCode(union: string, value: string, emitter: Emitter): string {
  const plan = emitter.planOf(union);
  if (plan.kind !== "union" || !hasDefault(plan)) return `${value}.type`;
  // Of what a call gives, the type checker doesn't know that it is the same twice.
  if (value.endsWith(")"))
    return `${emitter.module.value({ name: "unionTag", from: { package: "@msrpc/ndr" } })}(${value})`;
  return `(${value}.type === "default" ? ${value}.tag : ${value}.type)`;
}

/** The tag as a `number`, to be held against an expression. */
function tagNumber(union: string, value: string, emitter: Emitter): string {
  const plan = emitter.planOf(union);
  const tag = tagCode(union, value, emitter);
  if (plan.kind !== "union" || kindOfTag(plan.switchType) === "number") return tag;
  return `Number(${tag.replace(/^\((.*)\)$/, "$1")})`;
}

/** The union takes tags that no label names. */
export function hasDefault(plan: UnionPlan): boolean {
  return plan.arms.some((arm) => arm.isDefault);
}

/**
 * The value that is sent for one that a program sees; without a writer, one that has been sent already, so that it
 * converts without fail.
 */
export function sentCode(
  emitter: Emitter,
  type: WireType,
  value: string,
  writer: string,
  name: string,
): string {
  const presentation = emitter.presentation(type);
  if (presentation === null) return value;
  return writer === ""
    ? `${presentation}.toWire(${value})`
    : `${writer}.wireOf(${presentation}, ${value}, ${quote(name)})`;
}

/** The number of elements of a member that is an array or may be NULL. */
function lengthCode(emitter: Emitter, slot: Slot, value: string, writer: string): string {
  const outer = outerArray(slot.type);
  const method = outer === null ? "size" : sizeMethod(outer.array);
  if (outer !== null && isPresented(outer.array)) {
    const sent = sentCode(emitter, outer.array, value, writer, slot.wire);
    const length =
      writer === "" ? `${sent}.length` : `${writer}.${method}(${sent}, "${slot.wire}")`;
    return isNullable(throughSilent(slot.type)) ? `(${value} === null ? 0 : ${length})` : length;
  }
  if (outer !== null && isNullable(throughSilent(slot.type))) {
    return writer === ""
      ? `(${value}?.length ?? 0)`
      : `${value} === null ? 0 : ${writer}.${method}(${value}, "${slot.wire}")`;
  }
  return writer === "" ? `${value}.length` : `${writer}.${method}(${value}, "${slot.wire}")`;
}

/** Where an expression stands: the reader or writer that refuses a division by zero, and the field it speaks of. */
export interface ExprSite {
  readonly cursor: "r" | "w";
  readonly name: string;
}

/** Without a site, as in a value for an answer that is only a status, what is divided by zero is 0. */
function divideAt(site: ExprSite | null): Divide {
  return (operator, left, right) => {
    if (site === null) {
      const result = operator === "/" ? `Math.trunc(${left} / ${right})` : `${left} % ${right}`;
      return `(${right} === 0 ? 0 : ${result})`;
    }
    const method = operator === "/" ? "quotient" : "remainder";
    return `${site.cursor}.${method}(${left}, ${right}, ${quote(site.name)})`;
  };
}

/** An expression as a `number`; null where there is none, or a field of it can't be had. */
export function exprCode(
  expr: Expr | null,
  fields: FieldCode,
  site: ExprSite | null,
): string | null {
  return expr === null ? null : printExpr(expr, fields, divideAt(site));
}

/** What a union's tag is held against, as a `bigint` for tags of 64 bits. */
export function switchCode(
  union: string,
  expr: Expr,
  fields: FieldCode,
  types: Types,
  site: ExprSite | null,
): string | null {
  const print = isBigUnion(union, types) ? printBig : printExpr;
  return print(expr, fields, divideAt(site));
}

/** The tag of a union's value, to be held against `switchCode`. */
export function switchTag(union: string, value: string, emitter: Emitter): string {
  return isBigUnion(union, emitter.types)
    ? tagCode(union, value, emitter)
    : tagNumber(union, value, emitter);
}

/** The union's tag has 64 bits. */
export function isBigUnion(union: string, types: Types): boolean {
  const plan = typeOf(types, union);
  return plan.kind === "union" && kindOfTag(plan.switchType) === "bigint";
}

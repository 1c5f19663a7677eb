/** Where the values of a record's fields are found while encoding or decoding. */
import type { Expr, UnionPlan } from "@msrpc/wire";
import { printExpr, type FieldCode } from "../model/expr.ts";
import type { RecordModel, Slot } from "../model/record.ts";
import {
  isBig,
  isNullable,
  outerArray,
  sizeMethod,
  throughSilent,
  type Types,
  typeOf,
} from "../model/wire-types.ts";
import { isBoxed } from "./context.ts";

/** A record whose members can be had as `${base}.${member}`. */
export interface Source {
  readonly base: string;
  readonly record: RecordModel;
}

/**
 * Fields by way of members: a derived one is computed from what it follows from. The first source that
 * has the field counts: a response before its request.
 */
export function memberFields(sources: readonly Source[], types: Types): FieldCode {
  return (path) => {
    const [first = "", ...rest] = path;
    for (const { base, record } of sources) {
      const slot = record.byWire.get(first);
      if (slot !== undefined) return rest.length === 0 ? slotCode(slot, base, record, types) : null;
    }
    return null;
  };
}

/** The number in a field. */
function slotCode(slot: Slot, base: string, record: RecordModel, types: Types): string | null {
  if (slot.role.kind === "ignored") return null;
  if (slot.role.kind !== "member") return derivedCode(slot, base, record, types, "");
  return numberCode(slot, `${base}.${slot.role.name}`, types);
}

/** A member's value as a `number`: NULL counts as 0, a 64-bit integer is converted. */
export function numberCode(slot: Slot, code: string, types: Types): string | null {
  let type = throughSilent(slot.type);
  let value = code;
  if (type.kind === "pointer" && type.isIgnored !== true && !isBoxed(type.target)) {
    value = isNullable(type) ? `(${code} ?? 0)` : code;
    type = type.target;
  }
  if (type.kind === "named") return typeOf(types, type.name).kind === "enum" ? value : null;
  if (type.kind !== "primitive" || type.name === "f32" || type.name === "f64") return null;
  if (type.name === "boolean") return `Number(${value})`;
  return isBig(type.name) ? `Number(${value})` : value;
}

/**
 * The value of a derived field as its own type. With the name of a writer the length is checked to be one:
 * `w.size(v.entries, "Entry")`.
 */
export function derivedCode(
  slot: Slot,
  base: string,
  record: RecordModel,
  types: Types,
  writer: string,
): string {
  if (slot.role.kind !== "count" && slot.role.kind !== "tag")
    throw new Error(`${slot.wire} is not derived`);
  const source = record.byWire.get(slot.role.source)!;
  if (source.role.kind !== "member") throw new Error(`${source.wire} is no member`);
  const value = `${base}.${source.role.name}`;
  const shown = throughSilent(source.type);
  if (shown.kind === "union") return tagCode(shown.name, value, types);
  if (slot.role.kind !== "count") throw new Error(`${source.wire} is no union`);
  const length = lengthCode(source, value, writer);
  const { inversion } = slot.role;
  const code = inversion.code(length);
  const type = throughSilent(slot.type);
  return type.kind === "primitive" && isBig(type.name) && writer !== "" ? `BigInt(${code})` : code;
}

/** The tag of a union's value. */
function tagCode(union: string, value: string, types: Types): string {
  const plan = typeOf(types, union);
  if (plan.kind !== "union" || !hasDefault(plan)) return `${value}.type`;
  return `(${value}.type === "default" ? ${value}.tag : ${value}.type)`;
}

/** The tag as a `number`, to be held against an expression. */
export function tagNumber(union: string, value: string, types: Types): string {
  const plan = typeOf(types, union);
  const tag = tagCode(union, value, types);
  const type = plan.kind === "union" ? plan.switchType : null;
  const isNumber = type?.kind !== "primitive" || (type.name !== "boolean" && !isBig(type.name));
  return isNumber ? tag : `Number(${tag.replace(/^\((.*)\)$/, "$1")})`;
}

/** The union takes tags that no label names. */
export function hasDefault(plan: UnionPlan): boolean {
  return plan.arms.some((arm) => arm.isDefault);
}

/** The number of elements of a member that is an array or may be NULL. */
function lengthCode(slot: Slot, value: string, writer: string): string {
  const outer = outerArray(slot.type);
  const method = outer === null ? "size" : sizeMethod(outer.array);
  if (outer !== null && isNullable(throughSilent(slot.type))) {
    return writer === ""
      ? `(${value}?.length ?? 0)`
      : `${value} === null ? 0 : ${writer}.${method}(${value}, "${slot.wire}")`;
  }
  return writer === "" ? `${value}.length` : `${writer}.${method}(${value}, "${slot.wire}")`;
}

export function exprCode(expr: Expr | null, fields: FieldCode): string | null {
  return expr === null ? null : printExpr(expr, fields);
}

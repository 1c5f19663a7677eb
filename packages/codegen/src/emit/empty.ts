/** Zero values: what a server sends around a status that is an error. */
import type { ArrayType, Expr, UnionUse, WireType } from "@msrpc/wire";
import type { FieldCode } from "../model/expr.ts";
import type { RecordModel, Slot } from "../model/record.ts";
import {
  asSent,
  elementOf,
  isInteger,
  isNullable,
  isOctets,
  isPresented,
  isText,
  presentationOf,
  sizeExpr,
  throughSilent,
} from "../model/wire-types.ts";
import type { TypeEntry } from "../model/registry.ts";
import { assign, isWrapped, list } from "../print/doc.ts";
import { exprCode, isBigUnion, switchCode, tagOfNumber } from "./access.ts";
import type { Emitter } from "./context.ts";

/** The zero value of a type as code; `fields` are those of the request, which may size it. */
export function emptyValue(emitter: Emitter, type: WireType, fields: FieldCode): string {
  const shown = throughSilent(type);
  if (isNullable(shown)) return "null";
  const as = presentationOf(shown);
  if (as !== null) {
    if (typeof as === "string") return '""';
    return `${emitter.presentation(shown)}.fromWire(${emptyValue(emitter, asSent(shown), fields)})`;
  }
  switch (shown.kind) {
    case "primitive": {
      if (shown.name === "boolean") return "false";
      const zero = nearestToZero(shown.range);
      return ["u64", "i64", "u3264", "i3264"].includes(shown.name) ? `${zero}n` : zero;
    }
    case "named": {
      const entry = emitter.entry(shown.name);
      if (entry.isUuid)
        return emitter.module.value({ name: "nilUuid", from: { package: "@msrpc/ndr" } });
      if (entry.plan.kind === "enum") return nearestToZero(shown.range);
      if (entry.plan.kind === "contextHandle") return "null";
      if (entry.plan.kind === "union") return `${emptyFunction(emitter, entry)}()`;
      if (hasEmpty(emitter, entry)) return `${emptyFunction(emitter, entry)}()`;
      return objectCode(emptyRecord(emitter, entry.record!, noFields));
    }
    case "union":
      return emptyUnion(emitter, shown, fields);
    case "pointer":
      return emptyValue(emitter, shown.target, fields);
    case "array":
      return emptyArray(emitter, shown, fields);
    case "string": {
      const least = shown.range === undefined ? 1 : Number(shown.range.low);
      return least > 1 ? `" ".repeat(${least - 1})` : '""';
    }
    case "interfacePointer":
      return "new Uint8Array(0)";
    case "pipe":
      throw new Error("a pipe has no part among the parameters");
  }
}

const noFields: FieldCode = () => null;

/** Structures with more values than this, those of nested ones counted, have a function for their zero value. */
const mostInline = 8;

/** Whether a structure's zero value is a function's: otherwise it stands wherever it is needed. */
function hasEmpty(emitter: Emitter, entry: TypeEntry): boolean {
  return weightOf(emitter, entry) > mostInline;
}

const weights = new WeakMap<TypeEntry, number>();

/** How many values the zero value of a structure spells out. */
function weightOf(emitter: Emitter, entry: TypeEntry): number {
  const known = weights.get(entry);
  if (known !== undefined) return known;
  let weight = 0;
  for (const { role, type } of entry.record?.slots ?? [])
    if (role.kind === "member") weight += weightOfValue(emitter, type);
  weights.set(entry, weight);
  return weight;
}

function weightOfValue(emitter: Emitter, type: WireType): number {
  const shown = throughSilent(type);
  if (isNullable(shown) || isPresented(shown)) return 1;
  if (shown.kind === "pointer") return weightOfValue(emitter, shown.target);
  if (shown.kind === "array") return 1 + weightOfValue(emitter, elementOf(shown));
  if (shown.kind !== "named") return 1;
  const entry = emitter.entry(shown.name);
  if (entry.plan.kind !== "struct" || entry.isUuid) return 1;
  const weight = weightOf(emitter, entry);
  return weight > mostInline ? 1 : Math.max(1, weight);
}

function emptyFunction(emitter: Emitter, entry: TypeEntry): string {
  return emitter.module.value(emitter.registry.symbol(entry, `empty${entry.ts}`));
}

/** The function for the zero value of a structure that has one. */
export function emitEmpty(emitter: Emitter, entry: TypeEntry): void {
  if (entry.record === null || !hasEmpty(emitter, entry)) return;
  const out = emitter.module.body;
  const members = emptyRecord(emitter, entry.record, noFields);
  out.add("");
  out.nest(`export function empty${entry.ts}(): ${entry.ts}`, () => {
    const items = members.map(({ name, code }) => assign(`${name}:`, code));
    out.add(list("return {", items, "};", " "));
  });
}

export interface MemberCode {
  readonly name: string;
  readonly code: string;
}

/**
 * The members of a record, each with its zero value. In a response an integer that the request has as well
 * keeps the request's value: it may say how long a string or array has to be.
 */
export function emptyRecord(
  emitter: Emitter,
  record: RecordModel,
  fields: FieldCode,
  request: RecordModel | null = null,
): MemberCode[] {
  const echoed = (slot: Slot): string | null => {
    const asked = request?.byWire.get(slot.wire);
    const type = throughSilent(slot.type);
    const isNumber =
      slot.role.kind === "member" && type.kind === "primitive" && isInteger(type.name);
    return isNumber && asked?.role.kind === "member" ? `q.${asked.role.name}` : null;
  };
  const own: FieldCode = (path) => {
    const slot = record.byWire.get(path[0] ?? "");
    if (slot === undefined) return fields(path);
    if (slot.role.kind === "tag") return null;
    return echoed(slot) === null ? "0" : fields(path);
  };
  return record.slots.flatMap((slot) =>
    slot.role.kind === "member"
      ? [{ name: slot.role.name, code: echoed(slot) ?? emptyValue(emitter, slot.type, own) }]
      : [],
  );
}

function objectCode(members: readonly MemberCode[]): string {
  return members.length === 0
    ? "{}"
    : `{ ${members.map(({ name, code }) => `${name}: ${code}`).join(", ")} }`;
}

function emptyArray(emitter: Emitter, type: ArrayType, fields: FieldCode): string {
  const dimension = type.dimensions[0]!;
  const stated =
    dimension.varying === null
      ? (exprCode(sizeExpr(dimension), fields, null) ?? "0")
      : lengthOf(dimension.varying.length, fields);
  // What a request states is bounded before anything is allocated for it.
  const size = /^\d+$/.test(stated)
    ? stated
    : `${emitter.module.value({ name: "askedSize", from: { package: "@msrpc/ndr" } })}(${unwrapped(stated)})`;
  if (isOctets(type)) return `new Uint8Array(${size})`;
  if (isText(type)) return size === "0" ? '""' : `"\\0".repeat(${size})`;
  if (size === "0") return "[]";
  const item = emptyValue(emitter, elementOf(type), fields);
  return `Array.from({ length: ${size} }, () => ${item.startsWith("{") ? `(${item})` : item})`;
}

function lengthOf(length: Expr | null, fields: FieldCode): string {
  return exprCode(length, fields, null) ?? "0";
}

/** The arm of a tag that the request gives, else the first. */
function emptyUnion(emitter: Emitter, { name, switchIs }: UnionUse, fields: FieldCode): string {
  const entry = emitter.entry(name);
  const helper = emptyFunction(emitter, entry);
  const tag = switchCode(name, switchIs, fields, emitter.types, null);
  if (tag === null || entry.plan.kind !== "union") return `${helper}()`;
  const shown = isBigUnion(name, emitter.types) ? tag : tagOfNumber(entry.plan.switchType, tag);
  return `${helper}(${unwrapped(shown)})`;
}

/** An argument needs no parentheses of its own. */
function unwrapped(code: string): string {
  return isWrapped(code) ? code.slice(1, -1) : code;
}

function nearestToZero(range: { readonly low: string; readonly high: string } | undefined): string {
  if (range === undefined) return "0";
  if (BigInt(range.low) > 0n) return range.low;
  return BigInt(range.high) < 0n ? range.high : "0";
}

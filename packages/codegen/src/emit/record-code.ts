/** Code for all fields of a structure or message, in order of the wire. */
import { expressionsIn, fieldPaths } from "@msrpc/wire";
import type { Expr, StructPlan, WireType } from "@msrpc/wire";
import { invert, type FieldCode } from "../model/expr.ts";
import type { RecordModel, Slot } from "../model/record.ts";
import {
  isNullable,
  isPresented,
  isSameExpr,
  outerArray,
  sizesBehind,
  throughSilent,
  type Types,
} from "../model/wire-types.ts";
import { Block } from "../print/block.ts";
import { assign, call, list, print, type Doc } from "../print/doc.ts";
import {
  derivedCode,
  exprCode,
  isInPlace,
  memberFields,
  numberCode,
  pathCode,
  sentCode,
  switchCode,
  switchTag,
  type Source,
} from "./access.ts";
import { quote, type Emitter, type Scope } from "./context.ts";
import { isSizeOf, type Check, type ReadAt } from "./read-types.ts";
import { ValueReader } from "./read-value.ts";
import { ValueWriter, type Place } from "./write-value.ts";

/** The expression of `slot`'s array that its own length decides, if a count is derived from it. */
function decidedBy(slot: Slot, record: RecordModel): Expr | null {
  const outer = outerArray(slot.type);
  const [dimension] = outer?.array.dimensions ?? [];
  if (dimension === undefined) return null;
  const candidates = [
    dimension.varying?.length ?? null,
    typeof dimension.size === "object" ? dimension.size : null,
  ];
  for (const count of record.derivedFrom.get(slot.wire) ?? []) {
    if (count.role.kind !== "count") continue;
    for (const expr of candidates)
      if (expr !== null && invert(expr, count.wire) !== null) return expr;
  }
  return null;
}

/** Where a slot's value is while encoding. */
export function placeOf(slot: Slot, base: string, record: RecordModel, fields: FieldCode): Place {
  if (slot.role.kind !== "member") throw new Error(`${slot.wire} is no member`);
  return {
    code: `${base}.${slot.role.name}`,
    name: slot.wire,
    fields,
    decided: decidedBy(slot, record),
  };
}

/** Encodes every slot in place (a structure) or whole (a message). */
export function writeSlots(
  out: Block,
  writer: ValueWriter,
  record: RecordModel,
  base: string,
  sources: readonly Source[],
  emitter: Emitter,
  how: "inPlace" | "whole",
  isOpen: (slot: Slot) => boolean = () => false,
): void {
  const fields = memberFields(sources, emitter);
  for (const slot of record.slots) {
    if (slot.role.kind === "member") {
      const place = { ...placeOf(slot, base, record, fields), isOpen: isOpen(slot) };
      writer[how](out, slot.type, place);
      checkUnion(out, slot, record, place.code, fields, emitter);
      if (emitter.isStrict) checkNull(out, slot, place);
      continue;
    }
    if (slot.role.kind === "ignored") {
      writer.inPlace(out, throughSilent(slot.type), { code: "null", name: slot.wire, fields });
      continue;
    }
    const code = derivedCode(slot, base, record, emitter, "w");
    writer.inPlace(out, throughSilent(slot.type), { code, name: slot.wire, fields });
  }
}

/** A union's tag against a switch_is that stays a member. */
function checkUnion(
  out: Block,
  slot: Slot,
  record: RecordModel,
  code: string,
  fields: FieldCode,
  emitter: Emitter,
): void {
  const { types } = emitter;
  let type: WireType = throughSilent(slot.type);
  const pointer = type.kind === "pointer" ? type : null;
  if (pointer !== null) type = pointer.target;
  if (
    type.kind !== "union" ||
    record.derivedFrom.get(slot.wire)?.some(({ role }) => role.kind === "tag") === true
  )
    return;
  const site = { cursor: "w", name: slot.wire } as const;
  const expected = switchCode(type.name, type.switchIs, fields, types, site);
  if (expected === null) return;
  const sent = sentCode(emitter, type, code, "w", slot.wire);
  const check = [
    call("w.switchIs", switchTag(type.name, sent, emitter), expected, quote(slot.wire)),
    ";",
  ];
  if (pointer === null || !isNullable(pointer)) out.add(check);
  else out.when(`${code} !== null`, (body) => body.add(check));
}

/** NULL has the count 0; a full pointer's target, which is written once, the count of each pointer to it. */
function checkNull(out: Block, slot: Slot, place: Place): void {
  const type = throughSilent(slot.type);
  if (type.kind !== "pointer" || type.class === "ref" || isPresented(type)) return;
  for (const size of sizesBehind(type)) {
    const expected = isSameExpr(size, place.decided ?? null)
      ? null
      : exprCode(size, place.fields, { cursor: "w", name: slot.wire });
    if (expected === null || expected === "0") continue;
    if (type.class === "full" && isOneCount(type.target)) {
      const found = `${place.code}?.length ?? 0`;
      out.add([call("w.sizeIs", found, expected, quote(slot.wire)), ";"]);
      continue;
    }
    out.when(`${place.code} === null`, (body) =>
      body.add([call("w.sizeIs", "0", expected, quote(slot.wire)), ";"]),
    );
  }
}

/** An array with as many elements as its count says. */
function isOneCount(type: WireType): boolean {
  return (
    type.kind === "array" && type.dimensions.length === 1 && type.dimensions[0]!.varying === null
  );
}

/** What decoding made of the slots: the code of each member's value. */
export interface ReadRecord {
  readonly members: readonly { readonly name: string; readonly code: string }[];
}

export interface ReadRecordOptions {
  readonly how: "inPlace" | "whole";
  /** Fields of the request, for a response. */
  readonly outside: FieldCode;
  /** Max counts that were read before, for the last slot. */
  readonly sizes?: readonly string[];
  readonly isOpen?: (slot: Slot) => boolean;
}

/** Decodes every slot. Statements go to `out`; the result says what each member is. */
export function readSlots(
  out: Block,
  reader: ValueReader,
  record: RecordModel,
  emitter: Emitter,
  options: ReadRecordOptions,
): ReadRecord {
  const { types } = emitter;
  const known = new Map<string, string>();
  const fields: FieldCode = (path) => {
    const [first = "", ...rest] = path;
    const slot = record.byWire.get(first);
    if (slot === undefined) return options.outside(path);
    const code = known.get(first);
    if (code === undefined) return null;
    if (options.how === "inPlace" && !isInPlace(slot.type, rest, emitter)) return null;
    return pathCode(slot.type, code, rest, emitter);
  };
  const members = new Map<string, string>();
  let waiting: { slot: Slot; check: Check }[] = [];
  const settle = (): void => {
    waiting = waiting.filter(({ slot, check }) => {
      const shown = throughSilent(slot.type);
      const nullable = shown.kind === "pointer" && isNullable(shown) ? shown : null;
      return reader.settle(out, [check], slot.local, nullable, fields).length > 0;
    });
  };
  const counted: Slot[] = [];
  const lastUses = lastUsesOf(record);
  record.slots.forEach((slot, i) => {
    const isLast = i === record.slots.length - 1;
    const at: ReadAt = {
      name: slot.wire,
      local: slot.local,
      fields,
      isOpen: options.isOpen?.(slot) ?? false,
      ...(isLast && options.sizes !== undefined ? { sizes: options.sizes } : {}),
    };
    const type = slot.role.kind === "member" ? slot.type : throughSilent(slot.type);
    const read = reader[options.how](out, type, at);
    const isUsedLater = (lastUses.get(slot.wire) ?? -1) > i;
    const user = slot.role.kind === "count" && !isUsedLater ? onlyUser(slot, waiting, types) : null;
    if (user !== null) {
      known.set(slot.wire, read.code);
      settle();
      known.delete(slot.wire);
      return;
    }
    if (slot.role.kind === "ignored") out.add(`${read.code};`);
    else if (read.code !== slot.local) out.add([assign(`const ${slot.local} =`, read.code), ";"]);
    if (slot.role.kind !== "ignored") known.set(slot.wire, slot.local);
    waiting.push(...read.checks.map((check) => ({ slot, check })));
    if (slot.role.kind === "member") members.set(slot.role.name, slot.local);
    if (options.how === "inPlace" && slot.role.kind === "member") counted.push(slot);
    settle();
  });
  for (const slot of counted) {
    const code = countedStandIn(slot, record, fields, emitter);
    if (code !== null && slot.role.kind === "member") members.set(slot.role.name, code);
  }
  // What speaks of a pointer's target is checked where targets are read.
  const left = waiting.map(({ check }) => check);
  emitter.refuseChecks(
    options.how === "inPlace"
      ? left.filter((one) => isKnownInPlace(one.expr, record, emitter))
      : left,
  );
  return { members: [...members].map(([name, code]) => ({ name, code })) };
}

/** All fields of an expression are known before targets are read. */
export function isKnownInPlace(expr: Expr, record: RecordModel, emitter: Emitter): boolean {
  return fieldPaths(expr).every(([first = "", ...rest]) => {
    const slot = record.byWire.get(first);
    return slot !== undefined && isInPlace(slot.type, rest, emitter);
  });
}

/** The last slot, by index, whose expressions speak of a field. */
function lastUsesOf(record: RecordModel): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  record.slots.forEach(({ type }, i) => {
    for (const [first = ""] of expressionsIn(type).flatMap(fieldPaths)) uses.set(first, i);
  });
  return uses;
}

/** The one check that the count is for, if it has nothing else to wait for: then the count needs no name. */
function onlyUser(
  slot: Slot,
  waiting: readonly { readonly slot: Slot; readonly check: Check }[],
  types: Types,
): Check | null {
  const users = waiting.filter(({ check }) =>
    fieldPaths(check.expr).some(([first]) => first === slot.wire),
  );
  const [only] = users;
  if (only === undefined || users.length > 1 || only.check.isList === true) return null;
  const isAlone = fieldPaths(only.check.expr).length === 1 && isAlwaysThere(only.slot, only.check);
  return isAlone && numberCode(slot, "", types) !== null ? only.check : null;
}

/** The check is one statement that runs whatever the value is. */
function isAlwaysThere(slot: Slot, check: Check): boolean {
  const type = throughSilent(slot.type);
  if (!isNullable(type)) return true;
  return type.kind === "pointer" && isSizeOf(check, type);
}

/**
 * The expression whose value the stand-in of a pointer brings to where its target is read: one that speaks of a
 * field that is no member, else the size.
 */
export function carriedExpr(slot: Slot, record: RecordModel, emitter: Emitter): Expr | null {
  const { size, length } = countsBehind(slot);
  const isHidden = (expr: Expr): boolean =>
    fieldPaths(expr).some(([name = ""]) => record.byWire.get(name)?.role.kind === "count");
  const known = [length, size].filter(
    (expr) => expr !== null && isKnownInPlace(expr, record, emitter),
  );
  return (
    known.find((expr) => expr !== null && isHidden(expr)) ??
    known.find((expr) => expr === size) ??
    null
  );
}

/** Size and length of the array or string that a pointer points at. */
function countsBehind(slot: Slot): { readonly size: Expr | null; readonly length: Expr | null } {
  const type = throughSilent(slot.type);
  const none = { size: null, length: null };
  if (
    type.kind !== "pointer" ||
    isPresented(type) ||
    type.isIgnored === true ||
    type.class === "full"
  )
    return none;
  if (type.target.kind === "string") return { ...none, size: type.target.size };
  const [dimension] = type.target.kind === "array" ? type.target.dimensions : [];
  const size = typeof dimension?.size === "object" ? dimension.size : null;
  return { size, length: dimension?.varying?.length ?? null };
}

/** The stand-in of a pointer to a counted array, with the count its target is checked against. */
function countedStandIn(
  slot: Slot,
  record: RecordModel,
  fields: FieldCode,
  emitter: Emitter,
): string | null {
  const type = throughSilent(slot.type);
  const carried = carriedExpr(slot, record, emitter);
  const value = exprCode(carried, fields, { cursor: "r", name: slot.wire });
  if (type.kind !== "pointer" || carried === null || value === null) return null;
  const isSize = isSameExpr(carried, countsBehind(slot).size);
  if (type.class === "ref") return `r.countedOrNull(${slot.local}, ${value})!`;
  if (!isSize || type.mayBeNullWithCount === true)
    return `r.countedOrNull(${slot.local}, ${value})`;
  return print(call("r.counted", slot.local, value, quote(slot.wire)));
}

function membersOf(members: ReadRecord["members"]): Doc[] {
  return members.map(({ name, code }) => (name === code ? name : assign(`${name}:`, code)));
}

/** `return { a: r.u32("A") };` where nothing else has to be said, else the statements and the object. */
export function readReturn(
  out: Block,
  make: (body: Block) => ReadRecord,
  simple: () => readonly { readonly name: string; readonly code: string }[] | null,
): void {
  const direct = simple();
  if (direct !== null) {
    const flat = print(list("return {", membersOf(direct), "};", " "));
    if (!flat.includes("\n") && flat.length + out.margin <= 100) return out.add(flat);
    out.nest(
      "return",
      () => direct.forEach(({ name, code }) => out.add([assign(`${name}:`, code), ","])),
      "};",
    );
    return;
  }
  const { members } = make(out);
  out.add(list("return {", membersOf(members), "};", " "));
}

/** The members' values as one expression each, where no statement and no check stands between them. */
export function directMembers(
  emitter: Emitter,
  scope: () => Scope,
  record: RecordModel,
  options: ReadRecordOptions,
): readonly { readonly name: string; readonly code: string }[] | null {
  return emitter.tried(() => membersDirectly(emitter, scope, record, options));
}

function membersDirectly(
  emitter: Emitter,
  scope: () => Scope,
  record: RecordModel,
  options: ReadRecordOptions,
): readonly { readonly name: string; readonly code: string }[] | null {
  const out = new Block();
  const reader = new ValueReader(emitter, scope());
  const members: { name: string; code: string }[] = [];
  for (const slot of record.slots) {
    if (slot.role.kind !== "member") return null;
    const fields: FieldCode = (path) =>
      record.byWire.has(path[0] ?? "") ? null : options.outside(path);
    const read = reader[options.how](out, slot.type, {
      name: slot.wire,
      local: slot.local,
      fields,
      isOpen: options.isOpen?.(slot) ?? false,
    });
    if (!out.isEmpty || read.checks.length > 0 || countsPointer(slot)) return null;
    members.push({ name: slot.role.name, code: read.code });
  }
  return members;
}

function countsPointer(slot: Slot): boolean {
  const type = throughSilent(slot.type);
  if (type.kind !== "pointer") return false;
  const target = type.target;
  return target.kind === "array"
    ? target.dimensions.some((d) => typeof d.size === "object" && d.size !== null)
    : target.kind === "string" && target.size !== null;
}

/** Whether a structure has hoisted counts of its own last field, in place. */
export function lastField(plan: StructPlan): StructPlan["fields"][number] | null {
  return plan.hoisted > 0 ? (plan.fields.at(-1) ?? null) : null;
}

/**
 * Which parts of a structure or message are members, and which follow from others.
 *
 * A count that one array decides is derived from its length; a discriminant follows from its union.
 */
import { expressionsIn, fieldPaths } from "@msrpc/wire";
import type { Dimension, Expr, Place, WireType } from "@msrpc/wire";
import { memberNames, own } from "../names/names.ts";
import { asBinding, freeName } from "../names/bindings.ts";
import { splitWords, toCamel } from "../names/words.ts";
import type { MemberOverlay, NamingOverlay } from "../overlay/overlay.ts";
import { invert, type Inversion } from "./expr.ts";
import {
  isIgnored,
  isInteger,
  isNullable,
  isSameExpr,
  outerArray,
  throughSilent,
  type Types,
} from "./wire-types.ts";

type Role =
  | { readonly kind: "member"; readonly name: string }
  /** Its value is what makes a size or length of `source` come out as it is. */
  | { readonly kind: "count"; readonly source: string; readonly inversion: Inversion }
  /** The tag of the union `source`. */
  | { readonly kind: "tag"; readonly source: string }
  /** An [ignore] pointer. */
  | { readonly kind: "ignored" };

export interface Slot {
  /** As in the IDL; `return value` for the return value. */
  readonly wire: string;
  readonly type: WireType;
  readonly overlay: MemberOverlay;
  readonly place: Place;
  readonly role: Role;
  /** Of the local variable that decoding reads it into. */
  readonly local: string;
}

/** A parameter or field before it has a role. */
export interface RawSlot {
  readonly wire: string;
  readonly type: WireType;
  readonly place: Place;
}

export interface RecordModel {
  readonly slots: readonly Slot[];
  readonly byWire: ReadonlyMap<string, Slot>;
  /** Counts and tags that follow from a field, by its name. */
  readonly derivedFrom: ReadonlyMap<string, readonly Slot[]>;
}

export interface RecordContext {
  readonly types: Types;
  readonly naming: NamingOverlay;
  readonly overlays: Readonly<Record<string, MemberOverlay>> | undefined;
  /** Fields that something outside speaks of, so that they have to be members. */
  readonly pinned: ReadonlySet<string>;
  /** A structure reads what pointers point at in a second function, which knows members only. */
  readonly hasDeferredPart: boolean;
}

export const returnValue = "return value";

export function analyseRecord(raw: readonly RawSlot[], context: RecordContext): RecordModel {
  const overlayOf = (wire: string): MemberOverlay =>
    own(context.overlays, wire === returnValue ? "return" : wire) ?? {};
  const derived = new Map<string, Role>();
  const users = usersOf(raw);
  for (const slot of raw) {
    const role = derivedRole(slot, users, context, overlayOf(slot.wire));
    if (role !== null) derived.set(slot.wire, role);
  }
  const shown = raw.filter((slot) => !derived.has(slot.wire)).map((slot) => slot.wire);
  const names = memberNames(shown, context.naming);
  if (!context.hasDeferredPart) keepReturnValue(names);
  const locals = new Set<string>(localsInUse);
  const derivedFrom = new Map<string, Slot[]>();
  const slots = raw.map((slot): Slot => {
    const overlay = overlayOf(slot.wire);
    const name = overlay.name ?? names.get(slot.wire);
    const role = derived.get(slot.wire) ?? { kind: "member", name: name! };
    const plain = role.kind === "member" ? role.name : toCamel(splitWords(slot.wire));
    const wanted = asBinding(isFunctionOfType.test(plain) ? `${plain}_` : plain);
    let local = wanted;
    for (let i = 2; locals.has(local); i++) local = `${wanted}${i}`;
    locals.add(local);
    const made = { ...slot, overlay, role, local };
    if (role.kind === "count" || role.kind === "tag") {
      const others = derivedFrom.get(role.source);
      if (others === undefined) derivedFrom.set(role.source, [made]);
      else others.push(made);
    }
    return made;
  });
  return { slots, byWire: new Map(slots.map((slot) => [slot.wire, slot])), derivedFrom };
}

/** No parameter is called as the return value, in a request neither. */
function keepReturnValue(names: Map<string, string>): void {
  const taken = new Set(names.values());
  for (const [wire, name] of names) {
    if (name === "returnValue")
      names.set(
        wire,
        freeName(name, (tried) => taken.has(tried)),
      );
  }
  names.set(returnValue, "returnValue");
}

/** As the functions of types are named, `readEntry`, and presentations are imported, `asMoney`. */
const isFunctionOfType = /^(?:read|write|empty|as)[A-Z]/;

/** Names that generated functions use themselves. */
const localsInUse = ["w", "r", "q", "p", "v"];

/** Slots whose types speak of a field, by its name: every slot is there, if with none. */
type Users = ReadonlyMap<string, readonly RawSlot[]>;

function usersOf(raw: readonly RawSlot[]): Users {
  const users = new Map<string, RawSlot[]>(raw.map(({ wire }) => [wire, []]));
  for (const slot of raw) {
    const names = expressionsIn(slot.type).flatMap(fieldPaths);
    for (const name of new Set(names.map(([first = ""]) => first))) users.get(name)?.push(slot);
  }
  return users;
}

/** An integer; `unsigned char`, a character by itself, counts as well. */
function isCounter(type: WireType): boolean {
  const shown = throughSilent(type);
  return shown.kind === "primitive" && (isInteger(shown.name) || shown.name === "char8");
}

function derivedRole(
  slot: RawSlot,
  users: Users,
  context: RecordContext,
  overlay: MemberOverlay,
): Role | null {
  if (isIgnored(throughSilent(slot.type))) return { kind: "ignored" };
  if (overlay.explicit === true || context.pinned.has(slot.wire)) return null;
  return countRole(slot, users, context) ?? tagRole(slot, users, context);
}

function countRole(slot: RawSlot, users: Users, context: RecordContext): Role | null {
  if (!isCounter(slot.type)) return null;
  const own = users.get(slot.wire)!;
  if (context.hasDeferredPart && own.some((other) => needsInDeferredPart(other, slot.wire)))
    return null;
  for (const other of own) {
    const outer = outerArray(other.type);
    if (outer === null) continue;
    const [dimension] = outer.array.dimensions;
    const expr = dimension === undefined ? null : decidingExpr(dimension, users);
    const inversion = expr === null ? null : invert(expr, slot.wire);
    if (inversion !== null) return { kind: "count", source: other.wire, inversion };
  }
  return null;
}

/**
 * The one expression that the number of elements decides: the size, or the length of a varying array.
 * None where size and length are different fields of the message: then both are members.
 */
function decidingExpr(dimension: Dimension, users: Users): Expr | null {
  const isHere = (expr: Expr): boolean => fieldPaths(expr).some(([first = ""]) => users.has(first));
  const size = typeof dimension.size === "object" ? dimension.size : null;
  if (dimension.varying === null) return size;
  const { length, first } = dimension.varying;
  if (first !== null) return null;
  if (length === null) return size;
  if (size === null || !isHere(size) || isSameExpr(size, length)) return length;
  return null;
}

/**
 * The deferred part of `slot` speaks of the field elsewhere than in the outermost size of its array, whose
 * count the stand-in of its pointer carries.
 */
function needsInDeferredPart(slot: RawSlot, field: string): boolean {
  const uses = (expr: Expr): boolean => fieldPaths(expr).some((path) => path[0] === field);
  const pointer = throughSilent(slot.type);
  if (pointer.kind !== "pointer")
    return pointer.kind === "array" && expressionsIn(pointer.element).some(uses);
  const outer = outerArray(slot.type);
  if (outer === null) return expressionsIn(pointer.target).some(uses);
  const [first, ...inner] = outer.array.dimensions;
  if (expressionsIn(outer.array.element).some(uses) || inner.flatMap(exprsOf).some(uses))
    return true;
  const others = new Set(
    exprsOf(first!)
      .flatMap(fieldPaths)
      .map((path) => path[0]),
  );
  return others.has(field) && others.size > 1;
}

function exprsOf(dimension: Dimension): Expr[] {
  const all = [dimension.size, dimension.varying?.length ?? null, dimension.varying?.first ?? null];
  return all.filter((expr) => typeof expr === "object" && expr !== null);
}

function tagRole(slot: RawSlot, users: Users, context: RecordContext): Role | null {
  const shown = throughSilent(slot.type);
  if (shown.kind !== "primitive" && shown.kind !== "named") return null;
  const own = users.get(slot.wire)!;
  for (const other of own) {
    const union = throughSilent(other.type);
    if (union.kind !== "union" || invert(union.switchIs, slot.wire)?.code("") !== "") continue;
    const inDeferred =
      context.hasDeferredPart && own.some((one) => needsInDeferredPart(one, slot.wire));
    if (!isNullable(other.type) && !inDeferred) return { kind: "tag", source: other.wire };
  }
  return null;
}

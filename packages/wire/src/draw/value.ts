/** Draws a value of a type, consistent with the counts in scope. */
import { type Scope, evaluate } from "../interpret/evaluate.ts";
import { formatUuid } from "../interpret/uuid.ts";
import type { StructValue, Value } from "../interpret/value.ts";
import { isByte } from "../layout/primitive.ts";
import type { EnumPlan, PrimitiveType, Range, UnionPlan, WirePlan, WireType } from "../plan.ts";
import type { Choices } from "./choices.ts";
import {
  type ExpressionUse,
  type Fit,
  type Member,
  expressionsIn,
  extents,
  fits,
  mayBeNull,
  namesIn,
} from "./counts.ts";

export interface Drawing {
  readonly choices: Choices;
  readonly plan: Pick<WirePlan, "types">;
  /** How deep pointers nest. */
  readonly maxDepth: number;
  /** Context handles may be null, as those of a response. */
  readonly hasNullHandles: boolean;
  /** The most elements that an array has whose count is not a constant. */
  readonly mostElements: bigint;
  /** How many more parts may be drawn, about. */
  readonly budget: { left: number };
  readonly refine: (name: string, value: StructValue) => StructValue;
}

/** Whether it is time to come to an end: pointers that may be null are from here on. */
function isDeepest(drawing: Drawing, depth: number): boolean {
  return depth >= drawing.maxDepth || drawing.budget.left <= 0;
}

const tries = 200;

export function drawValue(drawing: Drawing, type: WireType, scope: Scope, depth: number): Value {
  const { choices, plan, mostElements } = drawing;
  drawing.budget.left--;
  switch (type.kind) {
    case "primitive":
      return drawPrimitive(choices, type);
    case "named":
      return drawNamed(drawing, type.name, type.range, depth);
    case "union":
      return drawUnion(drawing, type.name, evaluate(type.switchIs, scope), depth);
    case "pointer": {
      if (type.isIgnored) return null;
      const canBeNull = type.class !== "ref" && mayBeNull({ scope }, type.target);
      const isNull = isDeepest(drawing, depth) || choices.integer(0, 3) === 0;
      if (
        canBeNull &&
        (isNull || !fits({ plan, scope, mostElements, isDeepest: false }, type.target))
      )
        return null;
      return drawValue(drawing, type.target, scope, type.class === "ref" ? depth : depth + 1);
    }
    case "array":
      return drawArray(drawing, type, scope, depth);
    case "string": {
      const size = type.size && evaluate(type.size, scope);
      const most = Math.min(Number(size ?? type.bound ?? 13), 13);
      const { low = 1, high = most } = size === null ? (type.range ?? {}) : {};
      return drawText(choices, type.char, Math.max(1, Number(low)), Number(high));
    }
    case "pipe": {
      const chunks = choices.integers({ least: 0, most: 3 }, [[1, 5]]);
      return chunks.map((length) => drawElements(drawing, type.element, length, scope, depth));
    }
    case "interfacePointer":
      return Uint8Array.from(choices.integers({ least: 1, most: 24 }, [[0, 255]]));
  }
}

/** Members of a structure: counts and discriminants first, then what depends on them. */
function drawStruct(drawing: Drawing, members: readonly Member[], depth: number): StructValue {
  const value: StructValue = {};
  const scope: Scope = (name) => value[name];
  const agree = (candidate: StructValue, isLast: boolean): boolean => {
    const { plan, mostElements } = drawing;
    const scope: Scope = (name) => candidate[name];
    const fit: Fit = { plan, scope, mostElements, isDeepest: isLast };
    return members.every((member) => fits(fit, member.type));
  };
  const isLast = isDeepest(drawing, depth);
  // A count that can't be 0 keeps its pointer from being null, however deep.
  const counts =
    drawCounts(drawing, members, (candidate) => agree(candidate, isLast)) ??
    drawCounts(drawing, members, (candidate) => agree(candidate, false));
  if (!counts)
    throw new Error(`No counts of ${members.map(({ name }) => name).join(", ")} fit together`);
  for (const { name, type } of members) {
    value[name] = counts[name] ?? drawValue(drawing, type, scopeOver(counts, scope), depth);
  }
  return value;
}

function scopeOver(counts: StructValue, scope: Scope): Scope {
  return (name) => counts[name] ?? scope(name);
}

/** Values for the members that others depend on, such that `isGood`; null where none were found. */
export function drawCounts(
  drawing: Drawing,
  members: readonly Member[],
  isGood: (counts: StructValue) => boolean,
): StructValue | null {
  const uses = members.flatMap(({ type }) => [...expressionsIn(type)]);
  const names = new Set(uses.flatMap(({ expr }) => namesIn(expr)));
  const counting = members.filter(({ name }) => names.has(name));
  if (counting.length === 0) return {};
  // A drawn seed, and not a draw each try: what is drawn stays short.
  const seed = drawing.choices.integer(0, 0x7fff_ffff);
  for (let at = 0; at < tries; at++) {
    let state = (seed + at * 0x9e37) >>> 0;
    const next = (bound: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    // Small counts first, then larger ones (`size_is(n - 12)`); the last tries take all counts as one.
    const fixed = at < tries - 8 ? null : at - (tries - 8);
    const counts: StructValue = {};
    for (const { name, type } of counting) {
      const wanted = labelsFor(drawing.plan, uses, name, rangeOf(type));
      const label = wanted[next(wanted.length)];
      const { low, high } = boundsOf(rangeOf(type));
      const number = label ?? Math.min(high, Math.max(0, low) + (fixed ?? next(7 + at)));
      const count = asCount(drawing.plan, type, number);
      if (count !== undefined) counts[name] = count;
    }
    if (isGood(counts)) return counts;
  }
  return null;
}

/** Discriminants for the unions that a member selects the arm of. */
function labelsFor(
  plan: Pick<WirePlan, "types">,
  uses: readonly ExpressionUse[],
  name: string,
  range: Range | undefined,
): number[] {
  for (const { expr, union } of uses) {
    const type = union === null ? undefined : plan.types[union];
    if (type?.kind !== "union" || !namesIn(expr).includes(name)) continue;
    return labelsOf(type, range);
  }
  return [];
}

function boundsOf(range: Range | undefined): { readonly low: number; readonly high: number } {
  return { low: Number(range?.low ?? 0), high: Number(range?.high ?? Number.MAX_SAFE_INTEGER) };
}

function rangeOf(type: WireType): Range | undefined {
  if (type.kind === "pointer") return rangeOf(type.target);
  return type.kind === "primitive" || type.kind === "named" ? type.range : undefined;
}

/** A number as a value of an integer type, through pointers; undefined for other types. */
function asCount(plan: Pick<WirePlan, "types">, type: WireType, number: number): Value | undefined {
  if (type.kind === "pointer") return asCount(plan, type.target, number);
  if (type.kind === "named") return plan.types[type.name]?.kind === "enum" ? number : undefined;
  if (type.kind !== "primitive") return undefined;
  if (type.name === "boolean") return number !== 0;
  return type.name.endsWith("64") ? BigInt(number) : number;
}

// ---- parts -----------------------------------------------------------------------------------

function drawPrimitive(choices: Choices, type: PrimitiveType): Value {
  const { name, range } = type;
  if (name === "boolean") return choices.integer(0, 1) === 1;
  if (name === "f32") return choices.real(32);
  if (name === "f64") return choices.real(64);
  const isSigned = name.startsWith("i");
  // __int3264 has 4 bytes in NDR 2.0.
  const bits = { u8: 8, i8: 8, byte: 8, char8: 8, u16: 16, i16: 16, wchar: 16, u64: 64, i64: 64 };
  const width = BigInt((bits as Partial<Record<string, number>>)[name] ?? 32);
  const low = isSigned ? -(1n << (width - 1n)) : 0n;
  const high = isSigned ? (1n << (width - 1n)) - 1n : (1n << width) - 1n;
  const min = range && BigInt(range.low) > low ? BigInt(range.low) : low;
  const max = range && BigInt(range.high) < high ? BigInt(range.high) : high;
  const value = choices.bigInteger(min, max);
  return name.endsWith("64") ? value : Number(value);
}

function drawNamed(drawing: Drawing, name: string, range: Range | undefined, depth: number): Value {
  const plan = drawing.plan.types[name];
  switch (plan?.kind) {
    case "struct":
      return drawing.refine(name, drawStruct(drawing, plan.fields, depth));
    case "union":
      return drawUnion(drawing, name, null, depth);
    case "enum":
      return drawEnum(drawing.choices, plan, range);
    case "contextHandle":
      if (drawing.hasNullHandles && drawing.choices.integer(0, 5) === 0) return null;
      return { attributes: 0, uuid: drawUuid(drawing.choices) };
    case undefined:
      throw new Error(`The plan has no type ${name}`);
  }
}

function drawEnum(choices: Choices, plan: EnumPlan, range: Range | undefined): number {
  const low = BigInt(range?.low ?? -(2n ** 31n));
  const high = BigInt(range?.high ?? 2n ** 31n - 1n);
  const values = plan.members
    .map(({ value }) => value)
    .filter((value) => value >= low && value <= high && (plan.isV1 || value >>> 16 === 0));
  return oneOf(choices, values) ?? Number(range?.low ?? 0);
}

function drawUnion(drawing: Drawing, name: string, tag: bigint | null, depth: number): Value {
  const plan = drawing.plan.types[name];
  if (plan?.kind !== "union") throw new Error(`The plan's type ${name} is no union`);
  const labels = labelsOf(plan, plan.switchType.range);
  const label = tag ?? BigInt(oneOf(drawing.choices, labels) ?? 0);
  const arm =
    plan.arms.find((each) => each.labels.includes(String(label))) ??
    plan.arms.find((each) => each.isDefault);
  const field = arm?.field ?? null;
  const value = field ? drawValue(drawing, field.type, () => undefined, depth) : null;
  return { tag: asTag(drawing.plan, plan, label), arm: field?.name ?? null, value };
}

function asTag(
  plan: Pick<WirePlan, "types">,
  union: UnionPlan,
  label: bigint,
): number | bigint | boolean {
  return asCount(plan, union.switchType, Number(label)) as number | bigint | boolean;
}

/** Discriminants of a union: those of its labels, and another one for a default arm. */
function labelsOf(plan: UnionPlan, range: Range | undefined): number[] {
  const low = Number(range?.low ?? 0);
  const high = Number(range?.high ?? 127);
  const labels = plan.arms.flatMap((arm) => arm.labels.map(Number));
  const inRange = labels.filter((label) => !range || (label >= low && label <= high));
  if (!plan.arms.some((arm) => arm.isDefault)) return inRange;
  const others = Array.from({ length: Math.min(high - low + 1, 128) }, (_, at) => low + at);
  const other = others.findLast((label) => !labels.includes(label));
  return other === undefined ? inRange : [...inRange, other];
}

function drawArray(
  drawing: Drawing,
  type: WireType & { readonly kind: "array" },
  scope: Scope,
  depth: number,
): Value {
  const { choices, mostElements } = drawing;
  const lengths = extents({ scope, mostElements }, type)?.map(({ length, isFree }) =>
    isFree ? choices.integer(0, isDeepest(drawing, depth) ? 0 : 4) : Number(length),
  );
  if (!lengths) throw new Error("The counts of an array don't fit together");
  const rows = (at: number): Value => {
    const length = lengths[at] ?? 0;
    if (at === lengths.length - 1) {
      return drawElements(drawing, type.element, length, scope, depth);
    }
    return Array.from({ length }, () => rows(at + 1));
  };
  return rows(0);
}

function drawElements(
  drawing: Drawing,
  element: WireType,
  length: number,
  scope: Scope,
  depth: number,
): Value {
  if (element.kind === "primitive" && isByte(element.name)) {
    // Long runs repeat a short one: nothing in them depends on their length.
    const bytes = drawing.choices.integers({ least: 1, most: 16 }, [[0, 255]]);
    return Uint8Array.from({ length }, (_, at) => bytes[at % bytes.length] ?? 0);
  }
  const drawn = Array.from({ length: Math.min(length, 8) }, () =>
    drawValue(drawing, element, scope, depth),
  );
  return Array.from({ length }, (_, at) => drawn[at % drawn.length] ?? null);
}

/**
 * A text of `least` to `most` characters, the terminator counted. Without zeros: they would end the string for
 * who reads it as C does.
 */
function drawText(choices: Choices, char: "char8" | "wchar", least: number, most: number): string {
  const highest = char === "char8" ? 0xff : 0xffff;
  const lowest = least - 1;
  const count = { least: lowest, most: Math.max(lowest, Math.min(most - 1, lowest + 12)) };
  const units = choices.integers(count, [
    [0x20, 0x7e],
    [1, highest],
  ]);
  // Lone surrogates are no text.
  return String.fromCharCode(...units.map((code) => (code >> 11 === 0x1b ? 0x2603 : code)));
}

function drawUuid(choices: Choices): string {
  const [low, middle, high] = [
    choices.integer(1, 0xffff_ffff),
    choices.integer(0, 0xffff),
    choices.integer(0, 0xffff),
  ];
  const rest = Uint8Array.from(choices.integers({ least: 8, most: 8 }, [[0, 255]]));
  return formatUuid({ low, middle, high, rest });
}

function oneOf<T>(choices: Choices, values: readonly T[]): T | undefined {
  return values.length === 0 ? undefined : values[choices.integer(0, values.length - 1)];
}

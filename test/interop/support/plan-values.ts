// Draws values of an operation's parameters from the wire plan: consistent in their counts and tags, else random.
import {
  isByte,
  type Dimension,
  type Expr,
  type OperationPlan,
  type PrimitiveType,
  type StructValue,
  type UnionUse,
  type Value,
  type WirePlan,
  type WireType,
} from "@msrpc/wire";
import type { Random } from "./random.ts";

interface Member {
  readonly name: string;
  readonly type: WireType;
}

/** How deep pointers are followed before those that may be null are. */
const depthLimit = 4;
/** Tries at counts that fit each other before giving up. */
const tries = 500;

const letters = [..."abcXYZ019 -_\\.äßΩЖ中", "\u{1f600}"];

export class PlanValues {
  readonly #plan: WirePlan;
  readonly #random: Random;
  readonly #fixed: Readonly<Record<string, Value>>;

  /** `fixed`: fields and parameters that always have one value, by name. */
  constructor(plan: WirePlan, random: Random, fixed: Readonly<Record<string, Value>> = {}) {
    this.#plan = plan;
    this.#random = random;
    this.#fixed = fixed;
  }

  request(operation: OperationPlan): StructValue {
    const { params } = operation;
    return this.#members(
      params.filter((param) => param.isIn),
      {},
      0,
      params,
    );
  }

  /** With the return value as `return`. */
  response(operation: OperationPlan, request: StructValue): StructValue {
    const values = this.#members(
      operation.params.filter((param) => param.isOut),
      request,
      0,
    );
    if (operation.result !== null) values["return"] = this.#value(operation.result, {}, 0);
    return values;
  }

  /** `users`: whose counts and tags `members` may be, where these are not all of them. */
  #members(
    members: readonly Member[],
    outer: StructValue,
    depth: number,
    users: readonly Member[] = members,
  ): StructValue {
    const tags = new Map<string, UnionUse>();
    const counts = new Set<string>();
    for (const { type } of users) findControls(type, counts, tags);
    for (let attempt = 0; attempt < tries; attempt++) {
      const values: StructValue = {};
      for (const { name, type } of members) {
        const union = tags.get(name);
        if (union !== undefined) values[name] = this.#tag(union);
        else if (counts.has(name)) values[name] = this.#count(type, attempt === tries - 1);
      }
      const scope = { ...outer, ...values };
      if (!members.every(({ type }) => fits(type, scope))) continue;
      const all: StructValue = {};
      for (const { name, type } of members) {
        const known = values[name] ?? this.#fixed[name];
        all[name] = known ?? this.#value(type, scope, depth);
      }
      return all;
    }
    throw new Error(`no counts fit among ${members.map(({ name }) => name).join(", ")}`);
  }

  #tag({ name }: UnionUse): Value {
    const union = this.#plan.types[name];
    if (union?.kind !== "union") throw new Error(`${name} is no union`);
    const labels = union.arms.flatMap((arm) => arm.labels);
    return Number(this.#random.pick(labels));
  }

  #count(type: WireType, isLast: boolean): Value {
    const scalar = scalarOf(type);
    if (scalar === null) throw new Error("a count that is no integer");
    const low = Number(scalar.range?.low ?? 0);
    const high = Math.min(Number(scalar.range?.high ?? 6), low + 6);
    const value = isLast ? 0 : this.#random.between(low, high);
    return scalar.name.endsWith("64") ? BigInt(value) : value;
  }

  #value(type: WireType, scope: StructValue, depth: number): Value {
    switch (type.kind) {
      case "primitive":
        return this.#primitive(type);
      case "named":
        return this.#named(type.name, depth);
      case "union":
        return this.#arm(type.name, evaluate(type.switchIs, scope), depth);
      case "pointer":
        if (type.class !== "ref" && this.#isNull(type.target, scope, depth)) return null;
        return this.#value(type.target, scope, depth + 1);
      case "array":
        return this.#array(type.element, type.dimensions, scope, depth);
      case "string": {
        const size = type.size === null ? (type.bound ?? 12) : Number(evaluate(type.size, scope));
        return this.#text(this.#random.between(0, Math.min(size - 1, 11)), type.char === "wchar");
      }
      case "pipe":
      case "interfacePointer":
        throw new Error(`no values are drawn for a ${type.kind}`);
    }
  }

  #isNull(target: WireType, scope: StructValue, depth: number): boolean {
    if (target.kind === "array") {
      const [dimension] = target.dimensions;
      if (dimension !== undefined && sizeOf(dimension, scope) !== 0) return false;
    }
    return depth >= depthLimit || this.#random.chance(4);
  }

  #primitive({ name, range }: PrimitiveType): Value {
    const random = this.#random;
    if (range !== undefined) {
      const span = Math.min(Number(range.high) - Number(range.low), 0xffff);
      return Number(range.low) + random.between(0, span);
    }
    switch (name) {
      case "boolean":
        return random.chance(2);
      case "u8":
      case "byte":
      case "char8":
        return random.word() & 0xff;
      case "i8":
        return (random.word() << 24) >> 24;
      case "u16":
      case "wchar":
        return random.word() & 0xffff;
      case "i16":
        return (random.word() << 16) >> 16;
      case "u32":
      case "error":
        return random.word();
      case "i32":
        return random.word() | 0;
      case "u64":
        return random.wide();
      case "i64":
        return BigInt.asIntN(64, random.wide());
      // a value that NDR 2.0 can carry too
      case "u3264":
        return BigInt(random.word());
      case "i3264":
        return BigInt(random.word() | 0);
      case "f32":
        return Math.fround(random.word() / 3);
      case "f64":
        return random.word() / 3;
    }
  }

  #named(name: string, depth: number): Value {
    const type = this.#plan.types[name];
    if (type === undefined) throw new Error(`the plan has no type ${name}`);
    switch (type.kind) {
      case "struct":
        return this.#members(type.fields, {}, depth + 1);
      case "enum":
        return this.#random.pick(type.members).value;
      case "contextHandle":
        return this.#random.chance(8) ? null : { attributes: 0, uuid: this.#uuid() };
      case "union": {
        const label = this.#random.pick(type.arms.flatMap((arm) => arm.labels));
        return this.#arm(name, BigInt(label), depth);
      }
    }
  }

  #arm(name: string, tag: bigint, depth: number): Value {
    const union = this.#plan.types[name];
    if (union?.kind !== "union") throw new Error(`${name} is no union`);
    const arm =
      union.arms.find(({ labels }) => labels.includes(String(tag))) ??
      union.arms.find(({ isDefault }) => isDefault);
    const field = arm?.field ?? null;
    if (field === null) return { tag: Number(tag), arm: null, value: null };
    return { tag: Number(tag), arm: field.name, value: this.#value(field.type, {}, depth + 1) };
  }

  #array(
    element: WireType,
    [dimension, ...inner]: readonly Dimension[],
    scope: StructValue,
    depth: number,
  ): Value {
    if (dimension === undefined) return this.#value(element, scope, depth);
    const length = lengthOf(dimension, scope);
    if (inner.length === 0 && element.kind === "primitive" && isByte(element.name)) {
      return this.#random.bytes(length);
    }
    return Array.from({ length }, () => this.#array(element, inner, scope, depth));
  }

  #text(length: number, isWide: boolean): string {
    let text = "";
    while (text.length < length) {
      const letter = this.#random.pick(letters);
      const fitsIn = text.length + letter.length <= length;
      text += fitsIn && (isWide || letter < "\u0080") ? letter : "x";
    }
    return text;
  }

  #uuid(): string {
    const hex = Array.from(this.#random.bytes(16), (octet) => octet.toString(16).padStart(2, "0"));
    return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
}

/** The integer that a member is, itself or behind pointers that are always there. */
function scalarOf(type: WireType): PrimitiveType | null {
  if (type.kind === "primitive") return type;
  return type.kind === "pointer" ? scalarOf(type.target) : null;
}

function findControls(type: WireType, counts: Set<string>, tags: Map<string, UnionUse>): void {
  const note = (expr: Expr | number | null): void => {
    if (expr !== null && typeof expr !== "number")
      for (const name of namesIn(expr)) counts.add(name);
  };
  if (type.kind === "pointer") return findControls(type.target, counts, tags);
  if (type.kind === "union") for (const name of namesIn(type.switchIs)) tags.set(name, type);
  if (type.kind === "string") note(type.size);
  if (type.kind !== "array") return;
  for (const { size, varying } of type.dimensions) {
    note(size);
    note(varying?.length ?? null);
    note(varying?.first ?? null);
  }
  findControls(type.element, counts, tags);
}

function namesIn(expr: Expr): string[] {
  switch (expr.op) {
    case "const":
      return [];
    case "field":
      return expr.path.slice(0, 1);
    case "deref":
    case "unary":
      return namesIn(expr.of);
    case "binary":
      return [...namesIn(expr.left), ...namesIn(expr.right)];
    case "conditional":
      return [expr.test, expr.then, expr.else].flatMap(namesIn);
  }
}

/** Whether the counts in scope make arrays and strings possible. */
function fits(type: WireType, scope: StructValue): boolean {
  if (type.kind === "pointer") return fits(type.target, scope);
  if (type.kind === "string") return type.size === null || evaluate(type.size, scope) > 0n;
  if (type.kind !== "array") return true;
  return (
    type.dimensions.every((dimension) => {
      const length = lengthOf(dimension, scope);
      const first = Number(dimension.varying?.first ? evaluate(dimension.varying.first, scope) : 0);
      return length >= 0 && first >= 0 && first + length <= sizeOf(dimension, scope);
    }) && fits(type.element, scope)
  );
}

function sizeOf({ size }: Dimension, scope: StructValue): number {
  if (size === null) return 3;
  return typeof size === "number" ? size : Number(evaluate(size, scope));
}

function lengthOf(dimension: Dimension, scope: StructValue): number {
  const length = dimension.varying?.length ?? null;
  return length === null ? sizeOf(dimension, scope) : Number(evaluate(length, scope));
}

/** The value of an expression over values of fields or parameters. */
export function evaluate(expr: Expr, scope: StructValue): bigint {
  switch (expr.op) {
    case "const":
      return BigInt(expr.value);
    case "field": {
      let value: Value = scope;
      for (const name of expr.path) value = (value as StructValue | null)?.[name] ?? null;
      return BigInt((value as number | bigint | boolean | null) ?? 0);
    }
    case "deref":
      return evaluate(expr.of, scope);
    case "unary": {
      const value = evaluate(expr.of, scope);
      return { "+": value, "-": -value, "~": ~value, "!": value === 0n ? 1n : 0n }[expr.operator];
    }
    case "binary":
      return binary(expr.operator, evaluate(expr.left, scope), evaluate(expr.right, scope));
    case "conditional":
      return evaluate(evaluate(expr.test, scope) === 0n ? expr.else : expr.then, scope);
  }
}

function binary(operator: string, left: bigint, right: bigint): bigint {
  const arithmetic: Readonly<Record<string, () => bigint>> = {
    "*": () => left * right,
    "/": () => (right === 0n ? 0n : left / right),
    "%": () => (right === 0n ? 0n : left % right),
    "+": () => left + right,
    "-": () => left - right,
    "<<": () => left << right,
    ">>": () => left >> right,
    "&": () => left & right,
    "|": () => left | right,
    "^": () => left ^ right,
  };
  const found = arithmetic[operator];
  if (found === undefined) throw new Error(`no counts are drawn from ${operator}`);
  return found();
}

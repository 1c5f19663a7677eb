// Draws values of an operation's parameters from the wire plan: consistent in their counts and tags, else random.
import { ContextHandle } from "@msrpc/ndr";
import {
  isByte,
  type Dimension,
  type Expr,
  type OperationPlan,
  type PrimitiveType,
  type UnionUse,
  type WirePlan,
  type WireType,
} from "@msrpc/wire";
import type { Random } from "./random.ts";

export type Values = Record<string, unknown>;

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

  constructor(plan: WirePlan, random: Random) {
    this.#plan = plan;
    this.#random = random;
  }

  request(operation: OperationPlan): Values {
    return this.#members(
      operation.params.filter((param) => param.isIn),
      {},
      0,
    );
  }

  /** With the return value as `returnValue`. */
  response(operation: OperationPlan, request: Values): Values {
    const values = this.#members(
      operation.params.filter((param) => param.isOut),
      request,
      0,
    );
    if (operation.result !== null) values["returnValue"] = this.#value(operation.result, {}, 0);
    return values;
  }

  #members(members: readonly Member[], outer: Values, depth: number): Values {
    const tags = new Map<string, UnionUse>();
    const counts = new Set<string>();
    for (const { type } of members) findControls(type, counts, tags);
    for (let attempt = 0; attempt < tries; attempt++) {
      const values: Values = {};
      for (const { name, type } of members) {
        const union = tags.get(name);
        if (union !== undefined) values[name] = this.#tag(union);
        else if (counts.has(name)) values[name] = this.#count(type, attempt === tries - 1);
      }
      const scope = { ...outer, ...values };
      if (!members.every(({ type }) => fits(type, scope))) continue;
      const all: Values = {};
      for (const { name, type } of members) {
        all[name] = name in values ? values[name] : this.#value(type, scope, depth);
      }
      return all;
    }
    throw new Error(`no counts fit among ${members.map(({ name }) => name).join(", ")}`);
  }

  #tag({ name }: UnionUse): unknown {
    const union = this.#plan.types[name];
    if (union?.kind !== "union") throw new Error(`${name} is no union`);
    const labels = union.arms.flatMap((arm) => arm.labels);
    return Number(this.#random.pick(labels));
  }

  #count(type: WireType, isLast: boolean): unknown {
    const scalar = scalarOf(type);
    if (scalar === null) throw new Error("a count that is no integer");
    const low = Number(scalar.range?.low ?? 0);
    const high = Math.min(Number(scalar.range?.high ?? 6), low + 6);
    const value = isLast ? 0 : this.#random.between(low, high);
    return /64$/.test(scalar.name) ? BigInt(value) : value;
  }

  #value(type: WireType, scope: Values, depth: number): unknown {
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

  #isNull(target: WireType, scope: Values, depth: number): boolean {
    if (target.kind === "array") {
      const [dimension] = target.dimensions;
      if (dimension !== undefined && sizeOf(dimension, scope) !== 0) return false;
    }
    return depth >= depthLimit || this.#random.chance(4);
  }

  #primitive({ name, range }: PrimitiveType): unknown {
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

  #named(name: string, depth: number): unknown {
    const type = this.#plan.types[name];
    if (type === undefined) throw new Error(`the plan has no type ${name}`);
    switch (type.kind) {
      case "struct":
        return this.#members(type.fields, {}, depth + 1);
      case "enum":
        return this.#random.pick(type.members).value;
      case "contextHandle":
        return this.#random.chance(8) ? null : new ContextHandle(this.#uuid());
      case "union": {
        const label = this.#random.pick(type.arms.flatMap((arm) => arm.labels));
        return this.#arm(name, BigInt(label), depth);
      }
    }
  }

  #arm(name: string, tag: bigint, depth: number): unknown {
    const union = this.#plan.types[name];
    if (union?.kind !== "union") throw new Error(`${name} is no union`);
    const arm =
      union.arms.find(({ labels }) => labels.includes(String(tag))) ??
      union.arms.find(({ isDefault }) => isDefault);
    const field = arm?.field ?? null;
    const value = field === null ? undefined : this.#value(field.type, {}, depth + 1);
    return { type: Number(tag), value };
  }

  #array(
    element: WireType,
    [dimension, ...inner]: readonly Dimension[],
    scope: Values,
    depth: number,
  ): unknown {
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
function fits(type: WireType, scope: Values): boolean {
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

function sizeOf({ size }: Dimension, scope: Values): number {
  if (size === null) return 3;
  return typeof size === "number" ? size : Number(evaluate(size, scope));
}

function lengthOf(dimension: Dimension, scope: Values): number {
  const length = dimension.varying?.length ?? null;
  return length === null ? sizeOf(dimension, scope) : Number(evaluate(length, scope));
}

/** The value of an expression over values of fields or parameters. */
export function evaluate(expr: Expr, scope: Values): bigint {
  switch (expr.op) {
    case "const":
      return BigInt(expr.value);
    case "field": {
      let value: unknown = scope;
      for (const name of expr.path) value = (value as Values | null)?.[name] ?? null;
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

/** Members that nobody wrote: counts and discriminants that follow from the others, and pointers that are null. */
import type { StructValue, UnionValue, Value } from "../interpret/value.ts";
import type { Expr, WirePlan, WireType } from "../plan.ts";

export interface Member {
  readonly name: string;
  readonly type: WireType;
}

/**
 * What a missing member has to be, going by its siblings: the number that makes an array's size or length, a string's
 * size or a union's arm come out as they are. Null for a pointer that may be. Undefined where nothing says it.
 */
export function valueThatFits(
  plan: Pick<WirePlan, "types">,
  missing: Member,
  siblings: readonly Member[],
  value: Readonly<StructValue>,
): Value | undefined {
  const wanted = siblings.flatMap(({ name, type }) =>
    Object.hasOwn(value, name) ? numbersFor(missing.name, type, value[name] ?? null) : [],
  );
  const [first] = wanted;
  if (first !== undefined) {
    const most = wanted.reduce((high, each) => (each > high ? each : high), first);
    const number = asInteger(plan, missing.type, most);
    if (number !== undefined) return number;
  }
  return canBeNull(missing.type) ? null : undefined;
}

function canBeNull(type: WireType): boolean {
  return type.kind === "pointer" && type.class !== "ref";
}

/** An integer as a value of a type, through pointers; undefined for a type that has none. */
export function asInteger(
  plan: Pick<WirePlan, "types">,
  type: WireType,
  number: bigint,
): number | bigint | boolean | undefined {
  if (type.kind === "pointer") return asInteger(plan, type.target, number);
  if (type.kind === "named") {
    return plan.types[type.name]?.kind === "enum" ? Number(number) : undefined;
  }
  if (type.kind !== "primitive" || type.name === "f32" || type.name === "f64") return undefined;
  if (type.name === "boolean") return number !== 0n;
  return type.name.endsWith("64") ? number : Number(number);
}

/** The numbers that `name` would have to be for what a sibling's type says of it. */
function numbersFor(name: string, type: WireType, value: Value): bigint[] {
  switch (type.kind) {
    case "pointer":
      return numbersFor(name, type.target, value);
    case "union":
      return value === null ? [] : solved(type.switchIs, name, BigInt((value as UnionValue).tag));
    case "string":
      return solved(type.size, name, typeof value === "string" ? BigInt(value.length + 1) : 0n);
    case "array": {
      let row: Value | undefined = value;
      return type.dimensions.flatMap(({ size, varying }) => {
        const isList: boolean = row instanceof Uint8Array || Array.isArray(row);
        const length = isList ? BigInt((row as readonly Value[]).length) : 0n;
        const [first] = isList && !(row instanceof Uint8Array) ? (row as readonly Value[]) : [];
        row = first;
        const max = typeof size === "object" ? solved(size, name, length) : [];
        return [...max, ...solved(varying?.length ?? null, name, length)];
      });
    }
    case "primitive":
    case "named":
    case "pipe":
    case "interfacePointer":
      return [];
  }
}

/** What the field `name` is where an expression over it alone comes to `result`; empty where that isn't to be said. */
function solved(expr: Expr | null, name: string, result: bigint): bigint[] {
  if (expr === null) return [];
  switch (expr.op) {
    case "field":
      return expr.path.length === 1 && expr.path[0] === name ? [result] : [];
    case "deref":
      return solved(expr.of, name, result);
    case "unary":
      return expr.operator === "+" ? solved(expr.of, name, result) : [];
    case "binary":
      return solvedBinary(expr, name, result);
    case "const":
    case "conditional":
      return [];
  }
}

function solvedBinary(
  { operator, left, right }: Extract<Expr, { op: "binary" }>,
  name: string,
  result: bigint,
): bigint[] {
  if (right.op === "const") {
    const number = BigInt(right.value);
    const inverse = inverses[operator]?.(result, number);
    return inverse === undefined ? [] : solved(left, name, inverse);
  }
  if (left.op !== "const") return [];
  const number = BigInt(left.value);
  if (operator === "-") return solved(right, name, number - result);
  const inverse =
    operator === "+" || operator === "*" ? inverses[operator]?.(result, number) : undefined;
  return inverse === undefined ? [] : solved(right, name, inverse);
}

const inverses: Readonly<Record<string, (result: bigint, number: bigint) => bigint | undefined>> = {
  "+": (result, number) => result - number,
  "-": (result, number) => result + number,
  "*": (result, number) => (number !== 0n && result % number === 0n ? result / number : undefined),
  "/": (result, number) => result * number,
  ">>": (result, number) => (number < 64n ? result << number : undefined),
};

/** Compares types in use, part by part. */
import { fieldPaths } from "../expressions.ts";
import { enumSize, primitiveSize } from "../layout/primitive.ts";
import type {
  ArrayType,
  Dimension,
  Expr,
  NamedType,
  PointerType,
  PrimitiveType,
  Range,
  StringType,
  TypePlan,
  WireType,
} from "../plan.ts";
import { type Syntax, syntaxes } from "../syntax.ts";
import {
  breaking,
  type ChangeRange,
  narrowed,
  type Verdict,
  type Verdicts,
  type Way,
  widened,
} from "./change.ts";
import { describe } from "./describe.ts";
import { expressionKey, expressionText, type Positions } from "./expression.ts";

/** Two uses of types that stand at the same place in both plans. */
export interface Pair {
  readonly path: string;
  readonly way: Way;
  readonly before: ChangeRange | null;
  readonly after: ChangeRange | null;
  /** What the names in expressions stand for. */
  readonly positions: { readonly before: Positions; readonly after: Positions };
  /** Parameters that only the request has. */
  readonly requested: ReadonlySet<string>;
}

/** Where findings go, and how named types are found. */
export interface Comparer {
  typeBefore(name: string): TypePlan | undefined;
  typeAfter(name: string): TypePlan | undefined;
  note(pair: Pair, verdicts: Verdicts, reason: string): void;
  /** Two structures, unions or enumerations that stand for each other. */
  meet(pair: Pair, before: TypePlan, after: TypePlan): void;
}

type Of<Kind extends WireType["kind"]> = Extract<WireType, { readonly kind: Kind }>;

export function compareTypes(
  comparer: Comparer,
  pair: Pair,
  before: WireType,
  after: WireType,
): void {
  const scalars = [scalarOf(comparer.typeBefore, before), scalarOf(comparer.typeAfter, after)];
  const [was, is] = scalars;
  if (was && is) return compareScalars(comparer, pair, [before, was], [after, is]);
  if (before.kind !== after.kind) return note(comparer, pair, before, after);
  switch (before.kind) {
    case "primitive":
      return note(comparer, pair, before, after);
    case "named":
      return compareNamed(comparer, pair, before, after as NamedType);
    case "union": {
      const other = after as Of<"union">;
      compareExpressions(comparer, pair, "switch_is", before.switchIs, other.switchIs);
      const isAsked = pair.way === "response" && isOf(pair.requested, before.switchIs);
      return compareNamed(comparer, isAsked ? { ...pair, way: "asked" } : pair, before, other);
    }
    case "pointer":
      return comparePointers(comparer, pair, before, after as PointerType);
    case "array":
      return compareArrays(comparer, pair, before, after as ArrayType);
    case "string":
      return compareStrings(comparer, pair, before, after as StringType);
    case "pipe": {
      const other = after as Of<"pipe">;
      compareRanges(comparer, pair, "elements of a chunk", before.range, other.range);
      return compareTypes(
        comparer,
        { ...pair, path: `${pair.path}[]` },
        before.element,
        other.element,
      );
    }
    case "interfacePointer":
      return undefined;
  }
}

function isOf(names: ReadonlySet<string>, expr: Expr): boolean {
  const paths = fieldPaths(expr);
  return paths.length > 0 && paths.every(([first = ""]) => names.has(first));
}

function note(comparer: Comparer, pair: Pair, before: WireType, after: WireType): void {
  comparer.note(pair, breaking, `was ${describe(before)}, is ${describe(after)}`);
}

// ---- scalars ---------------------------------------------------------------------------------

interface Scalar {
  readonly size: Readonly<Record<Syntax, number>>;
  readonly isFloat: boolean;
  readonly range: Range | undefined;
  /** The enumeration that it is. */
  readonly plan: TypePlan | null;
}

function scalarOf(typeOf: (name: string) => TypePlan | undefined, type: WireType): Scalar | null {
  if (type.kind === "primitive") return primitiveScalar(type);
  if (type.kind !== "named") return null;
  const plan = typeOf(type.name);
  if (plan?.kind !== "enum") return null;
  const size = { ndr: enumSize(plan.isV1, "ndr"), ndr64: enumSize(plan.isV1, "ndr64") };
  return { size, isFloat: false, range: type.range, plan };
}

function primitiveScalar({ name, range }: PrimitiveType): Scalar {
  const size = { ndr: primitiveSize(name, "ndr"), ndr64: primitiveSize(name, "ndr64") };
  return { size, isFloat: name === "f32" || name === "f64", range, plan: null };
}

/** What is as wide is the same on the wire, whether it has a sign, or a name. */
function compareScalars(
  comparer: Comparer,
  pair: Pair,
  [typeBefore, before]: [WireType, Scalar],
  [typeAfter, after]: [WireType, Scalar],
): void {
  const of = (syntax: Syntax): Verdict =>
    before.isFloat === after.isFloat && before.size[syntax] === after.size[syntax]
      ? "same"
      : "breaking";
  const verdicts = { ndr: of("ndr"), ndr64: of("ndr64") };
  if (before.plan && after.plan) comparer.meet(pair, before.plan, after.plan);
  else if (syntaxes.some((syntax) => verdicts[syntax] !== "same")) {
    const widths = ({ size }: Scalar): string =>
      size.ndr === size.ndr64 ? `${size.ndr}` : `${size.ndr}, in NDR64 ${size.ndr64},`;
    const was = `${describe(typeBefore)} of ${widths(before)} octets`;
    comparer.note(
      pair,
      verdicts,
      `was ${was}, is ${describe(typeAfter)} of ${widths(after)} octets`,
    );
  }
  compareRanges(comparer, pair, "the value", before.range, after.range);
}

function compareRanges(
  comparer: Comparer,
  pair: Pair,
  what: string,
  before: Range | undefined,
  after: Range | undefined,
): void {
  if (before?.low === after?.low && before?.high === after?.high) return;
  const show = (range: Range | undefined): string =>
    range === undefined ? "had no range" : `was held to ${range.low} to ${range.high}`;
  const now = after === undefined ? "has none" : `is held to ${after.low} to ${after.high}`;
  comparer.note(
    pair,
    rangeVerdicts(pair.way, before, after),
    `${what} ${show(before)}, and ${now}`,
  );
}

function rangeVerdicts(way: Way, before: Range | undefined, after: Range | undefined): Verdicts {
  if (holds(after, before)) return widened(way);
  return holds(before, after) ? narrowed(way) : breaking;
}

/** Whether a range has all of another in it. */
function holds(outer: Range | undefined, inner: Range | undefined): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  return BigInt(outer.low) <= BigInt(inner.low) && BigInt(outer.high) >= BigInt(inner.high);
}

// ---- what has parts --------------------------------------------------------------------------

function compareNamed(
  comparer: Comparer,
  pair: Pair,
  before: { readonly name: string },
  after: { readonly name: string },
): void {
  const was = comparer.typeBefore(before.name);
  const is = comparer.typeAfter(after.name);
  if (was === undefined || is === undefined) return;
  if (was.kind === is.kind) return comparer.meet(pair, was, is);
  comparer.note(pair, breaking, `was ${was.kind} ${was.name}, is ${is.kind} ${is.name}`);
}

function comparePointers(
  comparer: Comparer,
  pair: Pair,
  before: PointerType,
  after: PointerType,
): void {
  const hasId = ({ id }: PointerType, syntax: Syntax): boolean =>
    id === "both" || (id === "ndr64" && syntax === "ndr64");
  const ids = (syntax: Syntax): Verdict =>
    hasId(before, syntax) === hasId(after, syntax) ? "same" : "breaking";
  const verdicts = { ndr: ids("ndr"), ndr64: ids("ndr64") };
  if (verdicts.ndr !== "same" || verdicts.ndr64 !== "same") {
    comparer.note(pair, verdicts, `was a ${before.class} pointer, is a ${after.class} pointer`);
  } else if (before.class !== after.class) {
    // `full` may be null and point where another one does, `unique` may be null, `ref` neither.
    const most = ["ref", "unique", "full"];
    const more = most.indexOf(after.class) > most.indexOf(before.class);
    const verdicts = more ? widened(pair.way) : narrowed(pair.way);
    comparer.note(pair, verdicts, `was a ${before.class} pointer, is a ${after.class} pointer`);
  }
  if (before.isIgnored !== after.isIgnored) {
    const now = after.isIgnored ? "is ignored now" : "is no longer ignored";
    comparer.note(pair, breaking, `what it points at ${now}`);
  }
  if (before.mayBeNullWithCount !== after.mayBeNullWithCount) {
    const verdicts = after.mayBeNullWithCount ? widened(pair.way) : narrowed(pair.way);
    comparer.note(pair, verdicts, "[disable_consistency_check] came or went");
  }
  compareTypes(comparer, pair, before.target, after.target);
}

function compareArrays(comparer: Comparer, pair: Pair, before: ArrayType, after: ArrayType): void {
  if (before.dimensions.length !== after.dimensions.length) {
    return note(comparer, pair, before, after);
  }
  before.dimensions.forEach((was, at) => {
    const is = after.dimensions[at];
    if (is !== undefined) compareDimensions(comparer, pair, [before, was], [after, is]);
  });
  const inElement = { ...pair, path: `${pair.path}${"[]".repeat(before.dimensions.length)}` };
  compareTypes(comparer, inElement, before.element, after.element);
}

function compareDimensions(
  comparer: Comparer,
  pair: Pair,
  [typeBefore, before]: [ArrayType, Dimension],
  [typeAfter, after]: [ArrayType, Dimension],
): void {
  const isVarying = ({ varying }: Dimension): boolean => varying !== null;
  if (before.isConformant !== after.isConformant || isVarying(before) !== isVarying(after)) {
    return note(comparer, pair, typeBefore, typeAfter);
  }
  if (!before.isConformant && before.varying && typeof before.size === "number") {
    compareBounds(comparer, pair, before.size, Number(after.size));
  } else compareExpressions(comparer, pair, "the size", before.size, after.size);
  const [was, is] = [before.varying, after.varying];
  compareExpressions(comparer, pair, "the length", was?.length ?? null, is?.length ?? null);
  compareExpressions(comparer, pair, "the first index", was?.first ?? null, is?.first ?? null);
  compareRanges(comparer, pair, "the size", before.range, after.range);
}

function compareStrings(
  comparer: Comparer,
  pair: Pair,
  before: StringType,
  after: StringType,
): void {
  if (before.char !== after.char || before.isConformant !== after.isConformant) {
    return note(comparer, pair, before, after);
  }
  compareBounds(comparer, pair, before.bound ?? 0, after.bound ?? 0);
  compareExpressions(comparer, pair, "the size", before.size, after.size);
  compareRanges(comparer, pair, "the length", before.range, after.range);
}

/** The bound is not on the wire: only what is there in it. */
function compareBounds(comparer: Comparer, pair: Pair, before: number, after: number): void {
  if (before === after) return;
  const verdicts = after > before ? widened(pair.way) : narrowed(pair.way);
  comparer.note(pair, verdicts, `at most ${before} elements fitted, ${after} do now`);
}

function compareExpressions(
  comparer: Comparer,
  pair: Pair,
  what: string,
  before: WireExpression,
  after: WireExpression,
): void {
  const { positions } = pair;
  if (expressionKey(before, positions.before) === expressionKey(after, positions.after)) return;
  const reason = `${what} was ${expressionText(before)}, is ${expressionText(after)}`;
  comparer.note(pair, breaking, reason);
}

type WireExpression = Dimension["size"];

/** Compares structures, unions, enumerations and context handles. */
import { enumSize } from "../layout/primitive.ts";
import type {
  ArmPlan,
  EnumPlan,
  Place,
  StructPlan,
  TypePlan,
  UnionPlan,
  WireType,
} from "../plan.ts";
import type { Syntax } from "../syntax.ts";
import {
  breaking,
  isSame,
  narrowed,
  rangeOf,
  type Verdict,
  type Verdicts,
  type Way,
  widened,
} from "./change.ts";
import { positionsOf } from "./expression.ts";
import { type Comparer, compareTypes, type Pair } from "./types.ts";

/** Compares two types of one kind. The findings' paths start at the type. */
export function comparePlans(
  comparer: Comparer,
  way: Way,
  before: TypePlan,
  after: TypePlan,
): void {
  const pair: Pair = {
    path: "",
    way,
    before: rangeOf(before),
    after: rangeOf(after),
    positions: { before: new Map(), after: new Map() },
    requested: new Set(),
  };
  if (before.kind === "struct" && after.kind === "struct")
    compareStructs(comparer, pair, before, after);
  if (before.kind === "union" && after.kind === "union")
    compareUnions(comparer, pair, before, after);
  if (before.kind === "enum" && after.kind === "enum") compareEnums(comparer, pair, before, after);
}

function compareStructs(
  comparer: Comparer,
  pair: Pair,
  before: StructPlan,
  after: StructPlan,
): void {
  compareMembers(comparer, pair, before.fields, after.fields, "a field");
}

/** A field, a parameter, or the result. */
export interface ComparedMember {
  readonly name: string;
  readonly type: WireType;
  readonly place: Place;
}

type Named = Pick<ComparedMember, "name">;

/**
 * Fields of a structure, or what a message consists of. They are what stands at the same place, whatever its name;
 * where there are more or fewer, those of a name, and all that came or went is said. Expressions speak of
 * `siblings`: an answer's may be of the request.
 */
export function compareMembers(
  comparer: Comparer,
  pair: Pair,
  before: readonly ComparedMember[],
  after: readonly ComparedMember[],
  what: string,
  siblings: readonly [readonly Named[], readonly Named[]] = [before, after],
): void {
  const positions = { before: positionsOf(siblings[0]), after: positionsOf(siblings[1]) };
  const isSameLength = before.length === after.length;
  const names = new Set(before.map(({ name }) => name));
  before.forEach((was, at) => {
    const is = isSameLength ? after[at] : after.find(({ name }) => name === was.name);
    const ranges = { before: rangeOf(was), after: is ? rangeOf(is) : null };
    const path = joined(pair.path, was.name);
    if (is === undefined) {
      return comparer.note({ ...pair, path, ...ranges }, breaking, `${what} went`);
    }
    const inMember: Pair = { ...pair, path, before: ranges.before, after: rangeOf(is), positions };
    compareTypes(comparer, isSameLength ? inMember : byName(inMember), was.type, is.type);
  });
  if (isSameLength) return;
  for (const is of after) {
    if (names.has(is.name)) continue;
    const at = { ...pair, path: joined(pair.path, is.name), before: null, after: rangeOf(is) };
    comparer.note(at, breaking, `${what} came`);
  }
}

/** Where places differ, expressions are compared by names. */
function byName(pair: Pair): Pair {
  return { ...pair, positions: { before: new Map(), after: new Map() } };
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

// ---- unions ----------------------------------------------------------------------------------

function compareUnions(comparer: Comparer, pair: Pair, before: UnionPlan, after: UnionPlan): void {
  if ((before.encapsulated === null) !== (after.encapsulated === null)) {
    const now = after.encapsulated === null ? "is no longer" : "is";
    comparer.note(pair, breaking, `${now} encapsulated`);
  }
  compareTypes(comparer, { ...pair, path: "<tag>" }, before.switchType, after.switchType);
  const aligned = alignments(before, after);
  if (!isSame(aligned)) {
    const show = (plan: UnionPlan): string => {
      const { ndr, ndr64 } = plan.armAlign;
      return `${ndr ?? "its own alignment"}, in NDR64 ${ndr64}`;
    };
    comparer.note(
      pair,
      aligned,
      `where an arm begins was a multiple of ${show(before)}, and is of ${show(after)}`,
    );
  }
  const labels = new Set([before, after].flatMap(({ arms }) => arms.flatMap((arm) => arm.labels)));
  const met = new Set<ArmPlan>();
  for (const label of labels) compareArms(comparer, pair, [before, after], label, met);
  compareDefaults(comparer, pair, before, after, met);
}

function alignments(before: UnionPlan, after: UnionPlan): Verdicts {
  const of = (syntax: Syntax): Verdict =>
    before.armAlign[syntax] === after.armAlign[syntax] &&
    before.layout[syntax].align === after.layout[syntax].align
      ? "same"
      : "breaking";
  return { ndr: of("ndr"), ndr64: of("ndr64") };
}

function compareArms(
  comparer: Comparer,
  pair: Pair,
  [before, after]: readonly [UnionPlan, UnionPlan],
  label: string,
  met: Set<ArmPlan>,
): void {
  const was = labelled(before, label) ?? defaultOf(before);
  const is = labelled(after, label) ?? defaultOf(after);
  const path = `<case ${label}>`;
  const ranges = { before: armRange(before, was), after: armRange(after, is) };
  if (was === undefined) {
    return comparer.note({ ...pair, path, ...ranges }, widened(pair.way), "an arm came");
  }
  if (is === undefined) {
    return comparer.note({ ...pair, path, ...ranges }, narrowed(pair.way), "an arm went");
  }
  if (met.has(is)) return;
  met.add(is);
  compareArmFields(comparer, { ...pair, path }, [before, was], [after, is]);
}

function compareDefaults(
  comparer: Comparer,
  pair: Pair,
  before: UnionPlan,
  after: UnionPlan,
  met: ReadonlySet<ArmPlan>,
): void {
  const [was, is] = [defaultOf(before), defaultOf(after)];
  const path = "<default>";
  const ranges = { before: armRange(before, was), after: armRange(after, is) };
  if (was && is) {
    if (!met.has(is)) compareArmFields(comparer, { ...pair, path }, [before, was], [after, is]);
  } else if (is) comparer.note({ ...pair, path, ...ranges }, widened(pair.way), "the default came");
  else if (was) comparer.note({ ...pair, path, ...ranges }, narrowed(pair.way), "the default went");
}

function compareArmFields(
  comparer: Comparer,
  pair: Pair,
  [before, was]: readonly [UnionPlan, ArmPlan],
  [after, is]: readonly [UnionPlan, ArmPlan],
): void {
  const ranges = {
    before: armRange(before, was) ?? pair.before,
    after: armRange(after, is) ?? pair.after,
  };
  if (was.field && is.field) {
    const way = pair.way === "asked" ? "response" : pair.way;
    return compareTypes(comparer, { ...pair, ...ranges, way }, was.field.type, is.field.type);
  }
  if (was.field === is.field) return;
  const now = is.field ? `was empty, is ${is.field.name}` : "is empty";
  comparer.note({ ...pair, ...ranges }, breaking, `the arm ${now}`);
}

function labelled({ arms }: UnionPlan, label: string): ArmPlan | undefined {
  return arms.find((arm) => arm.labels.includes(label));
}

function defaultOf({ arms }: UnionPlan): ArmPlan | undefined {
  return arms.find((arm) => arm.isDefault);
}

function armRange(plan: UnionPlan, arm: ArmPlan | undefined): Pair["before"] | null {
  if (arm === undefined) return null;
  return rangeOf(arm.field ?? plan);
}

// ---- enumerations ----------------------------------------------------------------------------

function compareEnums(comparer: Comparer, pair: Pair, before: EnumPlan, after: EnumPlan): void {
  if (before.isV1 !== after.isV1) {
    const size = ({ isV1 }: EnumPlan): number => enumSize(isV1, "ndr");
    const reason = `a value was of ${size(before)} octets in NDR 2.0, and is of ${size(after)}`;
    comparer.note(pair, { ndr: "breaking", ndr64: "same" }, reason);
  }
  const now = new Map(after.members.map(({ name, value }) => [name, value]));
  const then = new Map(before.members.map(({ name, value }) => [name, value]));
  const values = new Set(after.members.map(({ value }) => value));
  const valuesBefore = new Set(before.members.map(({ value }) => value));
  for (const { name, value } of before.members) {
    const other = now.get(name);
    const at = { ...pair, path: name };
    if (other !== undefined && other !== value) {
      comparer.note(at, breaking, `was ${value}, is ${other}`);
    } else if (other === undefined && !values.has(value)) {
      comparer.note(at, narrowed(pair.way), `the value ${value} went`);
    }
  }
  for (const { name, value } of after.members) {
    if (then.has(name) || valuesBefore.has(value)) continue;
    // A value is a number to whoever doesn't know its name.
    const verdicts = widened("request");
    comparer.note({ ...pair, path: name }, verdicts, `the value ${value} came`);
  }
}

/** Checks a union that is sent: its arms, its labels against its discriminant. */
import {
  caseRange,
  conformantInside,
  missingDefault,
  plainUnion,
  strangeCase,
  switchType,
  unlabelledArm,
} from "../../catalogue/semantics.ts";
import type { Type, UnionSymbol } from "../../program.ts";
import { fits, wrap } from "../integer.ts";
import { scalarFacts, withoutTypedefs } from "../types.ts";
import { isConformantField } from "./by-value.ts";
import { checkDeclaration } from "./declaration.ts";
import { checkElement } from "./structure.ts";
import { describe } from "./shape.ts";
import { isPlainUnion } from "./switch.ts";
import type { Walk } from "./walk-state.ts";

export function checkUnion(walk: Walk, symbol: UnionSymbol): void {
  const { context, facts } = walk;
  const union = symbol.name;
  const isPlain = isPlainUnion(symbol);
  if (isPlain) context.report(plainUnion, symbol.span, { union });
  for (const arm of symbol.arms) {
    const { field, labels, isDefault, span } = arm;
    const isBroken = context.brokenArms.has(arm);
    if (!isPlain && !isBroken && labels.length === 0 && !isDefault) {
      context.report(unlabelledArm, field?.span ?? span, { name: field?.name ?? "", union });
    }
    if (!field) continue;
    const shape = checkDeclaration(walk, {
      ...field,
      place: "arm",
      neighbours: new Map([[field.name, field]]),
    });
    if (isConformantField(field, facts)) {
      context.report(conformantInside, field.span, { name: field.name, what: "a union" });
    }
    checkElement(walk, field, shape);
  }
  const type = symbol.discriminant?.type ?? symbol.switchType;
  if (type) checkDiscriminant(walk, symbol, type);
}

function checkDiscriminant(walk: Walk, symbol: UnionSymbol, type: Type): void {
  const { context } = walk;
  const union = symbol.name;
  const facts = scalarFacts(context, type);
  if (!facts || facts.kind === "float" || facts.kind === "none") {
    context.report(switchType, symbol.span, { union });
    return;
  }
  const bare = withoutTypedefs(context, type);
  const enumeration = bare.kind === "enum" ? bare.symbol : null;
  const isShort = enumeration && !enumeration.attributes.has("v1_enum");
  const known = new Set(enumeration?.members.map(({ value }) => BigInt(value)));
  const bits = isShort ? 16 : facts.bits || 32;
  for (const { labels, span } of symbol.arms) {
    for (const value of labels) {
      if (enumeration && fits(value, bits) && !known.has(wrap(value, 32, false))) {
        const names = { value: String(value), union, enum: enumeration.name };
        context.report(strangeCase, span, names);
      }
      // Enumerators are signed, and 0x80000000 is one of them.
      const isNamed = enumeration && !isShort && known.has(wrap(value, 32, false));
      if (isNamed || value === wrap(value, bits, facts.unsigned)) continue;
      const names = { value: String(value), union, type: describe(type) };
      context.report(caseRange, span, names);
    }
  }
  checkExhaustive(walk, symbol, type);
}

const booleans = [
  { name: "FALSE", value: 0 },
  { name: "TRUE", value: 1 },
];

/** Of an enumeration or boolean each value should select an arm. */
function checkExhaustive(walk: Walk, symbol: UnionSymbol, type: Type): void {
  const bare = withoutTypedefs(walk.context, type);
  const isBoolean = bare.kind === "base" && bare.name === "boolean";
  const values = bare.kind === "enum" ? bare.symbol.members : isBoolean ? booleans : null;
  if (!values || symbol.arms.some(({ isDefault }) => isDefault)) return;
  const labels = symbol.arms.flatMap((arm) => arm.labels);
  const covered = new Set(labels.map((label) => wrap(label, 32, false)));
  const missing = values.filter(({ value }) => !covered.has(BigInt(value)));
  if (missing.length === 0) return;
  const names = missing.slice(0, 3).map(({ name }) => `\`${name}\``);
  if (missing.length > 3) names.push(`${missing.length - 3} more`);
  const arm = symbol.discriminant ? "default: ;" : "[default];";
  const said = { union: symbol.name, names: names.join(", "), arm };
  walk.context.report(missingDefault, symbol.span, said);
}

/** Fills in the symbols of unions: arms, labels and discriminant. */
import type { Attribute, UnionSpec } from "../ast.ts";
import { duplicateCase, duplicateDefault, duplicateMember } from "../catalogue/semantics.ts";
import type { Type, UnionArmSymbol, UnionSymbol } from "../program.ts";
import type { Span } from "../span.ts";
import type { Context, Draft, Place } from "./context.ts";
import { definitionAttributes, resolveFields } from "./fill-types.ts";
import { constantInteger, resolveSpec } from "./types.ts";

export function fillUnion(
  context: Context,
  place: Place,
  spec: UnionSpec,
  outer: readonly Attribute[],
  symbol: Draft<UnionSymbol>,
): void {
  symbol.attributes = definitionAttributes(context, place, spec.attributes, outer);
  const { discriminant } = spec;
  if (discriminant) {
    symbol.discriminant = {
      name: discriminant.name.name,
      unionName: discriminant.unionName?.name ?? "tagged_union",
      type: resolveSpec(context, place, discriminant.type),
    };
  }
  symbol.switchType = switchTypeOf(symbol);
  symbol.arms = resolveArms(context, place, spec, symbol.name);
}

function switchTypeOf(symbol: UnionSymbol): Type | null {
  const argument = symbol.attributes.get("switch_type")?.args[0];
  return argument?.kind === "type" ? argument.type : null;
}

function resolveArms(
  context: Context,
  place: Place,
  spec: UnionSpec,
  owner: string,
): UnionArmSymbol[] {
  const labels = new Map<bigint, Span>();
  const names = new Map<string, Span>();
  let firstDefault: Span | null = null;
  return (spec.arms ?? []).map((arm) => {
    const [field] = arm.field
      ? resolveFields(context, place, [arm.field], owner, "field").fields
      : [undefined];
    if (field && names.has(field.name) && !field.name.startsWith("anonymous")) {
      const related = [{ message: "first declared here", span: names.get(field.name)! }];
      context.report(duplicateMember, field.span, { name: field.name, owner }, { related });
    }
    if (field) names.set(field.name, field.span);
    if (arm.isDefault) {
      if (firstDefault) {
        const related = [{ message: "first default here", span: firstDefault }];
        context.report(duplicateDefault, arm.span, { union: owner }, { related });
      }
      firstDefault ??= arm.span;
    }
    const values: bigint[] = [];
    for (const label of arm.labels) {
      const value = constantInteger(context, place, label);
      if (value === null) continue;
      const first = labels.get(value);
      if (first) {
        const related = [{ message: "first used here", span: first }];
        context.report(
          duplicateCase,
          label.span,
          { value: String(value), union: owner },
          { related },
        );
      } else {
        labels.set(value, label.span);
      }
      values.push(value);
    }
    const { isDefault, span } = arm;
    const symbol: UnionArmSymbol = { labels: values, isDefault, field: field ?? null, span };
    if (values.length < arm.labels.length) context.brokenArms.add(symbol);
    return symbol;
  });
}

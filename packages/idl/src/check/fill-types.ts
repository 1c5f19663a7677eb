/** Fills in the symbols of typedefs, structures, enumerations and constants. */
import type {
  ConstDecl,
  Declarator,
  EnumSpec,
  FieldDecl,
  StructSpec,
  TypedefDecl,
} from "../ast.ts";
import type { AttributePosition } from "../attributes/definition.ts";
import {
  attributeType,
  constantForm,
  constantRange,
  constantType,
  duplicateMember,
  enumeratorRange,
  unnamedDeclarator,
} from "../catalogue/semantics.ts";
import type {
  Attributes,
  ConstantSymbol,
  EnumSymbol,
  FieldSymbol,
  StructSymbol,
  Type,
  TypedefSymbol,
} from "../program.ts";
import { baseTypes } from "./base-types.ts";
import {
  complete,
  type Context,
  type Draft,
  noAttributes,
  type Place,
  printSpec,
} from "./context.ts";
import type { Neighbours } from "./correlation.ts";
import { describe, evaluate } from "./evaluate.ts";
import { fits, integer, wrap } from "./integer.ts";
import { resolveAttributes } from "./resolve-attributes.ts";
import {
  applyParts,
  constantInteger,
  constantNames,
  resolveSpec,
  withoutTypedefs,
} from "./types.ts";
import type { Entry } from "./scope.ts";
import type { Attribute } from "../ast.ts";

export function fillTypedef(
  context: Context,
  place: Place,
  node: TypedefDecl,
  declarator: Declarator,
  symbol: Draft<TypedefSymbol>,
): void {
  const base = resolveSpec(context, place, node.type);
  symbol.type = applyParts(context, place, base, declarator.parts);
  symbol.attributes = resolveAttributes(context, place, node.attributes, "typedef");
  checkAboutType(context, withoutTypedefs(context, base), symbol.attributes);
}

const aboutTypes = {
  v1_enum: { kind: "enum", wanted: "an enumeration" },
  switch_type: { kind: "union", wanted: "a union" },
} as const;

/** Some attributes of a typedef say something about one kind of type alone. */
function checkAboutType(context: Context, { kind }: Type, attributes: Attributes): void {
  for (const [name, about] of Object.entries(aboutTypes)) {
    const attribute = attributes.get(name);
    if (!attribute || kind === about.kind) continue;
    context.report(attributeType, attribute.span, { name, wanted: about.wanted });
  }
}

export function fillStruct(
  context: Context,
  place: Place,
  spec: StructSpec,
  outer: readonly Attribute[],
  symbol: Draft<StructSymbol>,
): void {
  symbol.attributes = definitionAttributes(context, place, spec.attributes, outer);
  const { fields, paths } = resolveFields(context, place, spec.fields ?? [], symbol.name, "field");
  symbol.fields = fields;
  if (paths.size > 0) context.anonymousPaths.set(symbol, paths);
}

/**
 * A type's own attributes: those beside its keyword, and those of the typedef around its definition
 * that say something about the type and not about the name.
 */
export function definitionAttributes(
  context: Context,
  place: Place,
  own: readonly Attribute[],
  outer: readonly Attribute[],
): Attributes {
  const aboutType = outer.filter(({ name }) => /^(v1_enum|switch_type|ms_union)$/.test(name.name));
  return resolveAttributes(context, place, [...own, ...aboutType], "type");
}

/** The members of one list of declarations, each declarator one; attributes see all of them. */
export function resolveFields(
  context: Context,
  place: Place,
  nodes: readonly FieldDecl[],
  owner: string,
  position: AttributePosition,
): { readonly fields: FieldSymbol[]; readonly paths: ReadonlyMap<string, readonly string[]> } {
  const fields: FieldSymbol[] = [];
  const written: [Draft<FieldSymbol>, FieldDecl][] = [];
  const byName = new Map<string, FieldSymbol>();
  for (const node of nodes) {
    const base = resolveSpec(context, place, node.type);
    for (const declarator of node.declarators.length > 0 ? node.declarators : [null]) {
      const field = resolveField(context, place, node, declarator, base, fields.length);
      const first = byName.get(field.name);
      if (first) {
        const related = [{ message: "first declared here", span: first.span }];
        context.report(duplicateMember, field.span, { name: field.name, owner }, { related });
      } else {
        byName.set(field.name, field);
      }
      fields.push(field);
      written.push([field, node]);
    }
  }
  const paths = anonymousPaths(context, written);
  const neighbours: Neighbours = { owner, kind: "field", symbols: byName, paths };
  for (const [field, node] of written) {
    field.attributes = resolveAttributes(context, place, node.attributes, position, neighbours);
  }
  return { fields, paths };
}

/** By name, the ways to what stands in members without a name of their own, however deep. */
function anonymousPaths(
  context: Context,
  written: readonly (readonly [FieldSymbol, FieldDecl])[],
): Map<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  for (const [field, { declarators }] of written) {
    const bare = declarators.length === 0 ? withoutTypedefs(context, field.type) : null;
    if (bare?.kind !== "struct") continue;
    complete(context, bare.symbol);
    const inner = new Map(bare.symbol.fields.map(({ name }) => [name, [name]] as const));
    const deeper = context.anonymousPaths.get(bare.symbol) ?? [];
    for (const [name, path] of [...inner, ...deeper]) paths.set(name, [field.name, ...path]);
  }
  return paths;
}

function resolveField(
  context: Context,
  place: Place,
  node: FieldDecl,
  declarator: Declarator | null,
  base: Type,
  index: number,
): Draft<FieldSymbol> {
  const type = declarator ? applyParts(context, place, base, declarator.parts) : base;
  const bits = declarator?.bits ? constantInteger(context, place, declarator.bits) : null;
  const { kind } = withoutTypedefs(context, base);
  const isAggregate = kind === "struct" || kind === "union";
  if (!declarator?.name && !declarator?.bits && !isAggregate) {
    context.report(unnamedDeclarator, node.span, { what: "member" });
  }
  return {
    kind: "field",
    name: declarator?.name?.name ?? `anonymous${index}`,
    span: declarator?.name?.span ?? node.span,
    attributes: noAttributes,
    type,
    ...(bits === null ? {} : { bits: Number(bits) }),
  };
}

// ---- values ------------------------------------------------------------------------------------

export function fillEnum(
  context: Context,
  place: Place,
  spec: EnumSpec,
  outer: readonly Attribute[],
  symbol: Draft<EnumSymbol>,
  entries: readonly Entry[],
): void {
  symbol.attributes = definitionAttributes(context, place, spec.attributes, outer);
  let next = 0n;
  symbol.members = (spec.members ?? []).map((member, i) => {
    resolveAttributes(context, place, member.attributes, "enumerator");
    const given = member.value ? constantInteger(context, place, member.value) : null;
    const wanted = given ?? next;
    const name = member.name.name;
    if (!fits(wanted, 32)) {
      context.report(enumeratorRange, member.span, { name, value: String(wanted) });
    }
    const value = wrap(wanted, 32, false);
    next = value + 1n;
    context.values.set(entries[i]!, integer(value));
    return { name, value: Number(value), span: member.name.span };
  });
}

export function fillConstant(
  context: Context,
  place: Place,
  node: ConstDecl,
  declarator: ConstDecl["declarators"][number],
  symbol: Draft<ConstantSymbol>,
  entry: Entry,
): void {
  symbol.attributes = resolveAttributes(context, place, node.attributes, "constant");
  const base = resolveSpec(context, place, node.type);
  symbol.type = applyParts(context, place, base, declarator.parts);
  const value = evaluate(declarator.value, constantNames(context, place));
  context.values.set(entry, value);
  if (!value) return;
  const type = withoutTypedefs(context, symbol.type);
  const name = symbol.name;
  const mismatch = (wanted: string): void => {
    context.values.set(entry, null);
    const found = describe(value);
    context.report(constantType, declarator.value.span, { found, wanted });
  };
  if (type.kind === "array" && value.kind === "string") {
    symbol.value = value.value;
    return;
  }
  if (type.kind === "pointer" || type.kind === "interface") {
    symbol.value = value.kind === "null" ? null : value.value;
    return;
  }
  const facts = type.kind === "base" ? baseTypes[type.name] : undefined;
  if ((!facts || facts.kind === "none") && type.kind !== "enum") {
    context.report(constantForm, symbol.span, { name, type: printSpec(node.type) });
    return;
  }
  if (facts?.kind === "float") {
    if (value.kind === "integer" || value.kind === "float") symbol.value = Number(value.value);
    else mismatch("a number");
    return;
  }
  if (value.kind !== "integer") return mismatch("an integer");
  const bits = facts ? facts.bits || 64 : 32;
  if (!fits(value.value, bits)) {
    const about = { name, value: String(value.value), type: printSpec(node.type) };
    context.report(constantRange, declarator.value.span, about);
  }
  const settled = wrap(value.value, bits, facts?.unsigned ?? false);
  context.values.set(
    entry,
    integer(settled, bits === 64 ? 64 : 32, bits >= 32 && (facts?.unsigned ?? false)),
  );
  symbol.value = settled;
}

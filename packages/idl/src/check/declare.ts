/** Enters everything that a file declares into its scope, as symbols yet to be filled in. */
import type {
  Attribute,
  ConstDecl,
  Declarator,
  EnumSpec,
  FieldDecl,
  Identifier,
  Item,
  StructSpec,
  TypedefDecl,
  TypeSpec,
  UnionSpec,
} from "../ast.ts";
import { duplicateInterface, duplicateName, duplicateTag } from "../catalogue/semantics.ts";
import type {
  ConstantSymbol,
  EnumSymbol,
  InterfaceSymbol,
  StructSymbol,
  TypedefSymbol,
  TypeSymbol,
  UnionSymbol,
} from "../program.ts";
import { type Context, type Draft, noAttributes, type Place, unknownType } from "./context.ts";
import { fillDispinterface, fillInterface } from "./fill-interfaces.ts";
import { fillConstant, fillEnum, fillStruct, fillTypedef } from "./fill-types.ts";
import { fillUnion } from "./fill-unions.ts";
import { resolveAttributes } from "./resolve-attributes.ts";
import type { Entry, FileScope, Meaning, TagSymbol } from "./scope.ts";
import { baseTypes } from "./base-types.ts";

/** Where declarations go, and the number of the next one. */
export interface Declarer {
  readonly context: Context;
  readonly scope: FileScope;
  readonly counter: { next: number };
}

export function declareItems(to: Declarer, items: readonly Item[]): void {
  for (const item of items) declareItem(to, item);
}

function declareItem(to: Declarer, item: Item): void {
  switch (item.$type) {
    case "Typedef":
      return declareTypedef(to, item);
    case "TypeDecl":
      return declareSpec(to, item.type, null, item.attributes);
    case "Const":
      declareSpec(to, item.type, null, []);
      for (const declarator of item.declarators) declareConstant(to, item, declarator);
      return;
    case "Interface":
    case "Dispinterface":
      return declareInterface(to, item);
    case "Coclass":
      addName(to, item.name, { kind: "coclass", node: item });
      return laterAttributes(to, item.attributes, "coclass");
    case "Library":
    case "Module":
      addName(to, item.name, { kind: item.$type === "Library" ? "library" : "module", node: item });
      laterAttributes(to, item.attributes, item.$type === "Library" ? "library" : "module");
      return declareItems(to, item.items);
    case "Forward":
      if (!to.scope.announced.has(item.name.name)) {
        to.scope.announced.set(item.name.name, { ...item, order: to.counter.next++ });
      }
      return;
    case "Operation":
      to.context.orderOf.set(item, to.counter.next++);
      declareSpec(to, item.type, null, []);
      for (const param of item.params) {
        declareSpec(to, param.type, param.declarator.name?.name ?? null, []);
      }
      return;
    case "Import":
    case "ImportLib":
    case "CppQuote":
    case "Namespace":
    case "Pragma":
      return;
  }
}

// ---- names -------------------------------------------------------------------------------------

function addName(to: Declarer, { name, span }: Identifier, meaning: Meaning): Entry {
  const entry: Entry = { name, span, order: to.counter.next++, meaning };
  const first = to.scope.names.get(name);
  if (!first) {
    to.scope.names.set(name, entry);
  } else if (!(/library|module/.test(meaning.kind) || /library|module/.test(first.meaning.kind))) {
    const rule = meaning.kind === "interface" && first.meaning.kind === "interface";
    const related = [{ message: "first declared here", span: first.span }];
    to.context.report(rule ? duplicateInterface : duplicateName, span, { name }, { related });
  }
  return entry;
}

function addTag(to: Declarer, symbol: TagSymbol, tag: Identifier): void {
  const first = to.scope.tags.get(tag.name);
  if (!first || (!first.isComplete && symbol.isComplete && first.kind === symbol.kind)) {
    to.scope.tags.set(tag.name, symbol);
  } else if (symbol.isComplete) {
    const related = [{ message: "first defined here", span: first.span }];
    to.context.report(duplicateTag, tag.span, { tag: tag.name }, { related });
  }
}

/** A name for what has none, that no other type has. */
function madeUpName(context: Context, wanted: string): string {
  let name = wanted;
  for (let i = 2; context.takenNames.has(name); i++) name = `${wanted}${i}`;
  context.takenNames.add(name);
  return name;
}

function laterAttributes(
  to: Declarer,
  attributes: readonly Attribute[],
  position: "coclass" | "library" | "module",
): void {
  const place = hereIn(to);
  to.context.pending.set(attributes, () => {
    resolveAttributes(to.context, place, attributes, position);
  });
}

function hereIn(to: Declarer): Place {
  return { scope: to.scope, order: to.counter.next++ };
}

// ---- types -------------------------------------------------------------------------------------

function declareTypedef(to: Declarer, node: TypedefDecl): void {
  const plain = node.declarators.find((d) => d.name && d.parts.length === 0)?.name?.name;
  const other = node.declarators.find((d) => d.name)?.name?.name;
  const hint = plain ?? (other === undefined ? null : `${other}_target`);
  declareSpec(to, node.type, hint, node.attributes, plain !== undefined);
  for (const declarator of node.declarators) {
    const { name } = declarator;
    if (!name || Object.hasOwn(baseTypes, name.name)) continue;
    if (!namesItself(to, node, declarator)) declareTypedefName(to, node, declarator, name);
  }
}

/** `typedef J J;` and `typedef interface J J;` of an interface say, as in C, what is so already. */
function namesItself(to: Declarer, { type }: TypedefDecl, { name, parts }: Declarator): boolean {
  if ((type.$type !== "NamedType" && type.$type !== "InterfaceType") || !name) return false;
  if (parts.length > 0 || type.name.name !== name.name) return false;
  const isInterface =
    to.scope.announced.has(name.name) ||
    to.scope.names.get(name.name)?.meaning.kind === "interface";
  if (isInterface || type.$type === "NamedType") return isInterface;
  declareItem(to, { $type: "Forward", form: "interface", name, span: type.span });
  return true;
}

function declareTypedefName(
  to: Declarer,
  node: TypedefDecl,
  declarator: Declarator,
  name: Identifier,
): void {
  const symbol: Draft<TypedefSymbol> = {
    kind: "typedef",
    name: name.name,
    span: name.span,
    attributes: noAttributes,
    type: unknownType,
  };
  const entry = addName(to, name, { kind: "typedef", symbol });
  const place = { scope: to.scope, order: entry.order };
  addType(to, symbol);
  to.context.takenNames.add(symbol.name);
  to.context.pending.set(symbol, () => fillTypedef(to.context, place, node, declarator, symbol));
}

/** Declares the types that a specifier defines, inner ones first. `hint` names a tagless one. */
function declareSpec(
  to: Declarer,
  spec: TypeSpec,
  hint: string | null,
  outer: readonly Attribute[],
  hintIsName = false,
): void {
  if (spec.$type === "Pipe" || spec.$type === "SafeArray") {
    return declareSpec(to, spec.element, hint, []);
  }
  if (spec.$type !== "Struct" && spec.$type !== "Union" && spec.$type !== "Enum") return;
  const isDefinition =
    spec.$type === "Struct" ? spec.fields : spec.$type === "Union" ? spec.arms : spec.members;
  if (!isDefinition) return mentionTag(to, spec);
  const taken = hintIsName && hint !== null;
  const name =
    spec.tag?.name ??
    (taken ? hint : madeUpName(to.context, hint ?? `anonymous_${to.counter.next}`));
  to.context.takenNames.add(name);
  const base = {
    name,
    span: spec.tag?.span ?? spec.span,
    attributes: noAttributes,
    isAnonymous: !spec.tag && !taken,
    isComplete: true,
  };
  const place = hereIn(to);
  if (spec.$type === "Struct")
    declareStruct(to, place, spec, outer, { ...base, kind: "struct", fields: [] });
  else if (spec.$type === "Union") {
    const symbol: UnionSymbol = {
      ...base,
      kind: "union",
      discriminant: null,
      switchType: null,
      arms: [],
    };
    declareUnion(to, place, spec, outer, symbol);
  } else declareEnum(to, place, spec, outer, { ...base, kind: "enum", members: [] });
}

/** `struct Tag` without a body, where nothing has defined it yet. */
function mentionTag(to: Declarer, spec: StructSpec | UnionSpec | EnumSpec): void {
  if (!spec.tag || to.scope.tags.has(spec.tag.name)) return;
  const { name, span } = spec.tag;
  const base = { name, span, attributes: noAttributes, isAnonymous: false, isComplete: false };
  if (spec.$type === "Struct") addTag(to, { ...base, kind: "struct", fields: [] }, spec.tag);
  else if (spec.$type === "Union") {
    const parts = { discriminant: null, switchType: null, arms: [] };
    addTag(to, { ...base, kind: "union", ...parts }, spec.tag);
  } else addTag(to, { ...base, kind: "enum", members: [] }, spec.tag);
}

function addType(to: Declarer, symbol: TypeSymbol): void {
  to.context.types.push(symbol);
  if (to.scope.origin === "root") to.context.rootTypes.push(symbol);
}

function enter(to: Declarer, spec: StructSpec | UnionSpec | EnumSpec, symbol: TagSymbol): void {
  to.context.definitions.set(spec, symbol);
  addType(to, symbol);
  if (spec.tag) addTag(to, symbol, spec.tag);
}

function declareStruct(
  to: Declarer,
  place: Place,
  spec: StructSpec,
  outer: readonly Attribute[],
  symbol: Draft<StructSymbol>,
): void {
  for (const [i, field] of (spec.fields ?? []).entries()) declareField(to, field, symbol.name, i);
  enter(to, spec, symbol);
  to.context.pending.set(symbol, () => fillStruct(to.context, place, spec, outer, symbol));
}

function declareUnion(
  to: Declarer,
  place: Place,
  spec: UnionSpec,
  outer: readonly Attribute[],
  symbol: Draft<UnionSymbol>,
): void {
  if (spec.discriminant) declareSpec(to, spec.discriminant.type, `${symbol.name}_switch`, []);
  for (const [i, arm] of (spec.arms ?? []).entries()) {
    if (arm.field) declareField(to, arm.field, symbol.name, i);
  }
  enter(to, spec, symbol);
  to.context.pending.set(symbol, () => fillUnion(to.context, place, spec, outer, symbol));
}

function declareField(to: Declarer, field: FieldDecl, owner: string, index: number): void {
  const name = field.declarators[0]?.name?.name ?? String(index);
  declareSpec(to, field.type, `${owner}_${name}`, field.attributes);
}

function declareEnum(
  to: Declarer,
  place: Place,
  spec: EnumSpec,
  outer: readonly Attribute[],
  symbol: Draft<EnumSymbol>,
): void {
  const entries = (spec.members ?? []).map((member) =>
    addName(to, member.name, { kind: "enumerator", symbol }),
  );
  enter(to, spec, symbol);
  to.context.pending.set(symbol, () => fillEnum(to.context, place, spec, outer, symbol, entries));
}

// ---- constants and interfaces ------------------------------------------------------------------

function declareConstant(
  to: Declarer,
  node: ConstDecl,
  declarator: ConstDecl["declarators"][number],
): void {
  if (!declarator.name) return;
  const symbol: Draft<ConstantSymbol> = {
    kind: "constant",
    name: declarator.name.name,
    span: declarator.name.span,
    attributes: noAttributes,
    type: unknownType,
    value: null,
  };
  const entry = addName(to, declarator.name, { kind: "constant", symbol });
  const place = { scope: to.scope, order: entry.order };
  to.context.constants.push(symbol);
  to.context.pending.set(symbol, () =>
    fillConstant(to.context, place, node, declarator, symbol, entry),
  );
}

function declareInterface(
  to: Declarer,
  node: Item & { $type: "Interface" | "Dispinterface" },
): void {
  const symbol: Draft<InterfaceSymbol> = {
    kind: "interface",
    name: node.name.name,
    span: node.name.span,
    attributes: noAttributes,
    form: node.$type === "Interface" ? "rpc" : "dispinterface",
    uuid: null,
    version: { major: 0, minor: 0 },
    base: null,
    pointerDefault: "unique",
    operations: [],
    isRoot: to.scope.origin === "root",
  };
  addName(to, node.name, { kind: "interface", symbol });
  if (node.$type === "Interface") declareItems(to, node.items);
  else {
    for (const { type } of node.properties) declareSpec(to, type, null, []);
    declareItems(to, node.methods);
  }
  const place = hereIn(to);
  to.context.interfaces.push(symbol);
  to.context.pending.set(symbol, () =>
    node.$type === "Interface"
      ? fillInterface(to.context, place, node, symbol)
      : fillDispinterface(to.context, place, node, symbol),
  );
}

/** Turns types and declarators as written into resolved types, and names in constants into values. */
import type { ArrayPart, DeclaratorPart, NameExpr, NamedTypeSpec, TypeSpec } from "../ast.ts";
import {
  arrayBound,
  circularConstant,
  constantsTooDeep,
  constantType,
  declaratorTooLong,
  notAType,
  sizeofUnknown,
  tagWithoutKeyword,
  undefinedInHeader,
  undefinedInterface,
  undefinedName,
  undefinedType,
  usedBeforeDeclared,
  wrongTagKind,
} from "../catalogue/semantics.ts";
import type { ArrayBound, InterfaceSymbol, Type } from "../program.ts";
import type { Span } from "../span.ts";
import { type BaseTypeFacts, baseTypes } from "./base-types.ts";
import {
  complete,
  type Context,
  deepestForcing,
  deepestNesting,
  noAttributes,
  type Place,
  printSpec,
  isUnknown,
  missingInHeader,
  unknownType,
} from "./context.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type ConstantNames, describe, evaluate, type Value } from "./evaluate.ts";
import { integer } from "./integer.ts";
import { memoryLayout } from "./layout.ts";
import {
  type Entry,
  findAnnounced,
  findName,
  findTag,
  type TagSymbol,
  visibleNames,
} from "./scope.ts";

/** What a type specifier means. Complains and gives `unknownType` where it means nothing. */
export function resolveSpec(context: Context, place: Place, spec: TypeSpec): Type {
  switch (spec.$type) {
    case "BaseType":
      return { kind: "base", name: spec.name };
    case "NamedType":
      return resolveNamed(context, place, spec);
    case "Struct":
    case "Union":
    case "Enum": {
      const defined = context.definitions.get(spec);
      if (defined) return tagType(defined);
      const tag = spec.tag ? findTag(place.scope, spec.tag.name) : undefined;
      if (!tag || !spec.tag) return unknownType;
      const wanted = spec.$type.toLowerCase();
      if (tag.kind !== wanted) {
        context.report(
          wrongTagKind,
          spec.tag.span,
          { tag: tag.name, wanted: article(wanted), found: article(tag.kind) },
          { related: [{ message: "first declared here", span: tag.span }] },
        );
      }
      return tagType(tag);
    }
    case "Pipe":
      return { kind: "pipe", element: resolveSpec(context, place, spec.element) };
    case "SafeArray": {
      const element = resolveSpec(context, place, spec.element);
      return { kind: "safearray", element: applyParts(context, place, element, spec.parts) };
    }
    case "InterfaceType":
      return (
        interfaceNamed(context, place, spec.name.name) ??
        undefinedAs(context, place, spec.name, undefinedInterface)
      );
  }
}

/** A type with the parts of a declarator around it. */
export function applyParts(
  context: Context,
  place: Place,
  base: Type,
  parts: readonly DeclaratorPart[],
): Type {
  let type = base;
  const tooMuch = parts[deepestNesting];
  if (tooMuch) context.report(declaratorTooLong, tooMuch.span, { limit: deepestNesting });
  for (const part of parts.slice(0, deepestNesting).toReversed()) {
    if (part.$type === "PointerPart") {
      const { attributes } = part;
      type =
        attributes.length === 0
          ? { kind: "pointer", target: type }
          : {
              kind: "pointer",
              target: type,
              attributes: context.pointerAttributes(place, attributes),
            };
    } else if (part.$type === "FunctionPart") type = { kind: "function" };
    else type = { kind: "array", element: type, bound: resolveBound(context, place, part) };
  }
  return type;
}

function resolveBound(context: Context, place: Place, part: ArrayPart): ArrayBound {
  if (!part.bound) return { kind: "open" };
  const high = constantInteger(context, place, part.bound);
  const low = part.low ? constantInteger(context, place, part.low) : null;
  if (high === null) return { kind: "fixed", count: 1 };
  const count = low === null ? high : high - low + 1n;
  if (count < 1n || count > 0x7fffffffn) {
    context.report(arrayBound, part.bound.span, { value: String(count) });
    return { kind: "fixed", count: 1 };
  }
  return { kind: "fixed", count: Number(count), ...(low === null ? {} : { low: Number(low) }) };
}

/** The value of an integer constant expression, or null after saying why there is none. */
export function constantInteger(
  context: Context,
  place: Place,
  expr: Parameters<typeof evaluate>[0],
): bigint | null {
  const value = evaluate(expr, constantNames(context, place));
  if (!value) return null;
  if (value.kind === "integer") return value.value;
  context.report(constantType, expr.span, { found: describe(value), wanted: "an integer" });
  return null;
}

// ---- names of types ----------------------------------------------------------------------------

function tagType(symbol: TagSymbol): Type {
  if (symbol.kind === "struct") return { kind: "struct", symbol };
  return symbol.kind === "union" ? { kind: "union", symbol } : { kind: "enum", symbol };
}

function resolveNamed(context: Context, place: Place, spec: NamedTypeSpec): Type {
  const { name, span } = spec.name;
  const entry = findName(place.scope, name);
  if (entry?.meaning.kind === "typedef") {
    checkOrder(context, place, entry, span);
    return { kind: "typedef", symbol: entry.meaning.symbol };
  }
  const found = interfaceNamed(context, place, name);
  if (found) {
    if (entry && !findAnnounced(place.scope, name)) checkOrder(context, place, entry, span);
    return found;
  }
  if (entry) {
    context.report(
      notAType,
      span,
      { name, found: article(entry.meaning.kind) },
      { related: [{ message: "declared here", span: entry.span }] },
    );
    return unknownType;
  }
  const tag = findTag(place.scope, name);
  if (tag?.isComplete) {
    context.report(tagWithoutKeyword, span, { tag: name, keyword: tag.kind });
    return tagType(tag);
  }
  return undefinedAs(context, place, spec.name, undefinedType);
}

function undefinedAs(
  context: Context,
  place: Place,
  { name, span }: { readonly name: string; readonly span: Span },
  rule: typeof undefinedType,
): Type {
  const isHeader = rule === undefinedType && /\.h$/i.test(span.file);
  const key = `${place.scope.path} ${isHeader ? span.file : ""} ${name}`;
  if (!context.reportedNames.has(key)) {
    context.reportedNames.add(key);
    const hint = didYouMean(context, name, visibleNames(place.scope));
    context.report(isHeader ? undefinedInHeader : rule, span, { name }, hint);
  }
  return isHeader ? missingInHeader : unknownType;
}

function checkOrder(context: Context, place: Place, entry: Entry, span: Span): void {
  if (entry.order <= place.order || entry.span.file !== span.file) return;
  context.report(
    usedBeforeDeclared,
    span,
    { name: entry.name },
    { related: [{ message: "declared here", span: entry.span }] },
  );
}

/** The interface of a name: itself, a class's main interface, or one that is only announced. */
function interfaceNamed(context: Context, place: Place, name: string): Type | null {
  const entry = findName(place.scope, name);
  if (entry?.meaning.kind === "interface")
    return { kind: "interface", symbol: entry.meaning.symbol };
  if (entry?.meaning.kind === "coclass") {
    const members = entry.meaning.node.interfaces;
    const main = members.find((m) => m.attributes.some((a) => a.name.name === "default"));
    const of = (main ?? members[0])?.name.name;
    const symbol = of === undefined || of === name ? null : interfaceNamed(context, place, of);
    return symbol ?? { kind: "interface", symbol: announcedInterface(context, name, entry.span) };
  }
  if (entry) return null;
  const announced = findAnnounced(place.scope, name);
  return announced
    ? { kind: "interface", symbol: announcedInterface(context, name, announced.span) }
    : null;
}

function announcedInterface(context: Context, name: string, span: Span): InterfaceSymbol {
  const known = context.announced.get(name);
  if (known) return known;
  const symbol: InterfaceSymbol = {
    kind: "interface",
    name,
    span,
    attributes: noAttributes,
    form: "object",
    uuid: null,
    version: { major: 0, minor: 0 },
    base: null,
    pointerDefault: "unique",
    operations: [],
    isRoot: false,
  };
  context.announced.set(name, symbol);
  return symbol;
}

/** "a structure", "an interface": what a name is, for messages. */
function article(kind: string): string {
  const noun = { struct: "structure", enum: "enumeration", typedef: "type" }[kind] ?? kind;
  return `${/^[aeiou]/.test(noun) && !noun.startsWith("uni") ? "an" : "a"} ${noun}`;
}

// ---- names in constant expressions -------------------------------------------------------------

const wellKnown: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["TRUE", integer(1n)],
  ["FALSE", integer(0n)],
  ["true", integer(1n)],
  ["false", integer(0n)],
  ["NULL", { kind: "null" }],
]);

/** Constants as seen from a place. */
export function constantNames(context: Context, place: Place): ConstantNames {
  const { report } = context;
  return {
    report,
    valueOf: (expr) => valueOfName(context, place, expr),
    sizeOf(spec, parts, span) {
      const type = applyParts(context, place, resolveSpec(context, place, spec), parts);
      if (isUnknown(type)) return null;
      const layout = memoryLayout(context, type);
      if (typeof layout !== "string") return BigInt(layout.size);
      const suffix = parts.map(({ $type }) => ($type === "PointerPart" ? " *" : "[]")).join("");
      report(sizeofUnknown, span, { type: printSpec(spec) + suffix, reason: layout });
      return null;
    },
    isType: (name) => findName(place.scope, name)?.meaning.kind === "typedef",
    castTo(spec, parts) {
      if (parts.length > 0) return undefined;
      return scalarFacts(context, resolveSpec(context, place, spec));
    },
  };
}

/** What is known of a scalar behind its typedefs. */
export function scalarFacts(context: Context, type: Type): BaseTypeFacts | undefined {
  const bare = withoutTypedefs(context, type);
  if (bare.kind === "enum") return baseTypes.long;
  return bare.kind === "base" ? baseTypes[bare.name] : undefined;
}

/** The type behind its typedefs. */
export function withoutTypedefs(context: Context, type: Type): Type {
  let bare = type;
  const seen = new Set<object>();
  while (bare.kind === "typedef") {
    if (seen.has(bare.symbol) || seen.size > deepestNesting) return unknownType;
    seen.add(bare.symbol);
    complete(context, bare.symbol);
    bare = bare.symbol.type;
  }
  return bare;
}

function valueOfName(context: Context, place: Place, expr: NameExpr): Value | null {
  const entry = findName(place.scope, expr.name);
  const kind = entry?.meaning.kind;
  if (!entry || (kind !== "constant" && kind !== "enumerator")) {
    const known = wellKnown.get(expr.name);
    if (known) return known;
    const key = `${place.scope.path} ${expr.name}`;
    if (!context.reportedNames.has(key)) {
      context.reportedNames.add(key);
      const hint = didYouMean(context, expr.name, visibleNames(place.scope));
      context.report(undefinedName, expr.span, { name: expr.name }, hint);
    }
    return null;
  }
  if (!context.values.has(entry) && "symbol" in entry.meaning) {
    complete(context, entry.meaning.symbol);
  }
  const value = context.values.get(entry);
  if (value !== undefined) return value;
  if (context.depth.now >= deepestForcing) {
    context.report(constantsTooDeep, expr.span, { name: expr.name, limit: deepestForcing });
  } else {
    context.report(circularConstant, expr.span, { name: expr.name });
  }
  context.values.set(entry, null);
  return null;
}

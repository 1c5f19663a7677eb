/** Types of Samba's dialect as types of this one, with what has no counterpart. */
import type {
  ArrayPart,
  Attribute,
  BaseTypeName,
  Declarator,
  FieldDecl,
  StructSpec,
  TypeSpec,
  UnionArm,
  UnionSpec,
} from "../ast.ts";
import type { Span } from "../span.ts";
import { has, mapAttributes, textIn } from "./attributes.ts";
import { PIDL_UNMAPPED } from "./prelude.ts";

/** Something without a form in the wire plan. */
export interface Unmapped {
  readonly what: string;
  readonly span: Span;
}

/** What a declaration is made of. */
export interface Findings {
  readonly unmapped: Unmapped[];
  /** Names of the types in it. */
  readonly uses: Set<string>;
}

export function noFindings(): Findings {
  return { unmapped: [], uses: new Set() };
}

interface Member {
  readonly attributes: readonly Attribute[];
  readonly type: TypeSpec;
}

/** A member's attributes and type. */
export function mapMember<T extends Member>(member: T, found: Findings): T {
  const { kept, unmapped } = mapAttributes(member.attributes);
  for (const attribute of unmapped) {
    found.unmapped.push({ what: `[${attribute.name.name}]`, span: attribute.span });
  }
  for (const { name, args = [], span } of kept) {
    if (args.some(({ $type }) => $type === "Raw") && name.name !== "uuid")
      found.unmapped.push({ what: `a function in [${name.name}]`, span });
  }
  return { ...member, attributes: kept, type: mapType(withCharset(member), found) };
}

/** `[charset(UTF16)] uint16` are characters, and so are octets in any other set. */
function withCharset({ attributes, type }: Member): TypeSpec {
  if (!has(attributes, "charset") || type.$type !== "NamedType") return type;
  const isWide = /^(?:UTF16|CH_UTF16|UTF16LE|CH_UTF16LE|CH_UTF16MUNGED)$/.test(
    textIn(attributes, "charset"),
  );
  const wanted = isWide ? "uint16" : "uint8";
  if (type.name.name !== wanted) return type;
  return base(isWide ? "wchar_t" : "char", type.span);
}

export function base(name: BaseTypeName, span: Span): TypeSpec {
  return { $type: "BaseType", span, name, isConst: false };
}

/** A structure, union or enumeration that is used by its tag is a name as any other. */
export function mapType(type: TypeSpec, found: Findings): TypeSpec {
  switch (type.$type) {
    case "NamedType":
      found.uses.add(type.name.name);
      if (PIDL_UNMAPPED.has(type.name.name))
        found.unmapped.push({ what: `\`${type.name.name}\``, span: type.span });
      return type;
    case "Struct":
      return type.fields === undefined ? byName(type, found) : mapStruct(type, found);
    case "Union":
      return type.arms === undefined ? byName(type, found) : mapUnion(type, found);
    case "Enum":
      if (type.members === undefined) return byName(type, found);
      return { ...type, attributes: mapAttributes(type.attributes).kept };
    case "Pipe":
      return { ...type, element: mapType(type.element, found) };
    case "BaseType":
      return type.name === "char" ? base("unsigned char", type.span) : type;
    default:
      return type;
  }
}

function byName(
  type: Extract<TypeSpec, { $type: "Struct" | "Union" | "Enum" }>,
  found: Findings,
): TypeSpec {
  if (type.tag === undefined) return type;
  found.uses.add(type.tag.name);
  return { $type: "NamedType", span: type.span, name: type.tag, isConst: false };
}

function mapStruct(type: StructSpec, found: Findings): StructSpec {
  const fields = (type.fields ?? [])
    .filter(({ attributes }) => !has(attributes, "skip") && !has(attributes, "skip_noinit"))
    .map((field): FieldDecl => mapField(field, found));
  return { ...type, attributes: ownAttributes(type.attributes, found), fields };
}

/** Without `switch_type` the discriminant has 32 bits. */
function mapUnion(type: UnionSpec, found: Findings): UnionSpec {
  const taken = new Map<string, number>();
  const arms = (type.arms ?? []).map((arm): UnionArm => {
    if (arm.field === undefined) return arm;
    const field = mapField(arm.field, found);
    const declarators = field.declarators.map((declarator) => numbered(declarator, taken));
    return { ...arm, field: { ...field, declarators } };
  });
  return { ...type, attributes: ownAttributes(type.attributes, found), arms };
}

/** Arms may have one name here: the second is `name_2`. */
function numbered(declarator: Declarator, taken: Map<string, number>): Declarator {
  if (declarator.name === undefined) return declarator;
  const { name, span } = declarator.name;
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  return count === 1 ? declarator : { ...declarator, name: { name: `${name}_${count}`, span } };
}

/** Attributes of a structure or union itself. */
export function ownAttributes(
  written: readonly Attribute[],
  found: Findings,
): readonly Attribute[] {
  const { kept, unmapped } = mapAttributes(written);
  for (const attribute of unmapped) {
    found.unmapped.push({ what: `[${attribute.name.name}]`, span: attribute.span });
  }
  return kept;
}

function mapField(field: FieldDecl, found: Findings): FieldDecl {
  for (const declarator of field.declarators) findInline(field.attributes, declarator, found);
  const mapped = mapMember(field, found);
  const attributes = mapped.attributes.filter(
    ({ name }) => name.name !== "in" && name.name !== "out",
  );
  return { ...mapped, attributes };
}

/** An array whose size is a field, without the count that `size_is` brings. */
export function findInline(
  attributes: readonly Attribute[],
  { parts, span }: Declarator,
  found: Findings,
): void {
  const arrays = parts.filter((part): part is ArrayPart => part.$type === "ArrayPart");
  const isInline = arrays.some(({ bound }) => bound !== undefined && bound.$type !== "Integer");
  if (isInline && !has(attributes, "size_is"))
    found.unmapped.push({ what: "an array without a count of its own", span });
}

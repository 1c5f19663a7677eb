/** Structures, unions and enumerations as named types of the plan. */
import type { EnumSymbol, FieldSymbol, StructSymbol, Type, UnionSymbol } from "@msrpc/idl";
import * as rules from "../catalogue/rules.ts";
import type {
  ArmPlan,
  EnumPlan,
  Expr,
  FieldPlan,
  NamedType,
  PrimitiveType,
  UnionPlan,
  WireType,
} from "../plan.ts";
import {
  type Draft,
  type Lowering,
  type Site,
  interfaceOf,
  pointerDefault,
  refuse,
} from "./context.ts";
import { type TagSymbol, tagOf } from "./names.ts";
import { withKnownNames } from "./paths.ts";
import { type Pending, nothingPending, pendingOf } from "./pending.ts";

/** The use of a structure, union or enumeration, which becomes a type of the plan at its first. */
export function useTag(
  lowering: Lowering,
  site: Site,
  symbol: TagSymbol,
  pending: Pending,
): WireType | null {
  if (!symbol.isComplete) {
    const { owner, span } = site;
    return refuse(lowering, rules.incompleteType, span, { owner, name: symbol.name });
  }
  if (pending.isString) {
    return refuse(lowering, rules.stringElement, site.span, { owner: site.owner });
  }
  const name = lowering.names.of(symbol);
  if (!lowering.drafts.has(name)) {
    // Taken before the members are looked at: they may point back to it.
    lowering.drafts.set(name, null);
    lowering.spans.set(name, symbol.span);
    const switchType = typeOfSwitch(pending.switchIs, site.siblings);
    draftNowOrLater(lowering, symbol, name, switchType);
  }
  if (symbol.kind === "union" && !symbol.discriminant) {
    if (pending.switchIs) return { kind: "union", name, switchIs: pending.switchIs };
    const { owner, span } = site;
    return refuse(lowering, rules.unionWithoutSwitch, span, { owner, name });
  }
  const range = symbol.kind === "enum" ? pending.range : null;
  return { kind: "named", name, ...(range ? { range } : {}) };
}

/** Lists joined by pointers may be longer than the stack is deep. */
const deepestDrafting = 64;

function draftNowOrLater(
  lowering: Lowering,
  symbol: TagSymbol,
  name: string,
  switchType: Type | null,
): void {
  const { severity } = lowering;
  const work = (): void => {
    lowering.severity = severity;
    lowering.depth++;
    lowering.drafts.set(name, draft(lowering, symbol, name, switchType));
    lowering.depth--;
  };
  // The kind of an enumeration is asked for at once.
  if (lowering.depth < deepestDrafting || symbol.kind === "enum") work();
  else lowering.postponed.push(work);
}

/** Drafts the types that were put off. */
export function lowerPostponed(lowering: Lowering): void {
  for (let work = lowering.postponed.pop(); work; work = lowering.postponed.pop()) work();
}

/** The type of what switch_is names, which is that of the discriminant where the union says none. */
function typeOfSwitch(expr: Expr | null, siblings: Site["siblings"]): Type | null {
  switch (expr?.op) {
    case "field": {
      const [name, ...rest] = expr.path;
      const type = siblings.find((sibling) => sibling.name === name)?.type;
      if (!type) return null;
      const tag = tagOf(behindPointers(type));
      return rest.length === 0
        ? behindPointers(type)
        : typeOfSwitch({ ...expr, path: rest }, tag?.kind === "struct" ? tag.fields : []);
    }
    case "deref":
    case "unary":
      return typeOfSwitch(expr.of, siblings);
    case "binary":
      return typeOfSwitch(expr.left, siblings) ?? typeOfSwitch(expr.right, siblings);
    default:
      return null;
  }
}

function behindPointers(type: Type): Type {
  if (type.kind === "pointer") return behindPointers(type.target);
  const inner = type.kind === "typedef" ? behindPointers(type.symbol.type) : type;
  // A typedef of a plain type is kept: its attributes may matter.
  return type.kind === "typedef" && inner === type.symbol.type ? type : inner;
}

function draft(
  lowering: Lowering,
  symbol: TagSymbol,
  name: string,
  switchType: Type | null,
): Draft | null {
  const base = {
    name,
    isImported: !lowering.program.roots.includes(symbol.span.file),
    place: lowering.place(symbol.span),
    aliases: lowering.names.aliases(symbol),
  };
  switch (symbol.kind) {
    case "struct": {
      const fields = allOf(symbol.fields.map((field) => lowerField(lowering, symbol, field)));
      return fields && { kind: "struct", ...base, fields };
    }
    case "union": {
      const parts = lowerUnion(lowering, symbol, name, switchType);
      return parts && { kind: "union", ...base, ...parts };
    }
    case "enum":
      return { kind: "enum", ...base, ...lowerEnum(lowering, symbol) };
  }
}

function lowerField(
  lowering: Lowering,
  symbol: StructSymbol | UnionSymbol,
  field: FieldSymbol,
): FieldPlan | null {
  const site: Site = {
    owner: `Field \`${field.name}\` of \`${symbol.name}\``,
    span: field.span,
    pointerDefault: defaultIn(lowering, symbol),
    siblings: symbol.kind === "struct" ? symbol.fields : [],
  };
  if (field.bits !== undefined) {
    return refuse(lowering, rules.bitField, field.span, { owner: site.owner });
  }
  const used = lowering.use(site, field.type, pendingOf(field.attributes), "member");
  const type = withKnownNames(lowering, site, used);
  return type && { name: field.name, type, place: lowering.place(field.span) };
}

function defaultIn(lowering: Lowering, symbol: TagSymbol): Site["pointerDefault"] {
  const owner = interfaceOf(lowering, symbol);
  return owner ? pointerDefault(owner) : "unique";
}

type UnionParts = Pick<UnionPlan, "encapsulated" | "switchType" | "arms" | "isMsUnion">;

function lowerUnion(
  lowering: Lowering,
  symbol: UnionSymbol,
  name: string,
  fromUse: Type | null,
): UnionParts | null {
  const { discriminant } = symbol;
  const typedefs = lowering.names.typedefs(symbol);
  const fromTypedef = typedefs.map((each) => each.attributes.get("switch_type")?.args[0]);
  const typeArg = fromTypedef.find((arg) => arg?.kind === "type");
  const type =
    discriminant?.type ??
    symbol.switchType ??
    (typeArg?.kind === "type" ? typeArg.type : null) ??
    fromUse;
  if (!type) return refuse(lowering, rules.unionWithoutType, symbol.span, { name });
  const site: Site = {
    owner: `The discriminant of \`${name}\``,
    span: symbol.span,
    pointerDefault: "unique",
    siblings: [],
  };
  const switchType = lowering.use(site, type, nothingPending, "member");
  if (!switchType) return null;
  if (!isDiscriminant(lowering, switchType)) {
    return refuse(lowering, rules.switchTypeKind, symbol.span, { name });
  }
  // Values of an enumeration are signed, however its labels are written.
  const isEnum = switchType.kind === "named";
  const arms = allOf(
    symbol.arms.map((arm): ArmPlan | null => {
      const field = arm.field && lowerField(lowering, symbol, arm.field);
      if (arm.field && !field) return null;
      const labels = arm.labels.map((label) => String(isEnum ? BigInt.asIntN(32, label) : label));
      return { labels, isDefault: arm.isDefault, field };
    }),
  );
  if (!arms) return null;
  const isMsUnion =
    symbol.attributes.has("ms_union") ||
    typedefs.some((typedef) => typedef.attributes.has("ms_union")) ||
    (interfaceOf(lowering, symbol)?.attributes.has("ms_union") ?? false);
  return {
    encapsulated: discriminant && {
      discriminant: discriminant.name,
      union: discriminant.unionName,
    },
    switchType,
    arms,
    // Encapsulated unions take no notice of it ([MS-RPCE] 2.2.4.5).
    isMsUnion: isMsUnion && !discriminant,
  };
}

function isDiscriminant(lowering: Lowering, type: WireType): type is PrimitiveType | NamedType {
  if (type.kind === "primitive") return type.name !== "f32" && type.name !== "f64";
  return type.kind === "named" && lowering.drafts.get(type.name)?.kind === "enum";
}

function lowerEnum(lowering: Lowering, symbol: EnumSymbol): Pick<EnumPlan, "isV1" | "members"> {
  const isV1 =
    symbol.attributes.has("v1_enum") ||
    lowering.names.typedefs(symbol).some((typedef) => typedef.attributes.has("v1_enum"));
  return { isV1, members: symbol.members.map(({ name, value }) => ({ name, value })) };
}

/** The list without its nulls, or null where there is one. */
export function allOf<T>(items: readonly (T | null)[]): T[] | null {
  const found = items.filter((item) => item !== null);
  return found.length === items.length ? found : null;
}

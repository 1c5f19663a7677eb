/**
 * Samba's dialect of IDL (pidl) in terms of Microsoft's.
 *
 * What pidl adds is for formats that are not NDR, and for its own C code. What only speaks of C is dropped; what
 * changes octets in a way that the wire plan doesn't know takes the operations that send it along: these keep their
 * opnum and are absent.
 */
import type {
  Attribute,
  ConstDecl,
  EnumSpec,
  Identifier,
  Item,
  OperationDecl,
  ParamDecl,
  TypeDecl,
  TypedefDecl,
  TypeSpec,
} from "../ast.ts";
import { pidlOperationLeftOut, pidlUnmapped } from "../catalogue/syntax.ts";
import type { CheckInput } from "../check/index.ts";
import type { Span } from "../span.ts";
import { report, type Session } from "../text/session.ts";
import { has, mapAttributes } from "./attributes.ts";
import { PIDL_OWN } from "./prelude.ts";
import {
  base,
  type Findings,
  findInline,
  mapMember,
  mapType,
  noFindings,
  ownAttributes,
  type Unmapped,
} from "./types.ts";

/** The trees of all files in the other dialect. What has no counterpart is reported where a file given says it. */
export function lowerPidl(session: Session, inputs: readonly CheckInput[]): CheckInput[] {
  const types = new Map<string, Findings>();
  const operations = new Map<OperationDecl, { was: OperationDecl; found: Findings }>();
  const lowering: Lowering = { constants: new Set(), types, operations };
  const lowered = inputs.map((input) => {
    if (input.origin === "prelude") return input;
    const items = input.file.items.flatMap((item) => lowerItem(lowering, item));
    return { ...input, file: { ...input.file, items } };
  });
  for (const input of lowered) {
    if (input.origin === "root") reportTypes(session, lowering, input.file.items);
  }
  const reasons = reasonsOf(types);
  return lowered.map((input) => {
    if (input.origin === "prelude") return input;
    const items = keep(session, lowering, reasons, input, input.file.items);
    return { ...input, file: { ...input.file, items } };
  });
}

interface Lowering {
  /** By file and name. */
  readonly constants: Set<string>;
  /** By name. */
  readonly types: Map<string, Findings>;
  readonly operations: Map<OperationDecl, { was: OperationDecl; found: Findings }>;
}

function lowerItem(lowering: Lowering, item: Item): Item[] {
  switch (item.$type) {
    case "Interface": {
      const items = item.items.flatMap((each) => lowerItem(lowering, each));
      const attributes = mapAttributes(item.attributes).kept;
      // What only gathers types may have the name of one, and nobody binds to what has no UUID.
      const types = items.filter(({ $type }) => $type !== "Operation");
      const isBound = types.length < items.length && has(attributes, "uuid");
      return isBound ? [{ ...item, attributes, items }] : types;
    }
    case "Typedef":
      return lowerTypedef(lowering, item);
    case "TypeDecl":
      return lowerTypeDecl(lowering, item);
    case "Operation":
      return has(item.attributes, "noopnum") ? [] : [lowerOperation(lowering, item)];
    case "Const":
      if (item.type.$type === "NamedType" && item.type.name.name === "string") return [];
      // A constant of any type is what its value says: `const short X = 0x8000`.
      return once(lowering, { ...item, attributes: [], type: base("hyper", item.type.span) });
    default:
      return [item];
  }
}

/** Constants may be declared again, in a list of bits for instance. */
function once({ constants }: Lowering, item: ConstDecl): Item[] {
  const declarators = item.declarators.filter(({ name }) => {
    const key = `${item.span.file} ${name?.name ?? ""}`;
    if (constants.has(key)) return false;
    constants.add(key);
    return true;
  });
  return declarators.length === 0 ? [] : [{ ...item, declarators }];
}

/** `struct X { ... };` declares the type X as `typedef struct { ... } X;` does. */
function lowerTypeDecl(lowering: Lowering, item: TypeDecl): Item[] {
  const { type } = item;
  const isTag = type.$type === "Struct" || type.$type === "Union" || type.$type === "Enum";
  if (!isTag || type.tag === undefined || !hasBody(type)) return [];
  return lowerTypedef(lowering, typedefOf(item.span, item.attributes, type, type.tag));
}

function typedefOf(
  span: Span,
  attributes: readonly Attribute[],
  type: TypeSpec,
  name: Identifier,
): TypedefDecl {
  const declarator = { $type: "Declarator", span: name.span, name, parts: [] } as const;
  return { $type: "Typedef", span, attributes, type, declarators: [declarator] };
}

function hasBody(type: TypeSpec): boolean {
  return (
    (type.$type === "Struct" && type.fields !== undefined) ||
    (type.$type === "Union" && type.arms !== undefined) ||
    (type.$type === "Enum" && type.members !== undefined)
  );
}

function lowerTypedef(lowering: Lowering, item: TypedefDecl): Item[] {
  const found = noFindings();
  const names = item.declarators.flatMap(({ name }) => (name === undefined ? [] : [name]));
  // `typedef bitmap X X;` says that there is one, elsewhere.
  const tag = "tag" in item.type && !hasBody(item.type) ? item.type.tag?.name : undefined;
  if (tag !== undefined && names.every(({ name }) => name === tag)) return [];
  if (names.every(({ name }) => PIDL_OWN.has(name)) && names.length > 0) return [];
  const all =
    "attributes" in item.type ? [...item.attributes, ...item.type.attributes] : item.attributes;
  for (const { name } of names) lowering.types.set(name, found);
  if (item.type.$type === "Enum" && item.type.members !== undefined) {
    const width = widthOf(item.type, all);
    if (width !== null) return asInteger(lowering, item, item.type, width);
  }
  for (const declarator of item.declarators) findInline(all, declarator, found);
  const attributes = ownAttributes(item.attributes, found);
  const type = mapType(item.type, found);
  if (type.$type !== "Union" || type.arms === undefined || has(all, "switch_type"))
    return [{ ...item, attributes, type }];
  return [{ ...item, attributes: [...attributes, switchType(type.span)], type }];
}

/** Unions without `switch_type` have a discriminant of 32 bits. */
function switchType(span: Span): Attribute {
  const declarator = { $type: "Declarator", span, parts: [] } as const;
  const argument = {
    $type: "TypeArg",
    span,
    type: base("unsigned long", span),
    declarator,
  } as const;
  return { $type: "Attribute", span, name: { name: "switch_type", span }, args: [argument] };
}

type Width = "unsigned small" | "unsigned short" | "unsigned long" | "unsigned hyper";

/** The integer that an enumeration is sent as, where it isn't one of NDR; of bits, always. */
function widthOf(type: EnumSpec, attributes: readonly Attribute[]): Width | null {
  if (has(attributes, "enum8bit") || has(attributes, "bitmap8bit")) return "unsigned small";
  if (has(attributes, "enum16bit") || has(attributes, "bitmap16bit")) return "unsigned short";
  if (has(attributes, "bitmap64bit")) return "unsigned hyper";
  return has(type.attributes, "bitmap") ? "unsigned long" : null;
}

/** Constants, and an integer under the name of the type. */
function asInteger(lowering: Lowering, item: TypedefDecl, type: EnumSpec, width: Width): Item[] {
  const { span } = item;
  const constants: Item[] = [];
  let last: Identifier | null = null;
  for (const { name, value } of type.members ?? []) {
    const declarator = { $type: "Declarator", span: name.span, name, parts: [] } as const;
    const declarators = [{ ...declarator, value: value ?? following(last, name.span) }];
    const type = base(width, span);
    constants.push(...once(lowering, { $type: "Const", span, attributes: [], type, declarators }));
    last = name;
  }
  return [...constants, { ...item, attributes: [], type: base(width, span) }];
}

/** The value of a member that states none. */
function following(last: Identifier | null, span: Span): OperandOf {
  if (last === null) return { $type: "Integer", span, value: 0n, suffix: "" };
  const left = { $type: "Name", span, name: last.name } as const;
  const right = { $type: "Integer", span, value: 1n, suffix: "" } as const;
  return { $type: "Binary", span, op: "+", left, right };
}

type OperandOf = NonNullable<NonNullable<EnumSpec["members"]>[number]["value"]>;

function lowerOperation(lowering: Lowering, item: OperationDecl): OperationDecl {
  const found = noFindings();
  const params = item.params.map((param) => {
    findInline(param.attributes, param.declarator, found);
    findAnswer(param, found);
    return mapMember(param, found);
  });
  const attributes = ownAttributes(item.attributes, found);
  const made = { ...item, attributes, type: mapType(item.type, found), params };
  lowering.operations.set(made, { was: item, found });
  return made;
}

/** An answer is what a reference pointer points at, or an array. */
function findAnswer({ attributes, declarator, span }: ParamDecl, found: Findings): void {
  if (!has(attributes, "out")) return;
  const isNullable =
    !has(attributes, "in") && (has(attributes, "unique") || has(attributes, "ptr"));
  if (declarator.parts.length === 0 || isNullable)
    found.unmapped.push({ what: "an [out] parameter that is no [ref] pointer", span });
}

/** What keeps each type from being planned: its own, or that of a type in it. */
function reasonsOf(types: ReadonlyMap<string, Findings>): Map<string, Unmapped> {
  const reasons = new Map<string, Unmapped>();
  const users = new Map<string, string[]>();
  const queue: string[] = [];
  for (const [name, { unmapped, uses }] of types) {
    for (const used of uses) {
      const known = users.get(used);
      if (known === undefined) users.set(used, [name]);
      else known.push(name);
    }
    const [first] = unmapped;
    if (first === undefined) continue;
    reasons.set(name, first);
    queue.push(name);
  }
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const user of users.get(name) ?? []) {
      if (reasons.has(user)) continue;
      reasons.set(user, reasons.get(name)!);
      queue.push(user);
    }
  }
  return reasons;
}

function reportTypes(session: Session, lowering: Lowering, items: readonly Item[]): void {
  for (const item of items) {
    if (item.$type === "Interface") reportTypes(session, lowering, item.items);
    const names = item.$type === "Typedef" ? item.declarators : [];
    const findings = new Set(names.map(({ name }) => lowering.types.get(name?.name ?? "")));
    if (item.$type === "Operation") findings.add(lowering.operations.get(item)?.found);
    for (const found of findings)
      for (const { what, span } of found?.unmapped ?? [])
        report(session, pidlUnmapped, span, { what });
  }
}

/** Without the types that can't be sent, and with operations of them as absent ones. */
function keep(
  session: Session,
  lowering: Lowering,
  reasons: ReadonlyMap<string, Unmapped>,
  input: CheckInput,
  items: readonly Item[],
): Item[] {
  return items.flatMap((item): Item[] => {
    if (item.$type === "Interface")
      return [{ ...item, items: keep(session, lowering, reasons, input, item.items) }];
    if (item.$type === "Typedef")
      return item.declarators.some(({ name }) => reasons.has(name?.name ?? "")) ? [] : [item];
    if (item.$type !== "Operation") return [item];
    const { found } = lowering.operations.get(item)!;
    const used = [...found.uses].map((name) => reasons.get(name)).find((one) => one !== undefined);
    const reason = found.unmapped[0] ?? used;
    if (reason === undefined) return [item];
    if (input.origin === "root") {
      const name = item.declarator.name;
      report(session, pidlOperationLeftOut, name?.span ?? item.span, {
        name: name?.name ?? "",
        what: reason.what,
      });
    }
    return [absent(item)];
  });
}

/** Holds its opnum, as operations with names like this do. */
function absent(item: OperationDecl): OperationDecl {
  const { span, declarator } = item;
  const name = `${declarator.name?.name ?? ""}_OpnumNotUsedOnWire`;
  const { parts: _, ...rest } = declarator;
  return {
    ...item,
    attributes: [],
    type: base("void", span),
    params: [],
    declarator: { ...rest, parts: [], name: { name, span: declarator.name?.span ?? span } },
  };
}

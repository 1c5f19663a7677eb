/** Puts the attributes of an ACF on the declarations that it names. */
import type {
  Attribute,
  Declarator,
  Identifier,
  IdlFile,
  InterfaceDecl,
  Item,
  OperationDecl,
  ParamDecl,
  TypedefDecl,
  TypeSpec,
} from "../ast.ts";
import { acfNameNotFound } from "../catalogue/syntax.ts";
import { report, type Session } from "../text/session.ts";
import type { AcfFile, AcfInterface, AcfOperation, AcfTypedef } from "./tree.ts";

/** The file as if the attributes stood in it. What the ACF names and the file lacks is reported. */
export function applyAcf(session: Session, file: IdlFile, acf: AcfFile): IdlFile {
  const unused = new Map(acf.interfaces.map((each) => [each.name.name, each]));
  const items = file.items.map((item) => {
    if (item.$type !== "Interface") return item;
    const given = unused.get(item.name.name);
    if (given === undefined) return item;
    unused.delete(item.name.name);
    return configureInterface(session, item, given);
  });
  for (const { name } of unused.values()) missing(session, name, "Interface", file.path);
  return { ...file, items };
}

function configureInterface(
  session: Session,
  declared: InterfaceDecl,
  { attributes, name, items }: AcfInterface,
): InterfaceDecl {
  const typedefs = new Map<string, AcfTypedef>();
  const operations = new Map<string, AcfOperation>();
  const unused = new Map<string, Identifier>();
  for (const item of items) {
    if (item.$type === "AcfTypedef") {
      for (const each of item.names) {
        typedefs.set(each.name, item);
        unused.set(each.name, each);
      }
    } else if (item.$type === "AcfOperation") {
      operations.set(item.name.name, item);
      unused.set(item.name.name, item.name);
    }
  }
  const configured: Item[] = [];
  for (const item of declared.items) {
    if (item.$type === "Operation") {
      const given = operations.get(item.declarator.name?.name ?? "");
      if (given !== undefined) unused.delete(given.name.name);
      configured.push(given === undefined ? item : configureOperation(session, item, given));
    } else if (item.$type === "Typedef") {
      for (const part of splitTypedef(item, typedefs, unused)) configured.push(part);
    } else {
      configured.push(item);
    }
  }
  for (const each of unused.values()) {
    const kind = typedefs.has(each.name) ? "Type" : "Operation";
    missing(session, each, kind, `interface ${name.name}`);
  }
  const all = [...declared.attributes, ...attributes];
  return { ...declared, attributes: all, items: configured };
}

function configureOperation(
  session: Session,
  declared: OperationDecl,
  { attributes, name, params }: AcfOperation,
): OperationDecl {
  const given = new Map(params.map((each) => [each.name.name, each]));
  const configured = declared.params.map((param): ParamDecl => {
    const each = given.get(param.declarator.name?.name ?? "");
    if (each === undefined) return param;
    given.delete(each.name.name);
    return { ...param, attributes: [...param.attributes, ...each.attributes] };
  });
  for (const each of given.values()) {
    if (!isStatus(each.attributes)) missing(session, each.name, "Parameter", name.name);
  }
  const all = [...declared.attributes, ...attributes];
  return { ...declared, attributes: all, params: configured };
}

/**
 * One typedef a set of attributes: `typedef long A, *B` where only `A` is given some. A tagless
 * structure can't be named twice, so all its names get the attributes.
 */
function splitTypedef(
  declared: TypedefDecl,
  typedefs: ReadonlyMap<string, AcfTypedef>,
  unused: Map<string, Identifier>,
): TypedefDecl[] {
  const plain: Declarator[] = [];
  const parts: TypedefDecl[] = [];
  for (const declarator of declared.declarators) {
    const name = declarator.name?.name ?? "";
    const given = typedefs.get(name);
    unused.delete(name);
    if (given === undefined) {
      plain.push(declarator);
    } else {
      const attributes = [...declared.attributes, ...given.attributes];
      parts.push({ ...declared, attributes, declarators: [declarator] });
    }
  }
  const first = parts[0];
  if (first === undefined) return [declared];
  if (plain.length > 0) parts.unshift({ ...declared, declarators: plain });
  if (parts.length === 1) return parts;
  const reference = referenceTo(declared.type);
  if (reference === null) return [{ ...first, declarators: declared.declarators }];
  return parts.map((part, index) => (index === 0 ? part : { ...part, type: reference }));
}

/** The type as a later declaration names it: `struct Tag` for one with a body. */
function referenceTo(type: TypeSpec): TypeSpec | null {
  const { $type, span } = type;
  if ($type !== "Struct" && $type !== "Union" && $type !== "Enum") return type;
  return type.tag === undefined ? null : { $type, span, attributes: [], tag: type.tag };
}

/** A status that only the ACF has is a local parameter, not on the wire. */
function isStatus(attributes: readonly Attribute[]): boolean {
  return attributes.some(({ name }) => name.name === "comm_status" || name.name === "fault_status");
}

function missing(session: Session, name: Identifier, kind: string, owner: string): void {
  report(session, acfNameNotFound, name.span, { kind, name: name.name, owner });
}

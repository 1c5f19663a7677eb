/** Whether presentations fit the types that overlays give them to. */
import { diagnose, type Diagnostic } from "@msrpc/idl";
import { expressionsIn, fieldPaths, type WireType } from "@msrpc/wire";
import { countPresented, presentationDoesNotFit } from "../catalogue/rules.ts";
import type { Unit } from "../model/input.ts";
import { isAbsent, operationEntry } from "../model/operation.ts";
import type { RecordModel } from "../model/record.ts";
import type { Registry } from "../model/registry.ts";
import {
  asSent,
  isOctets,
  isPresented,
  isText,
  presentationOf,
  throughSilent,
  typeOf,
} from "../model/wire-types.ts";
import type { BuiltInPresentation } from "./overlay.ts";

export function checkPresentations(registry: Registry): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const add = (diagnostic: Diagnostic): void => {
    if (!found.has(diagnostic.message)) found.set(diagnostic.message, diagnostic);
  };
  const check = (unit: Unit, where: string, path: string[], type: WireType): void => {
    const as = presentationOf(type);
    if (as !== null && typeof as === "string" && !isFit(as, asSent(type), unit, registry)) {
      const what = type.kind === "named" || type.kind === "union" ? type.name : where;
      const span = unit.overlay.locate(path);
      add(diagnose(presentationDoesNotFit, span, { what, as, form: forms[as] ?? "" }));
    }
    if (type.kind === "pointer") check(unit, where, path, type.target);
    if (type.kind === "array" || type.kind === "pipe") check(unit, where, path, type.element);
  };
  const checkRecord = (unit: Unit, owner: string, path: string[], record: RecordModel): void => {
    for (const { wire, type } of record.slots) {
      check(unit, `${owner}.${wire}`, [...path, wire], type);
      for (const [first = "", ...rest] of expressionsIn(type).flatMap(fieldPaths)) {
        const source = record.byWire.get(first);
        if (source === undefined || !leadsThroughPresented(source.type, rest, unit)) continue;
        const name = [first, ...rest].join(".");
        const span = unit.overlay.locate([...path, first]);
        add(diagnose(countPresented, span, { name, owner, user: wire }));
      }
    }
  };
  for (const { plan, unit, record, home } of registry.ownTypes()) {
    if (!("file" in home)) continue;
    const name = plan.aliases[0] ?? plan.name;
    if (record !== null) checkRecord(unit, name, ["types", name, "fields"], record);
    for (const { field } of plan.kind === "union" ? plan.arms : [])
      if (field !== null)
        check(unit, `${name}.${field.name}`, ["types", name, "fields", field.name], field.type);
  }
  for (const entry of registry.interfaces) {
    for (const operation of entry.plan.operations) {
      if (isAbsent(operation, entry)) continue;
      const { request, response } = operationEntry(operation, entry, registry);
      const path = ["interfaces", entry.plan.name, "operations", operation.name, "params"];
      for (const record of [request, response])
        checkRecord(entry.unit, operation.name, path, record);
    }
  }
  return [...found.values()];
}

const counted = "a structure with members `length`, `maximumLength` and `buffer`, of text";

const forms: Readonly<Record<string, string>> = {
  sid: "a structure with members `revision`, `identifierAuthority`, which has a `value`, and `subAuthority`",
  countedString: counted,
  terminatedString: counted,
};

function isFit(as: string, type: WireType, unit: Unit, registry: Registry): boolean {
  if (type.kind !== "named") return false;
  const members = membersOf(type.name, unit, registry);
  switch (as as BuiltInPresentation) {
    case "sid": {
      const [revision, authority, parts, ...others] = members;
      return (
        isMember(revision, "revision", isNumberOf("u8", "char8", "byte")) &&
        isMember(authority, "identifierAuthority", (of) => isAuthority(of, unit, registry)) &&
        isMember(
          parts,
          "subAuthority",
          (of) => of.kind === "array" && isNumberOf("u32")(of.element),
        ) &&
        others.length === 0
      );
    }
    case "countedString":
    case "terminatedString": {
      const [length, maximumLength, buffer, ...others] = members;
      const isBuffer = (of: WireType): boolean =>
        of.kind === "pointer" &&
        of.class !== "ref" &&
        of.target.kind === "array" &&
        isText(of.target);
      return (
        isMember(length, "length", isNumberOf("u16")) &&
        isMember(maximumLength, "maximumLength", isNumberOf("u16")) &&
        isMember(buffer, "buffer", isBuffer) &&
        others.length === 0
      );
    }
  }
}

interface Member {
  readonly name: string;
  readonly type: WireType;
}

function membersOf(name: string, unit: Unit, registry: Registry): Member[] {
  const { record } = registry.entry(unit, name);
  return (record?.slots ?? []).flatMap(({ role, type }) =>
    role.kind === "member" ? [{ name: role.name, type }] : [],
  );
}

function isMember(
  member: Member | undefined,
  name: string,
  isOf: (type: WireType) => boolean,
): boolean {
  return member !== undefined && member.name === name && isOf(member.type);
}

function isNumberOf(...names: readonly string[]): (type: WireType) => boolean {
  return (type) => type.kind === "primitive" && names.includes(type.name) && !isPresented(type);
}

function isAuthority(type: WireType, unit: Unit, registry: Registry): boolean {
  if (type.kind !== "named") return false;
  const [value, ...others] = membersOf(type.name, unit, registry);
  const isSix = (of: WireType): boolean =>
    of.kind === "array" && isOctets(of) && of.dimensions[0]?.size === 6;
  return isMember(value, "value", isSix) && others.length === 0;
}

/** The value at the end of a path of fields, or one on the way, is seen in another form. */
function leadsThroughPresented(type: WireType, path: readonly string[], unit: Unit): boolean {
  let at = throughSilent(type);
  while (at.kind === "pointer" && !isPresented(at)) at = at.target;
  if (isPresented(at)) return true;
  const [name, ...rest] = path;
  const plan = at.kind === "named" ? typeOf(unit.plan.types, at.name) : null;
  const field =
    plan?.kind === "struct" ? plan.fields.find((candidate) => candidate.name === name) : undefined;
  return field !== undefined && leadsThroughPresented(field.type, rest, unit);
}

/** Holds the names in overlays against the plans: one that matches nothing is an error with a suggestion. */
import { diagnose, nearest, type Diagnostic, type DiagnosticRule, type Span } from "@msrpc/idl";
import type { InterfacePlan, OperationPlan, TypePlan, WirePlan, WireType } from "@msrpc/wire";
import {
  notAHandle,
  notAName,
  notAUuid,
  unknownEnum,
  unknownField,
  unknownInterface,
  unknownMemberName,
  unknownOperation,
  unknownParam,
  unknownStatusName,
  unknownStatusPlace,
  unknownType,
} from "../catalogue/rules.ts";
import type { Unit } from "../model/input.ts";
import { isInteger, throughSilent } from "../model/wire-types.ts";
import { asType } from "../names/bindings.ts";
import { own } from "../names/names.ts";
import type { InterfaceOverlay, MemberOverlay, OperationOverlay, TypeOverlay } from "./overlay.ts";

/**
 * A name that a unit doesn't have. In an overlay that several units share, one of them has to; where there is
 * one unit alone, a name of an overlay that its own extends may be meant for others.
 */
interface Miss {
  /** The place in the overlay and what was looked for. */
  readonly key: string;
  /** In the overlay beside the unit's IDL file, not in one that it extends. */
  readonly isOwn: boolean;
  readonly diagnostic: Diagnostic;
}

export function matchOverlays(units: readonly Unit[]): Diagnostic[] {
  const found = units.map((unit) => new Matcher(unit).match());
  const users = new Map<string, number>();
  for (const { tried } of found) for (const key of tried) users.set(key, (users.get(key) ?? 0) + 1);
  const misses = Map.groupBy(
    found.flatMap((unit) => unit.misses),
    ({ key }) => key,
  );
  return [...misses].flatMap(([key, all]) => {
    const isMissedByAll = all.length >= (users.get(key) ?? 0);
    const isCertain = units.length > 1 || all.some(({ isOwn }) => isOwn);
    return isMissedByAll && isCertain ? [all[0]!.diagnostic] : [];
  });
}

class Matcher {
  readonly #unit: Unit;
  readonly #misses: Miss[] = [];
  readonly #tried: string[] = [];
  readonly #enums: readonly string[];
  /** Typedefs that stand for what is sent, with [transmit_as] and its likes. */
  readonly #presented: ReadonlySet<string>;

  constructor(unit: Unit) {
    this.#unit = unit;
    const planned = Object.values(unit.plan.types).filter((type) => type.kind === "enum");
    this.#presented = new Set(usesIn(unit.plan).flatMap(presentedBy));
    this.#enums = [...Object.keys(unit.overlay.overlay.enums ?? {}), ...planned.flatMap(namesOf)];
  }

  match(): { misses: readonly Miss[]; tried: readonly string[] } {
    const { overlay } = this.#unit.overlay;
    const { plan } = this.#unit;
    for (const [name, entry] of Object.entries(overlay.interfaces ?? {})) {
      const path = ["interfaces", name];
      const found = plan.interfaces.find((candidate) => candidate.name === name);
      this.#expect(
        found,
        path,
        unknownInterface,
        { name },
        plan.interfaces.map((one) => one.name),
      );
      if (found !== undefined) this.#matchInterface(found, entry, path);
    }
    const types = Object.values(plan.types);
    for (const [name, entry] of Object.entries(overlay.types ?? {})) {
      const path = ["types", name];
      const found = types.find((type) => namesOf(type).includes(name));
      const presented = this.#presented.has(name) ? name : undefined;
      const candidates = [...types.flatMap(namesOf), ...this.#presented];
      this.#expect(found ?? presented, path, unknownType, { name }, candidates);
      if (found !== undefined) this.#matchType(found, name, entry, path);
    }
    for (const name of Object.keys(overlay.enums ?? {})) {
      const isName = /^[A-Za-z_]\w*$/.test(name) && asType(name) === name;
      this.#expect(isName ? name : undefined, ["enums", name], notAName, { name }, []);
    }
    const members = memberNamesOf(plan);
    for (const name of Object.keys(overlay.naming?.members ?? {})) {
      const isThere = members.has(name) ? name : undefined;
      this.#expect(isThere, ["naming", "members", name], unknownMemberName, { name }, members);
    }
    return { misses: this.#misses, tried: this.#tried };
  }

  #matchInterface(plan: InterfacePlan, overlay: InterfaceOverlay, path: readonly string[]): void {
    const names = plan.operations.map((operation) => operation.name);
    for (const name of overlay.status ?? []) {
      const isThere = plan.operations.some((operation) => statusPlaces(operation).includes(name))
        ? name
        : undefined;
      this.#expect(
        isThere,
        [...path, "status"],
        unknownStatusPlace,
        { name, where: plan.name },
        plan.operations.flatMap(statusPlaces),
      );
    }
    for (const [name, entry] of Object.entries(overlay.operations ?? {})) {
      const at = [...path, "operations", name];
      const found = plan.operations.find((operation) => operation.name === name);
      this.#expect(found, at, unknownOperation, { name, interface: plan.name }, names);
      if (found !== undefined) this.#matchOperation(found, entry, at, names);
    }
  }

  #matchOperation(
    plan: OperationPlan,
    overlay: OperationOverlay,
    path: readonly string[],
    operations: readonly string[],
  ): void {
    const { statuses, statusNames } = this.#unit.overlay;
    const params = [
      ...plan.params.map((param) => param.name),
      ...(plan.result === null ? [] : ["return"]),
    ];
    for (const [name, member] of Object.entries(overlay.params ?? {})) {
      const at = [...path, "params", name];
      this.#expect(
        params.includes(name) ? name : undefined,
        at,
        unknownParam,
        { name, operation: plan.name },
        params,
      );
      this.#matchMember(member, at);
    }
    for (const key of ["errors", "accepts"] as const) {
      for (const name of overlay[key] ?? []) {
        this.#expect(own(statuses, name), [...path, key], unknownStatusName, { name }, statusNames);
      }
    }
    const places = statusPlaces(plan);
    for (const name of overlay.status ?? []) {
      const isThere = places.includes(name) ? name : undefined;
      this.#expect(
        isThere,
        [...path, "status"],
        unknownStatusPlace,
        { name, where: plan.name },
        places,
      );
    }
    if (overlay.closes !== undefined) {
      const given = handlesOf(plan, this.#unit.plan, "in");
      const isThere = given.includes(overlay.closes) ? overlay.closes : undefined;
      this.#expect(isThere, [...path, "closes"], notAHandle, { name: overlay.closes }, given);
    }
    if (overlay.opens === undefined || overlay.opens === false) return;
    const { handle, close } = overlay.opens;
    const handles = handlesOf(plan, this.#unit.plan, "out");
    this.#expect(
      handles.includes(handle) ? handle : undefined,
      [...path, "opens", "handle"],
      notAHandle,
      { name: handle },
      handles,
    );
    const isThere = operations.includes(close) ? close : undefined;
    this.#expect(
      isThere,
      [...path, "opens", "close"],
      unknownOperation,
      { name: close, interface: plan.name },
      operations,
    );
  }

  #matchType(plan: TypePlan, name: string, overlay: TypeOverlay, path: readonly string[]): void {
    const fields = fieldNamesOf(plan);
    for (const [field, member] of Object.entries(overlay.fields ?? {})) {
      const at = [...path, "fields", field];
      this.#expect(
        fields.includes(field) ? field : undefined,
        at,
        unknownField,
        { name: field, type: name },
        fields,
      );
      this.#matchMember(member, at);
    }
    if (overlay.as === "uuid") {
      this.#expect(isLikeUuid(plan) ? name : undefined, [...path, "as"], notAUuid, { name }, []);
    }
    if (overlay.close === undefined) return;
    const at = [...path, "close"];
    this.#expect(plan.kind === "contextHandle" ? name : undefined, at, notAHandle, { name }, []);
    const operations = this.#unit.plan.interfaces.flatMap((entry) =>
      entry.operations.map((operation) => operation.name),
    );
    const isThere = operations.includes(overlay.close) ? overlay.close : undefined;
    const where = this.#unit.plan.interfaces.map((entry) => entry.name).join(", ");
    this.#expect(
      isThere,
      at,
      unknownOperation,
      { name: overlay.close, interface: where },
      operations,
    );
  }

  #matchMember(member: MemberOverlay, path: readonly string[]): void {
    if (member.enum === undefined) return;
    const isThere = this.#enums.includes(member.enum) ? member.enum : undefined;
    this.#expect(isThere, [...path, "enum"], unknownEnum, { name: member.enum }, this.#enums);
  }

  #expect<P extends string>(
    found: unknown,
    path: readonly string[],
    rule: DiagnosticRule<P>,
    params: Readonly<Record<P, string>>,
    candidates: Iterable<string>,
  ): void {
    const span = this.#unit.overlay.locate(path);
    const key = `${rule.code} ${span.file} ${span.start} ${(params as Record<string, string>)["name"]}`;
    this.#tried.push(key);
    if (found !== undefined) return;
    const near = nearest((params as Record<string, string>)["name"] ?? "", candidates);
    const details = near === null ? {} : { hint: `Did you mean \`${near}\`?` };
    const make = diagnose as (
      rule: DiagnosticRule<string>,
      span: Span,
      params: object,
      details: object,
    ) => Diagnostic;
    this.#misses.push({
      key,
      isOwn: span.file === this.#unit.overlay.sources[0]?.path,
      diagnostic: make(rule, span, params, details),
    });
  }
}

function namesOf(type: TypePlan): string[] {
  return [type.name, ...type.aliases];
}

function fieldNamesOf(plan: TypePlan): string[] {
  if (plan.kind === "struct") return plan.fields.map((field) => field.name);
  if (plan.kind === "union")
    return plan.arms.flatMap((arm) => (arm.field === null ? [] : [arm.field.name]));
  return [];
}

function memberNamesOf(plan: WirePlan): Set<string> {
  const params = plan.interfaces.flatMap((entry) =>
    entry.operations.flatMap((operation) => operation.params),
  );
  return new Set([
    ...params.map((param) => param.name),
    ...Object.values(plan.types).flatMap(fieldNamesOf),
  ]);
}

/** Types of all members and parameters. */
function usesIn(plan: WirePlan): WireType[] {
  const operations = plan.interfaces.flatMap((entry) => entry.operations);
  const members = Object.values(plan.types).flatMap((type) => {
    if (type.kind === "struct") return type.fields;
    return type.kind === "union" ? type.arms.flatMap(({ field }) => field ?? []) : [];
  });
  const results = operations.flatMap(({ result }) => result ?? []);
  const typed = [...members, ...operations.flatMap(({ params }) => params)];
  return [...typed.map(({ type }) => type), ...results];
}

function presentedBy(type: WireType): string[] {
  const own = type.presents === undefined ? [] : [type.presents];
  if (type.kind === "pointer") return [...own, ...presentedBy(type.target)];
  return type.kind === "array" || type.kind === "pipe"
    ? [...own, ...presentedBy(type.element)]
    : own;
}

function isIntegerType(type: WireType): boolean {
  const shown = throughSilent(type);
  return shown.kind === "primitive" && isInteger(shown.name);
}

/** Where an operation can have a status. */
function statusPlaces(plan: OperationPlan): string[] {
  const outs = plan.params
    .filter((param) => param.isOut && isIntegerType(param.type))
    .map((param) => param.name);
  return plan.result !== null && isIntegerType(plan.result) ? [...outs, "return"] : outs;
}

function handlesOf(plan: OperationPlan, { types }: WirePlan, direction: "in" | "out"): string[] {
  const isHandle = (type: WireType): boolean => {
    const shown = throughSilent(type);
    return shown.kind === "named" && types[shown.name]?.kind === "contextHandle";
  };
  const found = plan.params
    .filter(({ isIn, isOut }) => (direction === "in" ? isIn : isOut))
    .filter((param) => isHandle(param.type))
    .map((param) => param.name);
  if (direction === "in") return found;
  return plan.result !== null && isHandle(plan.result) ? [...found, "return"] : found;
}

/** Whether `as: "uuid"` is for it. */
export function isLikeUuid(plan: TypePlan): boolean {
  if (plan.kind !== "struct") return false;
  const form = plan.fields.map(({ type }) => {
    if (type.kind === "primitive") return type.name;
    const size = type.kind === "array" ? type.dimensions[0]?.size : null;
    return typeof size === "number" ? `${size} bytes` : "";
  });
  return form.join() === "u32,u16,u16,8 bytes" && plan.layout.ndr.size === 16;
}

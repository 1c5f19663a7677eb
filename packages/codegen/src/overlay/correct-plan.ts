/** Mends a plan where an overlay says that its IDL is wrong about the wire. */
import { diagnose, type Diagnostic } from "@msrpc/idl";
import type {
  Dimension,
  Expr,
  FieldPlan,
  OperationPlan,
  ParamPlan,
  PointerType,
  PrimitiveName,
  TypePlan,
  WirePlan,
  WireType,
} from "@msrpc/wire";
import { correctionDoesNotFit } from "../catalogue/rules.ts";
import { isInteger, type Types } from "../model/wire-types.ts";
import { own } from "../names/names.ts";
import type { LoadedOverlay } from "./load-overlay.ts";
import type { Correction } from "./overlay.ts";
import { typeOverlay } from "./type-overlay.ts";

export interface CorrectedPlan {
  readonly plan: WirePlan;
  readonly diagnostics: readonly Diagnostic[];
}

/** The plan as it is on the wire. What an overlay doesn't correct stays the same object. */
export function correctPlan(plan: WirePlan, loaded: LoadedOverlay): CorrectedPlan {
  const diagnostics: Diagnostic[] = [];
  const refuse = (path: readonly string[], what: string, problem: string): void => {
    diagnostics.push(diagnose(correctionDoesNotFit, loaded.locate(path), { what, problem }));
  };
  const interfaces = plan.interfaces.map((entry) => {
    const overlays = own(loaded.overlay.interfaces, entry.name)?.operations ?? {};
    const operations = entry.operations.map((operation) => {
      const params = own(overlays, operation.name)?.params ?? {};
      if (!Object.values(params).some((param) => param.correct !== undefined)) return operation;
      return correctOperation(
        operation,
        plan.types,
        (name) => own(params, name)?.correct,
        (name, problem) => {
          const path = [
            "interfaces",
            entry.name,
            "operations",
            operation.name,
            "params",
            name,
            "correct",
          ];
          refuse(path, `${operation.name}, ${name}`, problem);
        },
      );
    });
    return { ...entry, operations };
  });
  const types = Object.fromEntries(
    Object.entries(plan.types).map(([name, type]) => [
      name,
      correctType(type, plan.types, loaded, refuse),
    ]),
  );
  return { plan: { ...plan, interfaces, types }, diagnostics };
}

function correctOperation(
  operation: OperationPlan,
  types: Types,
  correctionOf: (name: string) => Correction | undefined,
  refuse: (name: string, problem: string) => void,
): OperationPlan {
  const countOf = (name: string): Expr | string => countExpr(name, operation.params, types);
  const params = operation.params.flatMap((param): ParamPlan[] => {
    const correction = correctionOf(param.name);
    if (correction === undefined) return [param];
    if (correction.drop === true) return [];
    const type = correct(param.type, correction, countOf, true);
    if (typeof type === "string") {
      refuse(param.name, type);
      return [param];
    }
    const { direction } = correction;
    const isIn = direction === undefined ? param.isIn : direction !== "out";
    const isOut = direction === undefined ? param.isOut : direction !== "in";
    return [{ ...param, type, isIn, isOut }];
  });
  const wanted = correctionOf("return");
  if (wanted === undefined || operation.result === null) return { ...operation, params };
  const result = correct(operation.result, wanted, countOf, true);
  if (typeof result === "string") refuse("return", result);
  return { ...operation, params, result: typeof result === "string" ? operation.result : result };
}

function correctType(
  type: TypePlan,
  types: Types,
  loaded: LoadedOverlay,
  refuse: (path: readonly string[], what: string, problem: string) => void,
): TypePlan {
  const fields = typeOverlay(type, loaded).fields ?? {};
  if (type.kind !== "struct" || !Object.values(fields).some((field) => field.correct !== undefined))
    return type;
  const countOf = (name: string): Expr | string => countExpr(name, type.fields, types);
  const correctField = (field: FieldPlan): FieldPlan => {
    const correction = own(fields, field.name)?.correct;
    if (correction === undefined) return field;
    const keepsLayout =
      field.type.kind === "pointer" && correction.type === undefined && correction.drop !== true;
    const found = keepsLayout
      ? correct(field.type, correction, countOf, false)
      : "only what a field points at can be corrected, as the layout of the structure depends on the rest";
    if (typeof found !== "string") return { ...field, type: found };
    const key =
      [type.name, ...type.aliases].find((name) => own(loaded.overlay.types, name) !== undefined) ??
      type.name;
    refuse(["types", key, "fields", field.name, "correct"], `${key}.${field.name}`, found);
    return field;
  };
  return { ...type, fields: type.fields.map(correctField) };
}

/** The expression of a count, or why it can't be one. */
type CountOf = (text: string) => Expr | string;

/** A number, or what a field or parameter beside has or points at. */
function countExpr(
  text: string,
  places: readonly { readonly name: string; readonly type: WireType }[],
  types: Types,
): Expr | string {
  if (/^[0-9]+$/.test(text)) return { op: "const", value: text };
  const place = places.find(({ name }) => name === text);
  if (place === undefined) return `there is no ${text} beside it`;
  let { type } = place;
  let expr: Expr = { op: "field", path: [text] };
  for (; type.kind === "pointer"; type = type.target) expr = { op: "deref", of: expr };
  const isEnum = type.kind === "named" && types[type.name]?.kind === "enum";
  const isCount = type.kind === "primitive" && isInteger(type.name);
  return isEnum || isCount ? expr : `${text} is no integer`;
}

/** The corrected type, or why the correction doesn't fit. */
function correct(
  type: WireType,
  correction: Correction,
  countOf: CountOf,
  isParam: boolean,
): WireType | string {
  let result: WireType | string = type;
  if (correction.pointer !== undefined) {
    if (type.kind !== "pointer") return "it is no pointer";
    const id: PointerType["id"] = correction.pointer === "ref" && isParam ? "none" : "both";
    result = { ...type, class: correction.pointer, id };
  }
  if (correction.type !== undefined)
    result = atTarget(result, () => primitive(correction.type ?? ""));
  if (typeof result !== "string" && (correction.sizeIs ?? correction.lengthIs) !== undefined) {
    result = atTarget(result, (target) => sized(target, correction, countOf));
  }
  if (typeof result !== "string" && correction.string === true) result = atTarget(result, asString);
  return result;
}

/** Changes what stands behind all pointers. */
function atTarget(
  type: WireType,
  change: (target: WireType) => WireType | string,
): WireType | string {
  if (type.kind !== "pointer") return change(type);
  const target = atTarget(type.target, change);
  return typeof target === "string" ? target : { ...type, target };
}

const primitives =
  "u8 i8 u16 i16 u32 i32 u64 i64 u3264 i3264 f32 f64 boolean byte char8 wchar error".split(" ");

function primitive(name: string): WireType | string {
  if (!primitives.includes(name))
    return `there is no primitive ${name}; there are ${primitives.join(", ")}`;
  return { kind: "primitive", name: name as PrimitiveName };
}

function asString(target: WireType): WireType | string {
  if (target.kind === "string") return target;
  const array = target.kind === "array" ? target : null;
  const element = array === null ? target : array.element;
  if (element.kind !== "primitive" || !["wchar", "char8", "u8", "byte"].includes(element.name)) {
    return "it holds no characters";
  }
  const size = array?.dimensions[0]?.size ?? null;
  const isFixed = typeof size === "number";
  return {
    kind: "string",
    char: element.name === "wchar" ? "wchar" : "char8",
    isConformant: !isFixed,
    bound: isFixed ? size : null,
    size: isFixed ? null : size,
  };
}

function sized(target: WireType, correction: Correction, countOf: CountOf): WireType | string {
  const array = target.kind === "array" ? target : null;
  const [first] = array?.dimensions ?? [];
  const { sizeIs, lengthIs } = correction;
  if (first === undefined && sizeIs === undefined)
    return "it is no array, so it has no length without a size";
  const size = sizeIs === undefined ? (first?.size ?? null) : countOf(sizeIs);
  if (typeof size === "string") return size;
  const length = lengthIs === undefined ? null : countOf(lengthIs);
  if (typeof length === "string") return length;
  const varying = length === null ? (first?.varying ?? null) : { length, first: null };
  const dimension: Dimension = {
    size,
    isConformant: sizeIs !== undefined || (first?.isConformant ?? true),
    varying,
  };
  return {
    kind: "array",
    element: array?.element ?? target,
    dimensions: [dimension, ...(array?.dimensions.slice(1) ?? [])],
  };
}

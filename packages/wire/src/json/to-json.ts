/** Values as JSON, with the names that the plan has for them. */
import { type Direction, stubParts } from "../interpret/decode.ts";
import { formatUuid } from "../interpret/uuid.ts";
import { type StructValue, type UnionValue, type Value, member } from "../interpret/value.ts";
import { join } from "../interpret/decoder.ts";
import { isByte } from "../layout/primitive.ts";
import { namedType } from "../layout/type-layout.ts";
import type { ArrayType, OperationPlan, PrimitiveType, WirePlan, WireType } from "../plan.ts";
import { type Json, noStatuses, statusName, type StatusTable } from "./json-value.ts";
import { hexOf, isUuidStruct } from "./shapes.ts";

interface Context {
  readonly plan: Pick<WirePlan, "types">;
  readonly statuses: StatusTable;
  /** Targets of full pointers and where they stood first: each is shown once, as they may go in circles. */
  readonly seen: Map<object, string>;
}

/**
 * What a stub holds, as JSON: enumerations and statuses by name, bytes as hexadecimal digits, UUIDs and context
 * handles as text, 64-bit numbers that JSON can't hold as decimal text, unions as `{ tag, arm, value }`. Of what
 * was read up to a fault, what is there. `valueFromJson` takes it back.
 */
export function stubToJson(
  plan: Pick<WirePlan, "types">,
  operation: OperationPlan,
  direction: Direction,
  value: StructValue,
  statuses: StatusTable = noStatuses,
): { readonly [name: string]: Json } {
  const context: Context = { plan, statuses, seen: new Map() };
  const parts = stubParts(operation, direction).flatMap(({ name, type }): [string, Json][] => {
    const part = member(value, name);
    if (part === undefined) return [];
    const isStatus = statuses.members.includes(name) && typeof part === "number";
    return [[name, isStatus ? statusText(context, part) : toJson(context, type, part, name)]];
  });
  return Object.fromEntries(parts);
}

/** A value of a type as JSON. */
export function valueToJson(plan: Pick<WirePlan, "types">, type: WireType, value: Value): Json {
  return toJson({ plan, statuses: noStatuses, seen: new Map() }, type, value, "");
}

function toJson(context: Context, type: WireType, value: Value, path: string): Json {
  switch (type.kind) {
    case "primitive":
      return primitiveToJson(context, type, value);
    case "named":
      return namedToJson(context, type.name, value, path);
    case "union":
      return unionToJson(context, type.name, value as UnionValue, path);
    case "pointer": {
      if (value === null) return null;
      if (type.class === "full" && typeof value === "object") {
        const before = context.seen.get(value);
        if (before !== undefined) return { sameAs: before };
        context.seen.set(value, path);
      }
      return toJson(context, type.target, value, path);
    }
    case "array":
      return arrayToJson(context, type, 0, value, path);
    case "string":
      return value as string;
    case "pipe": {
      const chunks = value as readonly Value[];
      return chunks.map((chunk, at) =>
        elementsToJson(context, type.element, chunk, `${path}[${at}]`),
      );
    }
    case "interfacePointer":
      return value === null ? null : hexOf(value as Uint8Array);
  }
}

function statusText({ statuses }: Context, value: number): Json {
  return statusName(statuses, value) ?? value;
}

function primitiveToJson(context: Context, { name }: PrimitiveType, value: Value): Json {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (name === "error") return statusText(context, value as number);
  // NaN and the infinities are no numbers in JSON.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value as number | boolean;
}

function namedToJson(context: Context, name: string, value: Value, path: string): Json {
  const plan = namedType(context.plan.types, name);
  switch (plan.kind) {
    case "enum":
      return plan.members.find((each) => each.value === value)?.name ?? (value as number);
    case "contextHandle": {
      if (value === null) return null;
      const { attributes, uuid } = value as { attributes: number; uuid: string };
      return attributes === 0 ? uuid : { attributes, uuid };
    }
    case "union":
      return unionToJson(context, name, value as UnionValue, path);
    case "struct": {
      const members = value as StructValue;
      if (isUuidStruct(plan)) {
        const [low, middle, high, rest] = plan.fields.map((field) => members[field.name]);
        if (rest instanceof Uint8Array && rest.length === 8) {
          return formatUuid({
            low: low as number,
            middle: middle as number,
            high: high as number,
            rest,
          });
        }
      }
      const fields = plan.fields.flatMap((field): [string, Json][] => {
        const part = member(members, field.name);
        const at = join(path, field.name);
        return part === undefined ? [] : [[field.name, toJson(context, field.type, part, at)]];
      });
      return Object.fromEntries(fields);
    }
  }
}

function unionToJson(context: Context, name: string, union: UnionValue, path: string): Json {
  const plan = namedType(context.plan.types, name);
  if (plan.kind !== "union") throw new Error(`The plan's type ${name} is no union`);
  const tag = toJson(context, plan.switchType, union.tag, join(path, "tag"));
  const arm = plan.arms.find(({ field }) => field !== null && field.name === union.arm);
  // Where it breaks off, nothing was read of the arm.
  const isThere = arm?.field && union.value !== null;
  const value = isThere
    ? toJson(context, arm.field.type, union.value, join(path, arm.field.name))
    : null;
  return { tag, arm: union.arm, value };
}

function arrayToJson(
  context: Context,
  type: ArrayType,
  depth: number,
  value: Value,
  path: string,
): Json {
  if (depth === type.dimensions.length - 1)
    return elementsToJson(context, type.element, value, path);
  const rows = value as readonly Value[];
  return rows.map((row, at) => arrayToJson(context, type, depth + 1, row, `${path}[${at}]`));
}

/** Bytes are digits, characters are text. */
function elementsToJson(context: Context, element: WireType, value: Value, path: string): Json {
  if (value instanceof Uint8Array) return hexOf(value);
  const elements = value as readonly Value[];
  if (textOf(element) === "characters") {
    return elements.map((code) => String.fromCharCode(code as number)).join("");
  }
  return elements.map((each, at) => toJson(context, element, each, `${path}[${at}]`));
}

/** Whether an element's array is written as text in JSON, and which. */
export function textOf(element: WireType): "bytes" | "characters" | null {
  if (element.kind !== "primitive") return null;
  if (isByte(element.name)) return "bytes";
  return element.name === "wchar" ? "characters" : null;
}

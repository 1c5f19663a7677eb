/** Values from JSON, with names for numbers, and with what follows from the rest left out. */
import { nearest } from "@msrpc/idl";
import { armOf } from "../interpret/decode-union.ts";
import { type Direction, stubParts } from "../interpret/decode.ts";
import { join } from "../interpret/decoder.ts";
import { formatUuid, parseUuid } from "../interpret/uuid.ts";
import type { StructValue, UnionValue, Value } from "../interpret/value.ts";
import { namedType } from "../layout/type-layout.ts";
import type {
  ArrayType,
  EnumPlan,
  OperationPlan,
  PrimitiveType,
  UnionPlan,
  WirePlan,
  WireType,
} from "../plan.ts";
import { asInteger, type Member, valueThatFits } from "./fill-in.ts";
import { type Json, JsonValueError, noStatuses, type StatusTable } from "./json-value.ts";
import { isUuidStruct } from "./shapes.ts";
import { textOf } from "./to-json.ts";

interface Context {
  readonly plan: Pick<WirePlan, "types">;
  readonly statuses: StatusTable;
}

/**
 * The parameters that a stub holds, from JSON as `stubToJson` writes it. What may be left out: pointers that are
 * null, and counts and discriminants that follow from an array, a string or a union beside them.
 *
 * @throws JsonValueError for a member that is missing, unknown or not of its type
 */
export function stubFromJson(
  plan: Pick<WirePlan, "types">,
  operation: OperationPlan,
  direction: Direction,
  json: Json,
  statuses: StatusTable = noStatuses,
): StructValue {
  const context: Context = { plan, statuses };
  const parts = stubParts(operation, direction);
  const statusParts = new Set(statuses.members);
  return membersFromJson(context, parts, json, "", (part) =>
    statusParts.has(part.name) ? part.type : null,
  );
}

/**
 * A value of a type from JSON.
 *
 * @throws JsonValueError as `stubFromJson`
 */
export function valueFromJson(plan: Pick<WirePlan, "types">, type: WireType, json: Json): Value {
  return fromJson({ plan, statuses: noStatuses }, type, json, "");
}

function membersFromJson(
  context: Context,
  members: readonly Member[],
  json: Json,
  path: string,
  statusType: (member: Member) => WireType | null = () => null,
): StructValue {
  const object = objectOf(json, path);
  const names = members.map(({ name }) => name);
  const stray = Object.keys(object).find((name) => !names.includes(name));
  if (stray !== undefined) {
    const close = nearest(stray, names);
    const known = names.length === 0 ? "there is nothing to give" : `there is ${names.join(", ")}`;
    const hint = close === null ? known : `did you mean ${close}?`;
    throw new JsonValueError(join(path, stray), `nothing has this name; ${hint}`);
  }
  const given: StructValue = {};
  for (const member of members) {
    const { name, type } = member;
    const part = Object.hasOwn(object, name) ? object[name] : undefined;
    if (part === undefined) continue;
    const at = join(path, name);
    const status = statusFromJson(context, statusType(member), part);
    given[name] = status ?? fromJson(context, type, part, at);
  }
  const value: StructValue = {};
  for (const member of members) {
    const { name, type } = member;
    const found = Object.hasOwn(given, name)
      ? given[name]
      : valueThatFits(context.plan, member, members, given);
    if (found === undefined) {
      throw new JsonValueError(join(path, name), `is missing: ${wantedFor(context, type)}`);
    }
    value[name] = found;
  }
  return value;
}

function fromJson(context: Context, type: WireType, json: Json, path: string): Value {
  switch (type.kind) {
    case "primitive":
      return primitiveFromJson(context, type, json, path);
    case "named":
      return namedFromJson(context, type.name, type, json, path);
    case "union":
      return unionFromJson(context, type.name, json, path);
    case "pointer":
      if (json === null && (type.class !== "ref" || type.isIgnored)) return null;
      return fromJson(context, type.target, json, path);
    case "array":
      return arrayFromJson(context, type, 0, json, path);
    case "string":
      if (typeof json !== "string") throw wanted(context, type, path);
      return json;
    case "pipe":
      return listOf(context, type, json, path).map((chunk, at) =>
        elementsFromJson(context, type.element, chunk, `${path}[${at}]`),
      );
    case "interfacePointer":
      return bytesFromHex(context, type, json, path);
  }
}

function primitiveFromJson(context: Context, type: PrimitiveType, json: Json, path: string): Value {
  const { name } = type;
  if (name === "boolean") {
    if (typeof json !== "boolean") throw wanted(context, type, path);
    return json;
  }
  if (name === "f32" || name === "f64") {
    if (typeof json === "number") return json;
    if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
    throw wanted(context, type, path);
  }
  if (name === "error") {
    const status = statusFromJson(context, type, json);
    if (status !== undefined) return status;
  }
  const number = integerOf(json);
  if (number === undefined) throw wanted(context, type, path);
  return asInteger(context.plan, type, number) as number | bigint;
}

/** A number, or its text in decimal or hexadecimal: JSON's numbers end at 2^53. */
function integerOf(json: Json): bigint | undefined {
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : undefined;
  if (typeof json !== "string") return undefined;
  return /^-?\d+$|^0x[0-9a-f]+$/i.test(json) ? BigInt(json) : undefined;
}

/** A status by its name, as the integer that its type has for it; undefined where it is none. */
function statusFromJson(
  { plan, statuses }: Context,
  type: WireType | null,
  json: Json,
): Value | undefined {
  if (type === null || typeof json !== "string" || !Object.hasOwn(statuses.numbers, json)) {
    return undefined;
  }
  const number = BigInt(statuses.numbers[json] ?? 0);
  return asInteger(
    plan,
    type,
    isSigned(type) ? BigInt.asIntN(32, number) : BigInt.asUintN(32, number),
  );
}

function isSigned(type: WireType): boolean {
  if (type.kind === "pointer") return isSigned(type.target);
  return type.kind === "primitive" && type.name.startsWith("i");
}

function namedFromJson(
  context: Context,
  name: string,
  type: WireType,
  json: Json,
  path: string,
): Value {
  const plan = namedType(context.plan.types, name);
  switch (plan.kind) {
    case "enum":
      return enumFromJson(context, plan, type, json, path);
    case "union":
      return unionFromJson(context, name, json, path);
    case "contextHandle":
      return handleFromJson(context, type, json, path);
    case "struct": {
      if (typeof json === "string" && isUuidStruct(plan)) {
        const parts = parseUuid(json);
        if (parts === null) throw wanted(context, type, path);
        const values = [parts.low, parts.middle, parts.high, parts.rest];
        return Object.fromEntries(plan.fields.map((field, at) => [field.name, values[at] ?? 0]));
      }
      return membersFromJson(context, plan.fields, json, path);
    }
  }
}

function enumFromJson(
  context: Context,
  plan: EnumPlan,
  type: WireType,
  json: Json,
  path: string,
): number {
  const found = plan.members.find(({ name }) => name === json);
  if (found !== undefined) return found.value;
  const number = integerOf(json);
  if (number !== undefined) return Number(number);
  const names = plan.members.map(({ name }) => name);
  const close = typeof json === "string" ? nearest(json, names) : null;
  const hint = close === null ? "" : `; did you mean ${close}?`;
  throw new JsonValueError(path, `${wantedFor(context, type)} is wanted${hint}`);
}

function handleFromJson(context: Context, type: WireType, json: Json, path: string): Value {
  if (json === null) return null;
  const { attributes, uuid } =
    typeof json === "string"
      ? { attributes: 0, uuid: json }
      : (objectOf(json, path) as { attributes?: Json; uuid?: Json });
  const parts = typeof uuid === "string" ? parseUuid(uuid) : null;
  if (parts === null || typeof attributes !== "number") throw wanted(context, type, path);
  return { attributes, uuid: formatUuid(parts) };
}

/** `{ tag, arm, value }`; the tag may follow from the arm. */
function unionFromJson(context: Context, name: string, json: Json, path: string): UnionValue {
  const plan = namedType(context.plan.types, name);
  if (plan.kind !== "union") throw new Error(`The plan's type ${name} is no union`);
  const object = objectOf(json, path);
  const stray = Object.keys(object).find((key) => !["tag", "arm", "value"].includes(key));
  if (stray !== undefined) {
    throw new JsonValueError(join(path, stray), "a union is { tag, arm, value }");
  }
  const tag = (
    object["tag"] === undefined
      ? tagOf(context, plan, object["arm"], path)
      : fromJson(context, plan.switchType, object["tag"], join(path, "tag"))
  ) as UnionValue["tag"];
  const arm = armOf(plan, tag);
  if (arm === undefined) throw new JsonValueError(path, `the union has no arm for the tag ${tag}`);
  const selected = arm.field?.name ?? null;
  if (object["arm"] !== undefined && object["arm"] !== selected) {
    const shown = selected ?? "the empty arm";
    throw new JsonValueError(join(path, "arm"), `the tag ${tag} selects ${shown}`);
  }
  if (arm.field === null) return { tag, arm: null, value: null };
  const at = join(path, arm.field.name);
  const part = object["value"];
  if (
    part === undefined &&
    !(arm.field.type.kind === "pointer" && arm.field.type.class !== "ref")
  ) {
    throw new JsonValueError(at, `is missing: ${wantedFor(context, arm.field.type)}`);
  }
  const value = fromJson(context, arm.field.type, part ?? null, at);
  return { tag, arm: selected, value };
}

function tagOf(context: Context, plan: UnionPlan, name: Json | undefined, path: string): Value {
  const arms = plan.arms.filter(({ field }) => field?.name === name);
  const [label] = arms[0]?.labels ?? [];
  if (arms.length === 1 && label !== undefined) {
    return asInteger(context.plan, plan.switchType, BigInt(label)) ?? 0;
  }
  const names = plan.arms.flatMap(({ field }) => (field === null ? [] : [field.name]));
  throw new JsonValueError(path, `the union needs a tag, or an arm of ${names.join(", ")}`);
}

function arrayFromJson(
  context: Context,
  type: ArrayType,
  depth: number,
  json: Json,
  path: string,
): Value {
  if (depth === type.dimensions.length - 1) {
    return elementsFromJson(context, type.element, json, path);
  }
  return listOf(context, type, json, path).map((row, at) =>
    arrayFromJson(context, type, depth + 1, row, `${path}[${at}]`),
  );
}

function elementsFromJson(context: Context, element: WireType, json: Json, path: string): Value {
  const list: WireType = { kind: "array", element, dimensions: [] };
  const text = textOf(element);
  if (text === "bytes") return bytesFromHex(context, list, json, path);
  if (text === "characters" && typeof json === "string") {
    return Array.from({ length: json.length }, (_, at) => json.charCodeAt(at));
  }
  return listOf(context, list, json, path).map((each, at) =>
    fromJson(context, element, each, `${path}[${at}]`),
  );
}

function bytesFromHex(context: Context, type: WireType, json: Json, path: string): Value {
  if (typeof json === "string" && /^(?:[0-9a-f]{2})*$/i.test(json)) {
    const pairs = json.match(/../g) ?? [];
    return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
  }
  if (Array.isArray(json)) {
    const numbers = json as readonly Json[];
    const isByte = (each: Json): boolean => Number.isInteger(each) && Number(each) >>> 8 === 0;
    if (numbers.every((each) => isByte(each))) return Uint8Array.from(numbers as number[]);
  }
  throw wanted(context, type, path);
}

function listOf(context: Context, type: WireType, json: Json, path: string): readonly Json[] {
  if (Array.isArray(json)) return json as readonly Json[];
  throw wanted(context, type, path);
}

function objectOf(json: Json, path: string): { readonly [name: string]: Json } {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) {
    return json as { readonly [name: string]: Json };
  }
  throw new JsonValueError(path, "an object is wanted");
}

function wanted(context: Context, type: WireType, path: string): JsonValueError {
  return new JsonValueError(path, `${wantedFor(context, type)} is wanted`);
}

/** What JSON a type takes, in a few words. */
function wantedFor(context: Context, type: WireType): string {
  switch (type.kind) {
    case "primitive":
      if (type.name === "boolean") return "true or false";
      if (type.name === "f32" || type.name === "f64") return "a number";
      return type.name === "error" ? "a status by name or number" : "an integer";
    case "named":
      return wantedForNamed(context, type.name);
    case "union":
      return "a union as { tag, arm, value }";
    case "pointer":
      return wantedFor(context, type.target);
    case "array":
      if (textOf(type.element) === "bytes") return "a text of hexadecimal digits";
      return textOf(type.element) === "characters" ? "a text" : "a list";
    case "string":
      return "a text";
    case "pipe":
      return "a list of chunks";
    case "interfacePointer":
      return "a text of hexadecimal digits";
  }
}

function wantedForNamed(context: Context, name: string): string {
  const plan = namedType(context.plan.types, name);
  switch (plan.kind) {
    case "enum": {
      const names = plan.members.slice(0, 4).map((each) => each.name);
      return `one of ${names.join(", ")}${plan.members.length > 4 ? ", ..." : ""}`;
    }
    case "contextHandle":
      return "a context handle as its UUID, { attributes, uuid } or null";
    case "union":
      return "a union as { tag, arm, value }";
    case "struct": {
      if (isUuidStruct(plan)) return "a UUID";
      const names = plan.fields.map((field) => field.name);
      return `an object of ${names.join(", ")}`;
    }
  }
}

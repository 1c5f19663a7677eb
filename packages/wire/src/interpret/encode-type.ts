/** Writes a value of any type of the plan. */
import { primitiveSize, enumSize } from "../layout/primitive.ts";
import { namedType } from "../layout/type-layout.ts";
import type {
  NamedType,
  PointerType,
  PrimitiveType,
  StructPlan,
  UnionPlan,
  WireType,
} from "../plan.ts";
import { join } from "./decoder.ts";
import { armOf } from "./decode-union.ts";
import {
  encodeArray,
  encodeInterfacePointer,
  encodePipe,
  encodeString,
  hoistedSizes,
} from "./encode-sequence.ts";
import {
  type EncodePlace,
  type Encoder,
  membersOf,
  stated,
  withDeferred,
  wrong,
} from "./encoder.ts";
import { emptyScope } from "./evaluate.ts";
import { parseUuid } from "./uuid.ts";
import { type UnionValue, type Value, member } from "./value.ts";

export function encodeType(
  encoder: Encoder,
  type: WireType,
  place: EncodePlace,
  value: Value,
): void {
  switch (type.kind) {
    case "primitive":
      return encodePrimitive(encoder, type, place, value);
    case "named":
      return encodeNamed(encoder, type, place, value);
    case "union": {
      const plan = namedType(encoder.types, type.name);
      if (plan.kind !== "union") throw new Error(`The plan's type ${type.name} is no union`);
      const union = unionValue(encoder, place, value);
      const tag = BigInt(union.tag);
      if (stated(encoder, type.switchIs, place, tag) !== tag) {
        throw wrong(encoder, place, `the tag ${tag} is not what switch_is says`);
      }
      return encodeUnion(encoder, plan, place, union);
    }
    case "pointer":
      return encodePointer(encoder, type, place, value);
    case "array":
      return encodeArray(encoder, type, place, value);
    case "string":
      return encodeString(encoder, type, place, value);
    case "pipe":
      return encodePipe(encoder, type, place, value);
    case "interfacePointer":
      return encodeInterfacePointer(encoder, place, value);
  }
}

function encodePrimitive(
  encoder: Encoder,
  type: PrimitiveType,
  place: EncodePlace,
  value: Value,
): void {
  const { name } = type;
  if (name === "boolean") {
    if (typeof value !== "boolean") throw wrong(encoder, place, "a boolean is wanted");
  } else if (name === "f32" || name === "f64") {
    if (typeof value !== "number") throw wrong(encoder, place, "a number is wanted");
  } else {
    const isWide = name.endsWith("64");
    if (isWide ? typeof value !== "bigint" : !Number.isInteger(value)) {
      throw wrong(encoder, place, `${isWide ? "a bigint" : "an integer"} is wanted`);
    }
    // __int3264 is a value of 8 bytes whose upper half NDR 2.0 leaves out ([MS-RPCE] 2.2.4.1.2).
    const bits = isWide ? 64 : primitiveSize(name, "ndr") * 8;
    const number = BigInt(value as number | bigint);
    const isSigned = name.startsWith("i");
    const fits = isSigned ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number);
    if (fits !== number) throw wrong(encoder, place, `${number} does not fit into ${name}`);
  }
  encoder.writer.primitive(name, value as number | bigint | boolean);
}

function encodeNamed(encoder: Encoder, type: NamedType, place: EncodePlace, value: Value): void {
  const plan = namedType(encoder.types, type.name);
  switch (plan.kind) {
    case "struct":
      return encodeStruct(encoder, plan, place, value);
    case "union":
      return encodeUnion(encoder, plan, place, unionValue(encoder, place, value));
    case "enum": {
      const size = enumSize(plan.isV1, encoder.settings.syntax);
      const isFitting = Number.isInteger(value) && (size === 4 || (Number(value) | 0) >>> 16 === 0);
      if (!isFitting) throw wrong(encoder, place, `a value of ${plan.name} is wanted`);
      return encoder.writer.unsigned(size, Number(value));
    }
    case "contextHandle":
      return encodeContextHandle(encoder, place, value);
  }
}

function encodeStruct(encoder: Encoder, plan: StructPlan, place: EncodePlace, value: Value): void {
  const { writer, settings } = encoder;
  const members = membersOf(encoder, place, value);
  if (!place.isHoisted) {
    for (const size of hoistedSizes(encoder, plan, place, members)) writer.word(size);
  }
  const { align } = plan.layout[settings.syntax];
  writer.align(align);
  withDeferred(place, (deferred) => {
    plan.fields.forEach((field, at) => {
      const inField: EncodePlace = {
        path: join(place.path, field.name),
        scope: (name) => member(members, name),
        deferred,
        isHoisted: at === plan.fields.length - 1,
        isElement: false,
      };
      const part = member(members, field.name);
      if (part === undefined) throw wrong(encoder, inField, "a value is missing");
      encodeType(encoder, field.type, inField, part);
    });
    if (settings.syntax === "ndr64") writer.align(align);
  });
}

function unionValue(encoder: Encoder, place: EncodePlace, value: Value): UnionValue {
  const union = membersOf(encoder, place, value);
  if (!("tag" in union && "arm" in union))
    throw wrong(encoder, place, "{ tag, arm, value } is wanted");
  return union as unknown as UnionValue;
}

function encodeUnion(
  encoder: Encoder,
  plan: UnionPlan,
  place: EncodePlace,
  union: UnionValue,
): void {
  const { writer, settings } = encoder;
  const { syntax } = settings;
  if (syntax === "ndr64" || (place.isElement && plan.isMsUnion)) {
    writer.align(plan.layout[syntax].align);
  }
  const arm = armOf(plan, union.tag);
  if (!arm) throw wrong(encoder, place, `union ${plan.name} has no arm for ${union.tag}`);
  const selected = arm.field?.name ?? null;
  if (union.arm !== selected) {
    const show = (name: string | null): string => name ?? "the empty arm";
    const problem = `the tag ${union.tag} selects ${show(selected)}, not ${show(union.arm)}`;
    throw wrong(encoder, place, problem);
  }
  withDeferred(place, (deferred) => {
    const inUnion = { deferred, isHoisted: false, isElement: false, scope: emptyScope };
    encodeType(
      encoder,
      plan.switchType,
      { ...inUnion, path: join(place.path, "<tag>") },
      union.tag,
    );
    const armAlign = plan.armAlign[syntax];
    if (armAlign !== null) writer.align(armAlign);
    if (!arm.field) return;
    const path = join(place.path, arm.field.name);
    encodeType(encoder, arm.field.type, { ...inUnion, path }, union.value);
  });
}

function encodePointer(
  encoder: Encoder,
  type: PointerType,
  place: EncodePlace,
  value: Value,
): void {
  const { writer, settings } = encoder;
  // null behind a ref pointer is the target's: a null handle, or a pointer of its own
  const isNull = value === null && !(type.class === "ref" && takesNull(encoder, type.target));
  if (type.class === "ref" && isNull && !type.isIgnored) {
    throw wrong(encoder, place, "a ref pointer is null");
  }
  if (type.id === "both" || (type.id === "ndr64" && settings.syntax === "ndr64")) {
    if (isNull || type.isIgnored) return writer.word(0n);
    const ids = referentsAt(encoder, pointersIn(type));
    const known = isObject(value) ? ids.get(value) : undefined;
    if (type.class === "full" && known !== undefined) return writer.word(known);
    const id = encoder.nextReferent;
    encoder.nextReferent += 4n;
    writer.word(id);
    if (type.class === "full" && isObject(value)) ids.set(value, id);
  }
  const target = { ...place, deferred: null, isHoisted: false, isElement: false };
  const writeTarget = (): void => encodeType(encoder, type.target, target, value);
  if (place.deferred) place.deferred.push(writeTarget);
  else writeTarget();
}

/** Pointers down to what isn't one. A pointer to a pointer has its target's value, and an id of its own. */
function pointersIn(type: WireType): number {
  return type.kind === "pointer" ? 1 + pointersIn(type.target) : 0;
}

function referentsAt({ referents }: Encoder, pointers: number): Map<object, bigint> {
  const known = referents.get(pointers);
  if (known) return known;
  const made = new Map<object, bigint>();
  referents.set(pointers, made);
  return made;
}

function takesNull(encoder: Encoder, type: WireType): boolean {
  if (type.kind === "named") return encoder.types[type.name]?.kind === "contextHandle";
  if (type.kind !== "pointer") return false;
  return type.class !== "ref" || takesNull(encoder, type.target);
}

function isObject(value: Value): value is Extract<Value, object> {
  return typeof value === "object" && value !== null;
}

function encodeContextHandle(encoder: Encoder, place: EncodePlace, value: Value): void {
  const { writer } = encoder;
  const handle =
    value === null
      ? { attributes: 0, uuid: "00000000-0000-0000-0000-000000000000" }
      : membersOf(encoder, place, value);
  const { attributes, uuid } = handle;
  const parts = parseUuid(typeof uuid === "string" ? uuid : "");
  if (!parts) throw wrong(encoder, place, "a context handle is { attributes, uuid } or null");
  writer.unsigned(4, Number(attributes));
  writer.unsigned(4, parts.low);
  writer.unsigned(2, parts.middle);
  writer.unsigned(2, parts.high);
  writer.bytes(parts.rest);
}

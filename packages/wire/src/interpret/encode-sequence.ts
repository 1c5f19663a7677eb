/** Writes arrays, strings, pipes and interface pointers: what has counts. */
import { isByte } from "../layout/primitive.ts";
import { charSize, elementAlign, namedType } from "../layout/type-layout.ts";
import type { ArrayType, PipeType, StringType, StructPlan, WireType } from "../plan.ts";
import {
  type EncodePlace,
  type Encoder,
  membersOf,
  stated,
  withDeferred,
  wrong,
} from "./encoder.ts";
import { type Value, member } from "./value.ts";

/** The max counts to stand in front of a structure, because its last field ends in conformant dimensions. */
export function hoistedSizes(
  encoder: Encoder,
  plan: StructPlan,
  place: EncodePlace,
  members: Readonly<Record<string, Value>>,
): bigint[] {
  const last = plan.fields.at(-1);
  if (plan.hoisted === 0 || !last) return [];
  const path = `${place.path}.${last.name}`;
  const inField: EncodePlace = { ...place, path, scope: (name) => member(members, name) };
  return maxCounts(encoder, last.type, inField, members[last.name] ?? null);
}

function maxCounts(encoder: Encoder, type: WireType, place: EncodePlace, value: Value): bigint[] {
  switch (type.kind) {
    case "array": {
      const lengths = lengthsOf(encoder, type, place, value);
      const sizes = sizesOf(encoder, type, place, lengths);
      return sizes.filter((_, at) => type.dimensions[at]?.isConformant);
    }
    case "string":
      return type.isConformant
        ? [stringSize(encoder, type, place, typeof value === "string" ? value : "")]
        : [];
    case "named": {
      const plan = namedType(encoder.types, type.name);
      if (plan.kind !== "struct") return [];
      return hoistedSizes(encoder, plan, place, membersOf(encoder, place, value));
    }
    default:
      return [];
  }
}

export function encodeArray(
  encoder: Encoder,
  type: ArrayType,
  place: EncodePlace,
  value: Value,
): void {
  const { writer } = encoder;
  const { dimensions } = type;
  const lengths = lengthsOf(encoder, type, place, value);
  const sizes = sizesOf(encoder, type, place, lengths);
  if (!place.isHoisted) {
    dimensions.forEach((dimension, at) => {
      if (dimension.isConformant) writer.word(sizes[at] ?? 0n);
    });
  }
  dimensions.forEach(({ varying }, at) => {
    const size = sizes[at] ?? 0n;
    const first = stated(encoder, varying?.first ?? null, place, 0n);
    const wanted = varying ? stated(encoder, varying.length, place, size - first) : size;
    // Without a row to show it, a count is what is stated.
    const length = lengths[at] ?? wanted;
    if (length !== wanted || first < 0n || first + length > size) {
      throw wrong(encoder, place, `${length} elements where ${wanted} of ${size} are stated`);
    }
    if (!varying) return;
    writer.word(first);
    writer.word(length);
  });
  withDeferred(place, (deferred) => {
    encodeDimension(encoder, type, 0, { ...place, deferred, isHoisted: false }, value);
  });
}

/** The number of elements in each dimension of a value, seen in its first row; null where there is no row. */
function lengthsOf(
  encoder: Encoder,
  type: ArrayType,
  place: EncodePlace,
  value: Value,
): (bigint | null)[] {
  const lengths: (bigint | null)[] = [];
  let row: Value | undefined = value;
  for (let depth = 0; depth < type.dimensions.length; depth++) {
    if (row === undefined) {
      lengths.push(null);
      continue;
    }
    if (!Array.isArray(row) && !(row instanceof Uint8Array)) {
      throw wrong(encoder, place, "an array is wanted");
    }
    lengths.push(BigInt(row.length));
    row = row instanceof Uint8Array ? undefined : (row as readonly Value[])[0];
  }
  return lengths;
}

function sizesOf(
  encoder: Encoder,
  type: ArrayType,
  place: EncodePlace,
  lengths: readonly (bigint | null)[],
): bigint[] {
  return type.dimensions.map(({ size, varying }, at) => {
    if (typeof size === "number") return BigInt(size);
    const first = stated(encoder, varying?.first ?? null, place, 0n);
    return stated(encoder, size, place, first + (lengths[at] ?? 0n));
  });
}

function encodeDimension(
  encoder: Encoder,
  type: ArrayType,
  depth: number,
  place: EncodePlace,
  value: Value,
): void {
  const { writer, types, settings } = encoder;
  const isLast = depth === type.dimensions.length - 1;
  if (isLast && type.element.kind === "primitive" && isByte(type.element.name)) {
    if (!(value instanceof Uint8Array)) throw wrong(encoder, place, "a Uint8Array is wanted");
    return writer.bytes(value);
  }
  if (!Array.isArray(value)) throw wrong(encoder, place, "an array is wanted");
  const rows = value as readonly Value[];
  rows.forEach((each, at) => {
    const inElement = { ...place, path: `${place.path}[${at}]`, isElement: true };
    if (!isLast) {
      const length = (each as readonly Value[] | Uint8Array | undefined)?.length;
      if (length !== (rows[0] as readonly Value[] | Uint8Array).length) {
        throw wrong(encoder, inElement, "the rows differ in length");
      }
      encodeDimension(encoder, type, depth + 1, inElement, each);
    } else {
      writer.align(elementAlign(type.element, types, settings.syntax));
      encoder.encode(type.element, inElement, each);
    }
  });
}

export function encodeString(
  encoder: Encoder,
  type: StringType,
  place: EncodePlace,
  value: Value,
): void {
  const { writer } = encoder;
  if (typeof value !== "string") throw wrong(encoder, place, "a string is wanted");
  const length = BigInt(value.length + 1);
  const max = type.isConformant ? stringSize(encoder, type, place, value) : BigInt(type.bound ?? 0);
  if (length > max) throw wrong(encoder, place, `${length} characters where ${max} fit`);
  if (type.isConformant && !place.isHoisted) writer.word(max);
  writer.word(0n);
  writer.word(length);
  const width = charSize(type);
  const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at));
  for (const unit of [...units, 0]) {
    if (unit > 0xff && width === 1) throw wrong(encoder, place, "characters above U+00FF");
    writer.unsigned(width, unit);
  }
}

function stringSize(encoder: Encoder, type: StringType, place: EncodePlace, value: string): bigint {
  return stated(encoder, type.size, place, BigInt(value.length + 1));
}

export function encodePipe(
  encoder: Encoder,
  type: PipeType,
  place: EncodePlace,
  value: Value,
): void {
  const { writer, types, settings } = encoder;
  const { element } = type;
  if (!Array.isArray(value)) throw wrong(encoder, place, "an array of chunks is wanted");
  const end = (count: bigint): void => {
    if (settings.syntax === "ndr64") writer.word(BigInt.asUintN(64, -count));
  };
  for (const chunk of value as readonly Value[]) {
    const isBytes = chunk instanceof Uint8Array;
    if (!isBytes && !Array.isArray(chunk)) throw wrong(encoder, place, "a chunk is wanted");
    const elements = chunk as Uint8Array | readonly Value[];
    // An empty chunk would end the pipe.
    if (elements.length === 0) throw wrong(encoder, place, "a chunk is empty");
    writer.word(BigInt(elements.length));
    if (isBytes) writer.bytes(chunk);
    else {
      for (const each of elements) {
        writer.align(elementAlign(element, types, settings.syntax));
        encoder.encode(element, { ...place, isElement: true }, each);
      }
    }
    end(BigInt(elements.length));
  }
  writer.word(0n);
  end(0n);
}

export function encodeInterfacePointer(encoder: Encoder, place: EncodePlace, value: Value): void {
  const { writer, settings } = encoder;
  if (!(value instanceof Uint8Array)) throw wrong(encoder, place, "a Uint8Array is wanted");
  writer.word(BigInt(value.length));
  writer.unsigned(4, value.length);
  writer.bytes(value);
  if (settings.syntax === "ndr64") writer.align(4);
}

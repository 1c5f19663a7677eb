/** Reads a value of any type of the plan. */
import { primitiveSize, enumSize } from "../layout/primitive.ts";
import { namedType } from "../layout/type-layout.ts";
import type { NamedType, PointerType, PrimitiveType, StructPlan, WireType } from "../plan.ts";
import { decodeArray } from "./decode-array.ts";
import { decodePipe } from "./decode-pipe.ts";
import { decodeString } from "./decode-string.ts";
import { decodeUnion } from "./decode-union.ts";
import {
  type DecodePlace,
  type Decoder,
  type Referent,
  checkRange,
  expect,
  join,
  readWord,
  withDeferred,
} from "./decoder.ts";
import { evaluate, refuseDivision } from "./evaluate.ts";
import { InterpretError } from "./fault.ts";
import { formatUuid } from "./uuid.ts";
import { type StructValue, type Value, member } from "./value.ts";

/** Reads a value and hands it to `set`: a structure before its fields are read, the rest afterwards. */
export function decodeType(
  decoder: Decoder,
  type: WireType,
  place: DecodePlace,
  set: (value: Value) => void,
): void {
  switch (type.kind) {
    case "primitive":
      return set(decodePrimitive(decoder, type, place));
    case "named":
      return decodeNamed(decoder, type, place, set);
    case "union":
      return decodeUnion(decoder, type.name, type.switchIs, place, set);
    case "pointer":
      return decodePointer(decoder, type, place, set);
    case "array":
      return decodeArray(decoder, type, place, set);
    case "string":
      return set(decodeString(decoder, type, place));
    case "pipe":
      return set(decodePipe(decoder, type, place));
    case "interfacePointer":
      return set(decodeInterfacePointer(decoder, place));
  }
}

function decodePrimitive(
  decoder: Decoder,
  type: PrimitiveType,
  { path }: DecodePlace,
): number | bigint | boolean {
  const { reader, tree, settings } = decoder;
  const value = reader.primitive(type.name, path);
  const offset = reader.offset - primitiveSize(type.name, settings.syntax);
  tree.leaf(path, offset, reader.offset, String(value));
  // Ranges are of integers.
  if (type.range && type.name !== "f32" && type.name !== "f64") {
    checkRange(decoder, type.range, BigInt(value), path, offset);
  }
  return value;
}

function decodeNamed(
  decoder: Decoder,
  type: NamedType,
  place: DecodePlace,
  set: (value: Value) => void,
): void {
  const plan = namedType(decoder.types, type.name);
  const { reader, tree, settings } = decoder;
  switch (plan.kind) {
    case "struct":
      return decodeStruct(decoder, plan, place, set);
    case "union":
      return decodeUnion(decoder, type.name, null, place, set);
    case "enum": {
      const size = enumSize(plan.isV1, settings.syntax);
      const bits = reader.unsigned(size, place.path);
      const value = size === 4 ? bits | 0 : bits;
      const name = plan.members.find((each) => each.value === value)?.name;
      const offset = reader.offset - size;
      tree.leaf(place.path, offset, reader.offset, name ? `${name} (${value})` : String(value));
      checkRange(decoder, type.range, BigInt(value), place.path, offset);
      return set(value);
    }
    case "contextHandle":
      return set(decodeContextHandle(decoder, place.path));
  }
}

function decodeStruct(
  decoder: Decoder,
  plan: StructPlan,
  place: DecodePlace,
  set: (value: Value) => void,
): void {
  const { reader, tree, settings } = decoder;
  let { counts } = place;
  if (plan.hoisted > 0 && !counts) {
    counts = Array.from({ length: plan.hoisted }, () => readWord(decoder, place.path, "maxCount"));
  }
  const { align } = plan.layout[settings.syntax];
  reader.align(align);
  const value: StructValue = {};
  set(value);
  withDeferred(place, (deferred) => {
    tree.open(place.path, reader.offset);
    plan.fields.forEach((field, at) => {
      const inField: DecodePlace = {
        path: join(place.path, field.name),
        scope: (name) => member(value, name),
        deferred,
        counts: at === plan.fields.length - 1 ? counts : null,
        isElement: false,
      };
      decoder.decode(field.type, inField, (found) => (value[field.name] = found));
    });
    // The gap at the end is part of the structure in NDR64 alone.
    if (settings.syntax === "ndr64") reader.align(align);
    tree.close(reader.offset);
  });
}

function decodePointer(
  decoder: Decoder,
  type: PointerType,
  place: DecodePlace,
  set: (value: Value) => void,
): void {
  const { settings } = decoder;
  const { path, deferred } = place;
  let readTarget = (): void => decodeTarget(decoder, type.target, place, set);
  if (type.id === "both" || (type.id === "ndr64" && settings.syntax === "ndr64")) {
    const { value: id, offset } = readWord(decoder, path, "referent");
    if (type.isIgnored) return set(null);
    if (id === 0n) {
      const message = "a ref pointer is null";
      if (type.class === "ref") throw new InterpretError("null", path, offset, message);
      checkNullCount(decoder, type, place, offset);
      return set(null);
    }
    // Who reads further before the target comes finds a pointer here, not nothing.
    if (deferred) set(null);
    if (type.class === "full") {
      const known = decoder.referents.get(id);
      if (known) return meet(known, set);
      const referent: Referent = { value: undefined, waiting: [set] };
      decoder.referents.set(id, referent);
      readTarget = () =>
        decodeTarget(decoder, type.target, place, (value) => resolve(referent, value));
    }
  }
  if (deferred) deferred.push(readTarget);
  else readTarget();
}

function meet(referent: Referent, set: (value: Value) => void): void {
  if (referent.value === undefined) referent.waiting.push(set);
  else set(referent.value);
}

function resolve(referent: Referent, value: Value): void {
  referent.value = value;
  for (const set of referent.waiting.splice(0)) set(value);
}

function decodeTarget(
  decoder: Decoder,
  target: WireType,
  place: DecodePlace,
  set: (value: Value) => void,
): void {
  const { reader, settings } = decoder;
  if (decoder.depth >= settings.maxDepth) {
    const message = `pointers nest deeper than ${settings.maxDepth}`;
    throw new InterpretError("depth", place.path, reader.offset, message);
  }
  decoder.depth++;
  decoder.decode(target, { ...place, deferred: null, counts: null, isElement: false }, set);
  decoder.depth--;
}

/** A null pointer beside a count that is not 0 is wrong at level 6.0 ([MS-RPCE] 3.1.1.5.3.3.1.2). */
function checkNullCount(
  decoder: Decoder,
  type: PointerType,
  place: DecodePlace,
  offset: number,
): void {
  const { target } = type;
  if (decoder.settings.level < 6 || type.mayBeNullWithCount) return;
  const sizes =
    target.kind === "array"
      ? target.dimensions.map((dimension) => dimension.size)
      : target.kind === "string"
        ? [target.size]
        : [];
  for (const size of sizes) {
    if (size === null || typeof size === "number") continue;
    decoder.checks.push(() => {
      const count = evaluate(size, place.scope);
      refuseDivision(size, place, offset);
      expect(decoder, count === null || count === 0n, "null", place.path, offset, () => {
        return `the pointer is null and its count is ${count}`;
      });
    });
  }
}

function decodeContextHandle(decoder: Decoder, path: string): Value {
  const { reader, tree } = decoder;
  const attributes = reader.unsigned(4, path);
  const offset = reader.offset - 4;
  const uuid = formatUuid({
    low: reader.unsigned(4, path),
    middle: reader.unsigned(2, path),
    high: reader.unsigned(2, path),
    rest: reader.bytes(8, path),
  });
  const isNull = attributes === 0 && /^[0-]*$/.test(uuid);
  tree.leaf(path, offset, reader.offset, isNull ? "null" : `${uuid}, attributes ${attributes}`);
  return isNull ? null : { attributes, uuid };
}

function decodeInterfacePointer(decoder: Decoder, { path }: DecodePlace): Uint8Array {
  const { reader, tree, settings } = decoder;
  const max = readWord(decoder, path, "maxCount");
  const count = reader.unsigned(4, path);
  expect(decoder, max.value === BigInt(count), "correlation", path, max.offset, () => {
    return `the max count is ${max.value} and ought to be ${count}`;
  });
  const offset = reader.offset;
  const bytes = reader.bytes(count, path);
  tree.leaf(path, offset, reader.offset, `OBJREF of ${count} bytes`);
  if (settings.syntax === "ndr64") reader.align(4);
  return bytes;
}

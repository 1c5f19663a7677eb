/** Reads arrays of all kinds (C706 14.3.3, [MS-RPCE] 2.2.5.3.2). */
import { isByte } from "../layout/primitive.ts";
import { elementAlign, layoutOf } from "../layout/type-layout.ts";
import type { ArrayType, Dimension } from "../plan.ts";
import {
  type DecodePlace,
  type Decoder,
  checkRange,
  correlate,
  expect,
  mostElements,
  readBytes,
  readWord,
  withDeferred,
} from "./decoder.ts";
import { InterpretError } from "./fault.ts";
import type { Value } from "./value.ts";

export function decodeArray(
  decoder: Decoder,
  type: ArrayType,
  place: DecodePlace,
  set: (value: Value) => void,
): void {
  const sizes = type.dimensions.map((dimension) => readSize(decoder, dimension, place));
  const lengths = readLengths(decoder, type.dimensions, sizes, place);
  checkSpace(decoder, type, lengths, place);
  withDeferred(place, (deferred) => {
    decodeDimension(decoder, type, lengths, { ...place, deferred, counts: null }, set);
  });
}

function readSize(decoder: Decoder, dimension: Dimension, place: DecodePlace): bigint {
  const { path } = place;
  if (!dimension.isConformant) return BigInt(Number(dimension.size));
  const word = place.counts?.shift() ?? readWord(decoder, path, "maxCount");
  const { value: max, offset } = word;
  expect(decoder, max <= mostElements, "count", path, offset, () => `a max count of ${max}`);
  if (typeof dimension.size === "object") {
    correlate(decoder, place, dimension.size, word, "max count");
  }
  if (decoder.settings.level >= 6) checkRange(decoder, dimension.range, max, path, offset);
  return max;
}

function readLengths(
  decoder: Decoder,
  dimensions: readonly Dimension[],
  sizes: readonly bigint[],
  place: DecodePlace,
): bigint[] {
  const { path } = place;
  return dimensions.map((dimension, at) => {
    const size = sizes[at] ?? 0n;
    const { varying } = dimension;
    if (!varying) return size;
    const first = readWord(decoder, path, "offset");
    if (varying.first) correlate(decoder, place, varying.first, first, "offset");
    else {
      expect(decoder, first.value === 0n, "offset", path, first.offset, () => {
        return `an offset of ${first.value}`;
      });
    }
    const length = readWord(decoder, path, "actualCount");
    const end = first.value + length.value;
    if (varying.length) correlate(decoder, place, varying.length, length, "actual count");
    // Without length_is all elements from the first on are sent.
    const holds = varying.length ? end <= size : end === size;
    expect(decoder, holds, "count", path, length.offset, () => {
      return `elements ${first.value} to ${end} of ${size}`;
    });
    return length.value;
  });
}

/** Holds counts against the bytes that are left, before anything is set aside for them. */
function checkSpace(
  decoder: Decoder,
  type: ArrayType,
  lengths: readonly bigint[],
  place: DecodePlace,
): void {
  const { reader, types, settings } = decoder;
  // What takes no bytes, as an empty structure, may be there all the same.
  const least = layoutOf(type.element, types, settings.syntax).size ?? 1;
  let count = 1n;
  let mostRows = 0n;
  for (const length of lengths) {
    count *= length;
    if (count > mostRows) mostRows = count;
  }
  // Rows without elements take none either, but each is set aside: so many and no more.
  const isTooMany = mostRows > BigInt(Math.max(reader.remaining, 1024));
  if (!isTooMany && count * BigInt(least) <= BigInt(reader.remaining)) return;
  const message = `${lengths.join(" x ")} elements in ${reader.remaining} bytes`;
  throw new InterpretError("count", place.path, reader.offset, message);
}

function decodeDimension(
  decoder: Decoder,
  type: ArrayType,
  [length = 0n, ...inner]: readonly bigint[],
  place: DecodePlace,
  set: (value: Value) => void,
): void {
  const { reader, tree, types, settings } = decoder;
  const { element } = type;
  if (inner.length === 0 && element.kind === "primitive" && isByte(element.name)) {
    return set(readBytes(decoder, length, place.path));
  }
  const values: Value[] = [];
  set(values);
  tree.open(place.path, reader.offset);
  for (let at = 0; at < Number(length); at++) {
    values.push(null);
    const inElement = { ...place, path: `${place.path}[${at}]`, isElement: true };
    const setElement = (value: Value): void => {
      values[at] = value;
    };
    if (inner.length > 0) decodeDimension(decoder, type, inner, inElement, setElement);
    else {
      reader.align(elementAlign(element, types, settings.syntax));
      decoder.decode(element, inElement, setElement);
    }
  }
  tree.close(reader.offset);
}

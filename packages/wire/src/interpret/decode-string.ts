/** Reads strings (C706 14.3.4, [MS-RPCE] 2.2.5.3.3). */
import { charSize } from "../layout/type-layout.ts";
import type { StringType } from "../plan.ts";
import {
  type DecodePlace,
  type Decoder,
  checkRange,
  correlate,
  expect,
  mostElements,
  readWord,
} from "./decoder.ts";
import { InterpretError } from "./fault.ts";

export function decodeString(decoder: Decoder, type: StringType, place: DecodePlace): string {
  const { reader, tree, settings } = decoder;
  const { path } = place;
  let max = BigInt(type.bound ?? 0);
  if (type.isConformant) {
    const word = place.counts?.shift() ?? readWord(decoder, path, "maxCount");
    correlate(decoder, place, type.size, word, "max count");
    max = word.value;
  }
  const { value: first, offset: firstOffset } = readWord(decoder, path, "offset");
  const { value: length, offset } = readWord(decoder, path, "actualCount");
  expect(decoder, first === 0n, "offset", path, firstOffset, () => `an offset of ${first}`);
  expect(decoder, max <= mostElements && first + length <= max, "count", path, offset, () => {
    return `${length} characters of ${max}`;
  });
  if (settings.level >= 6) checkRange(decoder, type.range, type.size ? max : length, path, offset);
  const width = charSize(type);
  if (length * BigInt(width) > BigInt(reader.remaining)) {
    const message = `${length} characters in ${reader.remaining} bytes`;
    throw new InterpretError("count", path, offset, message);
  }
  reader.align(width);
  const codes = Array.from({ length: Number(length) }, () => reader.unsigned(width, path));
  const isTerminated = codes.at(-1) === 0;
  expect(decoder, isTerminated, "terminator", path, offset, () => "the string has no terminator");
  const characters = isTerminated ? codes.slice(0, -1) : codes;
  const text = characters.map((code) => String.fromCharCode(code)).join("");
  tree.leaf(path, reader.offset - codes.length * width, reader.offset, JSON.stringify(text));
  return text;
}

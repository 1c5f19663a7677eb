/** Reads pipes (C706 14.3.11, [MS-RPCE] 2.2.5.3.4.5). */
import { isByte } from "../layout/primitive.ts";
import { layoutOf } from "../layout/type-layout.ts";
import type { PipeType } from "../plan.ts";
import {
  type DecodePlace,
  type Decoder,
  checkRange,
  expect,
  readBytes,
  readWord,
} from "./decoder.ts";
import { InterpretError } from "./fault.ts";
import type { Value } from "./value.ts";

/** The chunks of a pipe up to the empty one. */
export function decodePipe(decoder: Decoder, type: PipeType, place: DecodePlace): Value[] {
  const chunks: Value[] = [];
  for (;;) {
    const path = `${place.path}[${chunks.length}]`;
    const { value: count, offset } = readWord(decoder, path, "count");
    if (count > 0n) {
      checkRange(decoder, type.range, count, path, offset);
      chunks.push(decodeChunk(decoder, type, count, { ...place, path }));
    }
    if (decoder.settings.syntax === "ndr64") {
      const end = readWord(decoder, path, "negatedCount");
      const negated = BigInt.asIntN(64, end.value);
      expect(decoder, negated === -count, "chunk", path, end.offset, () => {
        return `a chunk of ${count} ends with ${negated}`;
      });
    }
    if (count === 0n) return chunks;
  }
}

function decodeChunk(decoder: Decoder, type: PipeType, count: bigint, place: DecodePlace): Value {
  const { reader, types, settings } = decoder;
  const { element } = type;
  const least = Math.max(1, layoutOf(element, types, settings.syntax).size ?? 1);
  if (count * BigInt(least) > BigInt(reader.remaining)) {
    const message = `${count} elements in ${reader.remaining} bytes`;
    throw new InterpretError("count", place.path, reader.offset, message);
  }
  if (element.kind === "primitive" && isByte(element.name)) {
    return readBytes(decoder, count, place.path);
  }
  const values: Value[] = [];
  for (let at = 0; at < Number(count); at++) {
    const inElement = { ...place, path: `${place.path}[${at}]`, isElement: true, deferred: null };
    decoder.decode(element, inElement, (value) => (values[at] = value));
  }
  return values;
}

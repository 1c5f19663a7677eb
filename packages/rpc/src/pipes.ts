/** Pipes: gathered whole, in chunks on the wire, as async iterables for those who call and serve. */
import type { NdrReader, NdrWriter } from "@msrpc/ndr";
import type { PipeCodec } from "./operation.ts";

/** Elements in one chunk. */
const chunkLength = 512;

/** Writes everything that `elements` yields, and the empty chunk that ends the pipe. */
export async function writePipe(
  w: NdrWriter,
  codec: PipeCodec,
  elements: AsyncIterable<unknown>,
  signal?: AbortSignal,
): Promise<void> {
  const full = Math.min(chunkLength, codec.range?.[1] ?? chunkLength);
  let chunk: unknown[] = [];
  for await (const element of elements) {
    signal?.throwIfAborted();
    if (chunk.push(element) < full) continue;
    writeChunk(w, codec, chunk);
    chunk = [];
  }
  if (chunk.length > 0) writeChunk(w, codec, chunk);
  writeChunk(w, codec, []);
}

function writeChunk(w: NdrWriter, codec: PipeCodec, elements: readonly unknown[]): void {
  checkRange(w, codec, elements.length);
  w.chunk(elements.length, codec.member);
  w.enter(codec.member);
  elements.forEach((element, i) => {
    w.at(i);
    codec.write(w, element);
  });
  w.leave();
  w.chunkEnd(elements.length, codec.member);
}

/** Reads all chunks of a pipe. */
export function readPipe(r: NdrReader, codec: PipeCodec): AsyncIterable<unknown> {
  const elements: unknown[] = [];
  for (;;) {
    const count = r.chunk(codec.atLeast, codec.member);
    checkRange(r, codec, count);
    r.enter(codec.member);
    for (let i = 0; i < count; i++) {
      r.at(elements.length);
      elements.push(codec.read(r));
    }
    r.leave();
    r.chunkEnd(count, codec.member);
    if (count === 0) return iterate(elements);
  }
}

/** [range] of a pipe: the elements of a chunk ([MS-RPCE] 3.1.1.5.3.2.2.4). */
function checkRange(at: NdrReader | NdrWriter, codec: PipeCodec, count: number): void {
  if (codec.range !== undefined && count > 0) at.range(count, ...codec.range, codec.member);
}

async function* iterate(elements: readonly unknown[]): AsyncGenerator {
  yield* elements;
}

/** The pipe of a message. One that isn't there is empty: an error's answer has none. */
export function pipeOf(message: object, codec: PipeCodec): AsyncIterable<unknown> {
  const pipe = (message as Readonly<Record<string, unknown>>)[codec.member];
  if (pipe === undefined) return iterate([]);
  if (typeof pipe === "object" && pipe !== null && Symbol.asyncIterator in pipe) {
    return pipe as AsyncIterable<unknown>;
  }
  throw new TypeError(`${codec.member} is no AsyncIterable`);
}

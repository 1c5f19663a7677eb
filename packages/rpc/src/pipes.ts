/** Pipes: gathered whole, in chunks on the wire, as async iterables for those who call and serve. */
import type { NdrReader, NdrWriter } from "@msrpc/ndr";
import type { PipeCodec } from "./operation.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** Elements in one chunk. */
const chunkLength = 512;
/** Milliseconds after which a source that never waits lets others run: timers, signals, other calls. */
const longestRun = 20;

/** Whatever a pipe is filled from: arrays as well. */
export type PipeSource = AsyncIterable<unknown> | Iterable<unknown>;

/** What ends the gathering of a pipe before its source does. */
export interface PipeLimits {
  readonly signal: AbortSignal | undefined;
  /** Octets of the whole message. */
  readonly maxOctets: number;
}

/**
 * Writes everything that `source` yields, and the empty chunk that ends the pipe. A source that is left
 * before its end is told so.
 *
 * @throws NdrError for an element that can't be written, and `too_large`; the signal's reason; what the source throws
 */
export async function writePipe(
  w: NdrWriter,
  codec: PipeCodec,
  source: PipeSource,
  limits: PipeLimits,
): Promise<void> {
  const { signal } = limits;
  const full = Math.min(chunkLength, codec.range?.[1] ?? chunkLength);
  const steps = stepsOf(source, signal);
  let isDone = false;
  try {
    let chunk: unknown[] = [];
    let written = 0;
    let since = performance.now();
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await steps.next();
      if (done === true) break;
      if (chunk.push(value) < full) continue;
      writeChunk(w, codec, chunk, written, limits.maxOctets);
      written += chunk.length;
      chunk = [];
      if (performance.now() - since < longestRun) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    isDone = true;
    if (chunk.length > 0) writeChunk(w, codec, chunk, written, limits.maxOctets);
    writeChunk(w, codec, [], written, limits.maxOctets);
  } finally {
    if (!isDone) await steps.leave();
  }
}

interface Steps {
  next(): Promise<IteratorResult<unknown>> | IteratorResult<unknown>;
  /** Ends the iteration as leaving a loop does. Never rejects, and waits no longer than the signal lets it. */
  leave(): Promise<void>;
}

function stepsOf(source: PipeSource, signal: AbortSignal | undefined): Steps {
  const isAsync = Symbol.asyncIterator in source;
  const iterator = isAsync ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return {
    next() {
      const step = iterator.next();
      return isAsync ? unlessAborted(Promise.resolve(step), signal) : step;
    },
    async leave() {
      try {
        await unlessAborted(Promise.resolve(iterator.return?.()), signal);
      } catch {
        // The error that the iteration is left for is the one to be heard of.
      }
    },
  };
}

/** `start`: the place of its first element in the pipe. */
function writeChunk(
  w: NdrWriter,
  codec: PipeCodec,
  elements: readonly unknown[],
  start: number,
  maxOctets: number,
): void {
  checkRange(w, codec, elements.length);
  w.chunk(elements.length, codec.member);
  w.enter(codec.member);
  try {
    elements.forEach((element, i) => {
      w.at(start + i);
      codec.write(w, element);
    });
  } catch (thrown) {
    throw w.asNdrError(thrown);
  }
  w.leave();
  w.chunkEnd(elements.length, codec.member);
  if (w.offset > maxOctets) {
    const problem = `the message has more than ${maxOctets} octets`;
    throw w.error("too_large", codec.member, problem, maxOctets, w.offset);
  }
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

/**
 * The pipe of a message.
 *
 * @throws NdrError for what is no iterable, as where it is missing
 */
export function pipeOf(w: NdrWriter, message: object, { member }: PipeCodec): PipeSource {
  const pipe = (message as Readonly<Record<string, unknown>>)[member];
  if (typeof pipe === "object" && pipe !== null) {
    if (Symbol.asyncIterator in pipe) return pipe as AsyncIterable<unknown>;
    if (Symbol.iterator in pipe) return pipe as Iterable<unknown>;
  }
  throw w.invalid(pipe, "an AsyncIterable or Iterable", member);
}

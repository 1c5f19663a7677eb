/** Bad input for decoders: octet streams cut, flipped, inflated and made up, the same ones for a seed. */
import { NdrError } from "../error.ts";
import type { NdrReaderOptions } from "../options.ts";
import { NdrReader } from "../reader.ts";

export interface FuzzOptions extends NdrReaderOptions {
  /** How many streams to try. */
  readonly cases: number;
  /** Default: 1. */
  readonly seed?: number;
  /** Of streams made up from nothing. Default: 256. */
  readonly maxLength?: number;
  /** Appears in errors: `ApiOpenGroup request`. */
  readonly operation?: string;
}

export interface FuzzReport {
  readonly cases: number;
  /** Streams that were still well-formed. */
  readonly accepted: number;
  /** How many were refused, by the code of the error. */
  readonly refused: Readonly<Record<string, number>>;
}

/** A decoder that threw something else than an `NdrError`, with the octets that made it. */
export class FuzzFailure extends Error {
  override readonly name = "FuzzFailure";
  readonly stub: Uint8Array;

  constructor(stub: Uint8Array, cause: unknown) {
    const hex = [...stub].map((octet) => octet.toString(16).padStart(2, "0")).join("");
    super(`a decoder threw ${String(cause)} on ${hex}`, { cause });
    this.stub = stub;
  }
}

/**
 * Feeds `decode` mutations of the samples, and random octets.
 *
 * @throws FuzzFailure where it throws anything but an `NdrError` that says where
 */
export function fuzzDecoder(
  decode: (r: NdrReader) => unknown,
  samples: readonly Uint8Array[],
  options: FuzzOptions,
): FuzzReport {
  const next = randomSource(options.seed ?? 1);
  const refused: Record<string, number> = {};
  let accepted = 0;
  for (let i = 0; i < options.cases; i++) {
    const stub = makeCase(samples, next, options.maxLength ?? 256);
    const r = new NdrReader(stub, options);
    r.operation = options.operation ?? "";
    try {
      decode(r);
      accepted++;
    } catch (error) {
      if (!(error instanceof NdrError) || error.operation !== r.operation) {
        throw new FuzzFailure(stub, error);
      }
      refused[error.code] = (refused[error.code] ?? 0) + 1;
    }
  }
  return { cases: options.cases, accepted, refused };
}

/** Integers of 0 to `below` - 1, the same ones for a seed (xorshift32). */
export function randomSource(seed: number): (below: number) => number {
  let state = (seed | 0) === 0 ? 1 : seed | 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Values that counts, offsets and referent ids go wrong with. */
const telling: readonly number[] = [0, 1, 2, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

function makeCase(
  samples: readonly Uint8Array[],
  next: (below: number) => number,
  maxLength: number,
): Uint8Array {
  const sample = samples.length === 0 ? undefined : samples[next(samples.length)];
  if (sample === undefined || sample.length === 0 || next(8) === 0) {
    return Uint8Array.from({ length: next(maxLength + 1) }, () => next(256));
  }
  let stub = sample.slice();
  for (let changes = 1 + next(3); changes > 0; changes--) {
    const at = next(stub.length);
    switch (next(4)) {
      case 0:
        stub = stub.slice(0, at);
        if (stub.length === 0) return stub;
        break;
      case 1:
        stub[at] = (stub[at] ?? 0) ^ (1 << next(8));
        break;
      case 2:
        stub[at] = next(256);
        break;
      default:
        putWord(stub, at & ~3, telling[next(telling.length)] ?? 0);
    }
  }
  return stub;
}

function putWord(stub: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4 && at + i < stub.length; i++) stub[at + i] = value >>> (8 * i);
}

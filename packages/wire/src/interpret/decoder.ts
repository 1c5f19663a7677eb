/** What the parts of decoding share. */
import type { Expr, Range } from "../plan.ts";
import type { Types } from "../layout/type-layout.ts";
import { type Scope, evaluate } from "./evaluate.ts";
import { type FaultCode, InterpretError } from "./fault.ts";
import type { Settings } from "./options.ts";
import type { Reader } from "./reader.ts";
import type { TreeBuilder } from "./tree.ts";
import type { Value } from "./value.ts";

export interface Decoder {
  readonly reader: Reader;
  readonly types: Types;
  readonly settings: Settings;
  readonly tree: TreeBuilder;
  /**
   * Checks of counts and discriminants against what states them, which may stand further on in the bytes;
   * so all are made at the end.
   */
  readonly checks: (() => void)[];
  /** Full pointers by referent id. */
  readonly referents: Map<bigint, Referent>;
  depth: number;
}

/** The target of full pointers: its value once it is read, and who waits for it. */
export interface Referent {
  value: Value | undefined;
  readonly waiting: ((value: Value) => void)[];
}

/** Where a type stands while it is read. */
export interface DecodePlace {
  readonly path: string;
  readonly scope: Scope;
  /** Targets to read behind the structure, union or array that this is in; null outside of any. */
  readonly deferred: (() => void)[] | null;
  /** Max counts that were read in front of the structure that this ends. */
  readonly counts: bigint[] | null;
  readonly isElement: boolean;
}

/** Reads what is in place, then the targets that it left. */
export function withDeferred(place: DecodePlace, read: (deferred: (() => void)[]) => void): void {
  if (place.deferred) return read(place.deferred);
  const deferred: (() => void)[] = [];
  read(deferred);
  for (const readTarget of deferred) readTarget();
}

/** Complains at level 5.0 and above. */
export function expect(
  decoder: Decoder,
  holds: boolean,
  code: FaultCode,
  path: string,
  offset: number,
  message: () => string,
): void {
  if (decoder.settings.level >= 5 && !holds)
    throw new InterpretError(code, path, offset, message());
}

/** Checks a count or discriminant that was read against the expression that states it. */
export function correlate(
  decoder: Decoder,
  place: DecodePlace,
  expr: Expr | null,
  found: bigint,
  what: string,
): void {
  if (!expr) return;
  const { offset } = decoder.reader;
  decoder.checks.push(() => {
    const stated = evaluate(expr, place.scope);
    const holds = stated === null || stated === found;
    expect(decoder, holds, "correlation", place.path, offset, () => {
      return `the ${what} is ${found} and ought to be ${stated}`;
    });
  });
}

/** Checks a number against its [range]. */
export function checkRange(
  decoder: Decoder,
  range: Range | undefined,
  found: bigint,
  path: string,
  offset: number,
): void {
  if (!range) return;
  const holds = found >= BigInt(range.low) && found <= BigInt(range.high);
  expect(decoder, holds, "range", path, offset, () => {
    return `${found} is not in ${range.low} to ${range.high}`;
  });
}

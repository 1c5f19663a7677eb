/** What the parts of decoding share. */
import type { Expr, Range, WireType } from "../plan.ts";
import type { Types } from "../layout/type-layout.ts";
import { wordSize } from "../syntax.ts";
import { type Scope, evaluate, refuseDivision } from "./evaluate.ts";
import { type FaultCode, InterpretError } from "./fault.ts";
import type { Settings } from "./options.ts";
import type { Reader } from "./reader.ts";
import type { TreeBuilder } from "./tree.ts";
import type { Value } from "./value.ts";

export interface Decoder {
  /** Reads a value and hands it to `set`: a structure before its fields are read, so that these can lead to it. */
  readonly decode: (type: WireType, place: DecodePlace, set: (value: Value) => void) => void;
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
  readonly counts: Word[] | null;
  readonly isElement: boolean;
}

/** Reads what is in place, then the targets that it left. */
export function withDeferred(place: DecodePlace, read: (deferred: (() => void)[]) => void): void {
  if (place.deferred) return read(place.deferred);
  const deferred: (() => void)[] = [];
  read(deferred);
  for (const readTarget of deferred) readTarget();
}

/** The most elements that a count may state ([MS-RPCE] 3.1.1.5.3.2.2.1). */
export const mostElements = 0x7fff_ffffn;

/** The path of a member. */
export function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** A count or referent id, and where it stood. */
export interface Word {
  readonly value: bigint;
  readonly offset: number;
}

/** Reads a count or referent id and notes it in the tree. */
export function readWord(decoder: Decoder, path: string, what: string): Word {
  const { reader, tree, settings } = decoder;
  const value = reader.word(path);
  const text = what === "referent" ? `0x${value.toString(16).padStart(8, "0")}` : String(value);
  const offset = reader.offset - wordSize(settings.syntax);
  tree.leaf(join(path, `<${what}>`), offset, reader.offset, text);
  return { value, offset };
}

/** Bytes for which a program has one value. */
export function readBytes(decoder: Decoder, count: bigint, path: string): Uint8Array {
  const { reader, tree } = decoder;
  const bytes = reader.bytes(Number(count), path);
  const shown = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0"));
  const text = `${bytes.length} bytes: ${shown.join(" ")}${bytes.length > 16 ? " ..." : ""}`;
  tree.leaf(path, reader.offset - bytes.length, reader.offset, text);
  return bytes;
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
  { value: found, offset }: Word,
  what: string,
): void {
  if (!expr) return;
  decoder.checks.push(() => {
    const stated = evaluate(expr, place.scope);
    refuseDivision(expr, place, offset);
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

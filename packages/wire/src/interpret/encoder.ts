/** What the parts of encoding share. */
import type { Types } from "../layout/type-layout.ts";
import type { Expr, WireType } from "../plan.ts";
import { type Scope, evaluate, refuseDivision } from "./evaluate.ts";
import { InterpretError } from "./fault.ts";
import type { Settings } from "./options.ts";
import type { Value } from "./value.ts";
import type { Writer } from "./writer.ts";

export interface Encoder {
  readonly encode: (type: WireType, place: EncodePlace, value: Value) => void;
  readonly writer: Writer;
  readonly types: Types;
  readonly settings: Settings;
  /** Of the next pointer that is not null: 0x20000 and on in steps of 4. */
  nextReferent: bigint;
  /** Referent ids of the targets of full pointers that were written, by the pointers on the way to the target. */
  readonly referents: Map<number, Map<object, bigint>>;
}

/** Where a type stands while it is written. */
export interface EncodePlace {
  readonly path: string;
  readonly scope: Scope;
  /** Targets to write behind the structure, union or array that this is in; null outside of any. */
  readonly deferred: (() => void)[] | null;
  /** The max counts of this stand in front of the structure that it ends. */
  readonly isHoisted: boolean;
  readonly isElement: boolean;
}

/** Writes what is in place, then the targets that it left. */
export function withDeferred(place: EncodePlace, write: (deferred: (() => void)[]) => void): void {
  if (place.deferred) return write(place.deferred);
  const deferred: (() => void)[] = [];
  write(deferred);
  for (const writeTarget of deferred) writeTarget();
}

/** A value that is not of its type. */
export function wrong(encoder: Encoder, place: EncodePlace, message: string): InterpretError {
  return new InterpretError("value", place.path, encoder.writer.offset, message);
}

/** What an expression says; `otherwise` where there is none or it depends on what isn't known. */
export function stated(
  encoder: Encoder,
  expr: Expr | null,
  place: EncodePlace,
  otherwise: bigint,
): bigint {
  if (!expr) return otherwise;
  refuseDivision(expr, place, encoder.writer.offset);
  return evaluate(expr, place.scope) ?? otherwise;
}

/** The members of a structure. */
export function membersOf(
  encoder: Encoder,
  place: EncodePlace,
  value: Value,
): Readonly<Record<string, Value>> {
  if (typeof value === "object" && value && !Array.isArray(value) && !isBytes(value)) {
    return value as Readonly<Record<string, Value>>;
  }
  throw wrong(encoder, place, "an object is wanted");
}

function isBytes(value: object): value is Uint8Array {
  return value instanceof Uint8Array;
}

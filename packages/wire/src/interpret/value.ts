/**
 * Values as the interpreter reads and writes them, keyed by IDL names.
 *
 * - integers to 32 bits, enumerations, single characters: number; 64-bit and __int3264 ones: bigint
 * - floating-point: number; boolean: boolean; [string]: string (`char` as Latin-1), without its terminator
 * - structure, and the parameters of an operation: an object by field name; the result is `return`.
 *   Counts are fields like any others
 * - union: `{ tag, arm, value }` with the name of the arm, or `arm: null, value: null` for an empty one
 * - array of bytes (see `isByte`): Uint8Array; other arrays: arrays of what was sent; a dimension each
 * - pointer: its target or null; a pointer to a null pointer is null as well. Full pointers to one structure, union or array are one object
 * - context handle: `{ attributes, uuid }`, or null for the null handle
 * - interface pointer: null, or the bytes of its OBJREF
 * - pipe: an array of its chunks, the empty one at the end left out
 */
export type Value =
  | number
  | bigint
  | boolean
  | string
  | null
  | Uint8Array
  | readonly Value[]
  | StructValue
  | UnionValue;

export interface StructValue {
  [field: string]: Value;
}

export interface UnionValue {
  tag: number | bigint | boolean;
  arm: string | null;
  value: Value;
}

/** The name that an operation's result goes by among its [out] parameters. */
export const resultName = "return";

/** A member by name, undefined where there is none: not even what every object has, such as `toString`. */
export function member(
  value: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return value && Object.hasOwn(value, name) ? value[name] : undefined;
}

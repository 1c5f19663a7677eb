/** What is wrong with bytes or with a value. */

/**
 * - `short`: the bytes end early
 * - `count`: a count is larger than its bound, or than the bytes that are left
 * - `correlation`: a count or discriminant differs from the field or parameter that states it
 * - `division`: the expression that states a count or discriminant divides by zero
 * - `offset`: a varying array or a string does not begin where it should
 * - `terminator`: a string does not end in a zero
 * - `range`: a value is outside of its [range]
 * - `discriminant`: no arm of a union has it
 * - `null`: a ref pointer is null, or a pointer to an array of a count that is not 0
 * - `depth`: pointers nest deeper than allowed
 * - `parts`: there are more parts than allowed
 * - `chunk`: the counts around a pipe's chunk are at odds
 * - `value`: a value to encode is not of its type
 */
export type FaultCode =
  | "short"
  | "count"
  | "correlation"
  | "division"
  | "offset"
  | "terminator"
  | "range"
  | "discriminant"
  | "null"
  | "depth"
  | "parts"
  | "chunk"
  | "value";

/** Thrown while interpreting; decoding hands it back in its result, encoding lets it through. */
export class InterpretError extends Error {
  override readonly name = "InterpretError";
  readonly code: FaultCode;
  /** `Entry[3].Name`, from the parameter or type on. */
  readonly path: string;
  /** In the stub; where encoding stood. */
  readonly offset: number;
  /** Whose stub it is; null for a value by itself. */
  operation: string | null = null;

  constructor(code: FaultCode, path: string, offset: number, message: string) {
    super(`${path === "" ? "" : `${path}: `}${message} (offset ${offset})`);
    this.code = code;
    this.path = path;
    this.offset = offset;
  }
}

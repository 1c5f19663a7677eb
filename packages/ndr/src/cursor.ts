/** What reader and writer share: the path of the field at hand, and checks that name it. */
import { NdrError, type NdrErrorCode } from "./error.ts";
import { type ByteOrder, defaultLimits, type NdrOptions, type TransferSyntax } from "./options.ts";

/** [MS-RPCE] 3.1.1.5.3.2.2.1: elements in one dimension. */
export const maxElements: number = 0x7fff_ffff;

const machineIsLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A value for an error message, short and on one line. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return value.constructor?.name ?? "an object";
  return String(value);
}

export abstract class Cursor {
  /** Names the operation and direction in errors. Empty where only a type is at hand. */
  operation = "";
  protected readonly is64: boolean;
  protected readonly little: boolean;
  /** The stream and this machine are both little-endian, so that typed arrays may be used. */
  protected readonly isNative: boolean;
  readonly #maxDepth: number;
  readonly #names: string[] = [];
  readonly #indexes: number[] = [];
  #depth = 0;
  /** The element at hand of what was entered last; -1 where it has none. */
  #index = -1;

  protected constructor(options: NdrOptions) {
    this.is64 = options.syntax === "ndr64";
    this.little = options.byteOrder !== "big";
    this.isNative = this.little && machineIsLittle;
    this.#maxDepth = options.limits?.maxDepth ?? defaultLimits.maxDepth;
  }

  get syntax(): TransferSyntax {
    return this.is64 ? "ndr64" : "ndr";
  }

  get byteOrder(): ByteOrder {
    return this.little ? "little" : "big";
  }

  /** Octets from the start of the stub to the next field. */
  abstract get offset(): number;

  /** Goes into a nested structure, array or target; every call has its `leave`. */
  enter(name: string): void {
    const depth = this.#depth;
    if (depth >= this.#maxDepth) {
      throw this.error("too_deep", name, `nests deeper than ${this.#maxDepth}`, this.#maxDepth);
    }
    this.#names[depth] = name;
    this.#indexes[depth] = this.#index;
    this.#index = -1;
    this.#depth = depth + 1;
  }

  /** Says which element of the array entered last comes next. */
  at(index: number): void {
    this.#index = index;
  }

  leave(): void {
    this.#index = this.#indexes[--this.#depth] as number;
  }

  /** Back to the outermost level, after an error as well. */
  protected restart(): void {
    this.#depth = 0;
    this.#index = -1;
  }

  /** The path of a field here: `Entry[3].Name`. */
  path(name: string): string {
    const parts: string[] = [];
    for (let i = 0; i < this.#depth; i++) {
      const index = (i + 1 < this.#depth ? this.#indexes[i + 1] : this.#index) ?? -1;
      parts.push(index < 0 ? (this.#names[i] ?? "") : `${this.#names[i]}[${index}]`);
    }
    if (name !== "") parts.push(name);
    return parts.join(".");
  }

  /** An error at the field `name` of what was entered last. */
  error(
    code: NdrErrorCode,
    name: string,
    problem: string,
    expected?: number | bigint | string,
    found?: number | bigint | string,
  ): NdrError {
    return new NdrError({
      code,
      problem,
      operation: this.operation,
      path: this.path(name),
      offset: this.offset,
      ...(expected !== undefined && { expected }),
      ...(found !== undefined && { found }),
    });
  }

  /** For generated code: `throw w.invalid(v, "one of 1, 2", "type")`. */
  invalid(value: unknown, expected: string, name: string): NdrError {
    const found = show(value);
    return this.error(
      "invalid_value",
      name,
      `expected ${expected}, found ${found}`,
      expected,
      found,
    );
  }

  /** A union without an arm for `tag`: `throw r.noArm(tag, "u")`. */
  noArm(tag: number | bigint | boolean, name: string): NdrError {
    return this.error("unknown_tag", name, `no arm has the tag ${tag}`, undefined, String(tag));
  }

  // ---- checks of [MS-RPCE] 3.1.1.5.3.2, on encoding as on decoding ----------------------------

  /** Maximum count against size_is or max_is ([MS-RPCE] 3.1.1.5.3.2.1.1 to .4). */
  sizeIs(count: number, expected: number, name: string): void {
    if (count !== expected) {
      const problem = `the size is ${count}, size_is says ${expected}`;
      throw this.error("size_mismatch", name, problem, expected, count);
    }
  }

  /** Actual count against length_is or last_is ([MS-RPCE] 3.1.1.5.3.2.1.8 and .9). */
  lengthIs(count: number, expected: number, name: string): void {
    if (count !== expected) {
      const problem = `the length is ${count}, length_is says ${expected}`;
      throw this.error("length_mismatch", name, problem, expected, count);
    }
  }

  /** Offset against first_is or min_is ([MS-RPCE] 3.1.1.5.3.2.1.5 and .6). */
  firstIs(first: number, expected: number, name: string): void {
    if (first !== expected) {
      const problem = `the first index is ${first}, first_is says ${expected}`;
      throw this.error("first_mismatch", name, problem, expected, first);
    }
  }

  /** A union's tag against switch_is ([MS-RPCE] 3.1.1.5.3.2.1.11). */
  switchIs<T extends number | bigint | boolean>(tag: T, expected: T, name: string): void {
    if (tag !== expected) {
      const problem = `the tag is ${tag}, switch_is says ${expected}`;
      throw this.error("tag_mismatch", name, problem, String(expected), String(tag));
    }
  }

  /** A quotient in size_is or its likes, rounded towards zero as in C. */
  quotient(left: number, right: number, name: string): number {
    return Math.trunc(left / this.#divisor(left, right, name));
  }

  /** A remainder in size_is or its likes, of the sign of `left`. */
  remainder(left: number, right: number, name: string): number {
    return left % this.#divisor(left, right, name);
  }

  #divisor(left: number, right: number, name: string): number {
    if (right !== 0) return right;
    throw this.error("division_by_zero", name, `what states its count or tag divides ${left} by 0`);
  }

  /** [range] of an integer, both ends inclusive ([MS-RPCE] 3.1.1.5.3.2.2.4). Gives it back. */
  range<T extends number | bigint>(value: T, low: T, high: T, name: string): T {
    if (value < low || value > high) {
      const problem = `${value} is outside the range ${low} to ${high}`;
      throw this.error("out_of_range", name, problem, `${low} to ${high}`, value);
    }
    return value;
  }

  /** Offset and actual count together exceed the max count ([MS-RPCE] 3.1.1.5.3.2.1.12). */
  protected exceeds(size: number, first: number, length: number, name: string): NdrError {
    const from = first === 0 ? "" : ` from index ${first}`;
    const problem = `${length} elements${from} exceed the size of ${size}`;
    return this.error("length_exceeds_size", name, problem, size, first + length);
  }

  /**
   * What an encoder threw as an `NdrError`: a member that is missing altogether makes generated code
   * run into a TypeError, and the path is still where that happened. The TypeError is the cause.
   */
  asNdrError(thrown: unknown): NdrError {
    if (thrown instanceof NdrError) return thrown;
    const problem = thrown instanceof Error ? thrown.message : show(thrown);
    const { operation, offset } = this;
    const path = this.path("");
    return new NdrError(
      { code: "invalid_value", problem, operation, path, offset },
      { cause: thrown },
    );
  }

  /** What a presentation threw, at the field that it presents. */
  protected unpresentable(thrown: unknown, name: string): NdrError {
    if (thrown instanceof NdrError) return thrown;
    const problem = thrown instanceof Error ? thrown.message : show(thrown);
    const { operation, offset } = this;
    const path = this.path(name);
    return new NdrError(
      { code: "presentation", problem, operation, path, offset },
      { cause: thrown },
    );
  }

  /** A count that fits in memory: 0 to 2^31-1. */
  protected element(count: number, name: string): number {
    if (!(count >= 0 && count <= maxElements && Number.isInteger(count))) {
      const problem = `a count of ${count} is outside 0 to ${maxElements}`;
      throw this.error("count_too_large", name, problem, maxElements, count);
    }
    return count;
  }
}

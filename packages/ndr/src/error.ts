/** The one error of readers and writers: what is wrong, in which field, at which offset. */

export type NdrErrorCode =
  /** Fewer octets than the type needs ([MS-RPCE] 3.1.1.5.3.2.2.3). */
  | "end_of_data"
  /** Octets are left after the last parameter. */
  | "trailing_data"
  /** More than 2^31-1 elements ([MS-RPCE] 3.1.1.5.3.2.2.1). */
  | "count_too_large"
  /** The max count is not what size_is or max_is says, or an array hasn't the length it must have. */
  | "size_mismatch"
  /** The actual count is not what length_is or last_is says. */
  | "length_mismatch"
  /** The offset is not what first_is or min_is says, or not 0 without one. */
  | "first_mismatch"
  /** Offset and actual count together exceed the max count ([MS-RPCE] 3.1.1.5.3.2.1.12). */
  | "length_exceeds_size"
  /** The last element of a [string] is no terminator. */
  | "unterminated_string"
  /** A reference pointer or a handle that must be there is NULL. */
  | "null_reference"
  /** A NULL pointer to an array whose count is not zero ([MS-RPCE] 3.1.1.5.3.3.1.2). */
  | "null_with_count"
  /** A union's tag is not what switch_is says; on encoding also, the default arm has the tag of another. */
  | "tag_mismatch"
  /** size_is, switch_is or the like divides by a field that is 0. */
  | "division_by_zero"
  /** A union has no arm for this tag. */
  | "unknown_tag"
  /** Outside [range], or an enumeration's value does not fit its 15 bits. */
  | "out_of_range"
  /** A stream of 2^30 octets or more. */
  | "too_large"
  /** Constructed types nest deeper than the limit. */
  | "too_deep"
  /** Two full pointers with one referent id point at different types. */
  | "referent_type_mismatch"
  /** The two counts of a chunk in an NDR64 pipe disagree, or a pipe ends too early. */
  | "malformed_pipe"
  /** Not a value of the field's type. Encoding only. */
  | "invalid_value"
  /** A character that the field cannot carry: U+0000, or above U+00FF in a string of octets. */
  | "invalid_character"
  /** What presents the value refused it, or failed: its own error is the cause. */
  | "presentation"
  /** A data representation label or serialization header that is not supported or malformed. */
  | "unsupported_representation";

export interface NdrErrorDetails {
  readonly code: NdrErrorCode;
  /** One clause that completes the field's path: `max count is 3, EntryCount says 4`. */
  readonly problem: string;
  /** `ApiGetNetworkState request`; empty where only a type is read. */
  readonly operation: string;
  /** `Entry[3].Name`, by the names of the IDL. */
  readonly path: string;
  /** In octets from the start of the stub. */
  readonly offset: number;
  readonly expected?: number | bigint | string;
  readonly found?: number | bigint | string;
}

/**
 * An octet stream that breaks the rules, or a value that has no representation.
 *
 * A server answers such a request with fault 0x6F7 ([MS-RPCE] 3.1.3.5.2).
 */
export class NdrError extends Error implements NdrErrorDetails {
  override readonly name = "NdrError";
  readonly code: NdrErrorCode;
  readonly problem: string;
  readonly operation: string;
  readonly path: string;
  readonly offset: number;
  readonly expected?: number | bigint | string;
  readonly found?: number | bigint | string;

  constructor(details: NdrErrorDetails, options?: ErrorOptions) {
    const where = [details.operation, details.path].filter((part) => part !== "").join(", ");
    super(
      `${where === "" ? "" : `${where}: `}${details.problem} (offset ${details.offset})`,
      options,
    );
    this.code = details.code;
    this.problem = details.problem;
    this.operation = details.operation;
    this.path = details.path;
    this.offset = details.offset;
    if (details.expected !== undefined) this.expected = details.expected;
    if (details.found !== undefined) this.found = details.found;
  }
}

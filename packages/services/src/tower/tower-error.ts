/** What is wrong with octets that should be a protocol tower, or with values that none can carry. */

export type TowerErrorCode =
  /** It ends inside a floor. */
  | "too_short"
  /** Octets are left behind the last floor. */
  | "trailing_data"
  /** Fewer than three floors, or more than six ([MS-RPCE] 3.1.3.5.3). */
  | "bad_floor_count"
  /** The first two floors are no interface and transfer syntax. */
  | "bad_syntax_floor"
  /** A floor whose address is not what its protocol has. */
  | "bad_floor"
  /** More than 2,000 octets ([MS-RPCE] 2.2.1.2.2). */
  | "too_long"
  /** A value that has no form in a tower: an IPv6 address, a name with a NUL, a port of more than 16 bits. */
  | "bad_value";

export class TowerError extends Error {
  override readonly name = "TowerError";
  readonly code: TowerErrorCode;

  constructor(code: TowerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

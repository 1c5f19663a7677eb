/** Why a store can't be opened, or can't keep what it is given. */

export type StoreErrorCode =
  /** Not as a store writes it. Nothing was changed. */
  | "damaged"
  /** Another program's. Nothing was changed. */
  | "foreign"
  /** Of a version that this one doesn't know. Nothing was changed. */
  | "newer"
  /** Another process has it open. */
  | "in_use"
  /** The system lets nobody read, make or write it, or has no room left. */
  | "unavailable";

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;
  readonly file: string;

  constructor(code: StoreErrorCode, file: string, problem: string, options?: ErrorOptions) {
    super(`the store ${file} ${problem}`, options);
    this.code = code;
    this.file = file;
  }
}

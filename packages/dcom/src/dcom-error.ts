/** What octets of DCOM get wrong. */
export class DcomError extends Error {
  override readonly name = "DcomError";
  /** Where in the octets, from 0. */
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(`${problem} (offset ${offset})`);
    this.offset = offset;
  }
}

/** Values as JSON: what people write in a shell, and what programs read of an answer. */

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Statuses by name, and where they stand. */
export interface StatusTable {
  /** Names and numbers. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Parameters that are statuses, beside those of type error_status_t; `return` is the result. */
  readonly members: readonly string[];
}

export const noStatuses: StatusTable = { numbers: {}, members: [] };

/** JSON that is no value of a type: names what it is of. */
export class JsonValueError extends Error {
  override readonly name = "JsonValueError";
  /** `Entry[3].Name`; empty for the whole. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(path === "" ? problem : `${path}: ${problem}`);
    this.path = path;
  }
}

/** The name of a status, where it is unsigned or signed; undefined where it has none. */
export function statusName(table: StatusTable, value: number): string | undefined {
  const wanted = value >>> 0;
  return Object.entries(table.numbers).find(([, number]) => number >>> 0 === wanted)?.[0];
}

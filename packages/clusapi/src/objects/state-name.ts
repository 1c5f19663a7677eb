/** States as words: the names that the bindings give to their numbers. */

/** `"Online" | "Offline" | ...` of `GroupState`. */
export type NameOf<Table> = keyof Table & string;

/** A number that the table doesn't have is Unknown. */
export function nameOf<Table extends Readonly<Record<string, number>> & { Unknown: number }>(
  table: Table,
  value: number,
): NameOf<Table> {
  const found = Object.entries(table).find(([, number]) => number === value);
  return found === undefined ? "Unknown" : found[0];
}

/** Flags by their names. */

export function flagsIn<Table extends Readonly<Record<string, number>>>(
  table: Table,
  names: readonly (keyof Table)[] = [],
): number {
  return names.reduce((all, name) => all | (table[name] ?? 0), 0);
}

/** What operations with flags take beside them: no property list. */
export const nothing: Uint8Array = new Uint8Array(0);

/** Errors of the document's tables that a server of ours doesn't answer, and why. A test that sees one fails the tables. */
import type { StatusName } from "../../src/service/methods/row.ts";
import type { Version } from "../../src/service/methods/table.ts";

interface Unproduced {
  readonly errors: readonly StatusName[];
  /** By default every method. */
  readonly opnums?: readonly number[];
  /** By default both. */
  readonly version?: Version;
  readonly reason: string;
}

const unproduced: readonly Unproduced[] = [
  {
    errors: ["ERROR_NOT_ENOUGH_MEMORY"],
    reason: "a call that is too large is refused before; a process without memory ends",
  },
  {
    errors: ["RPC_S_PROCNUM_OUT_OF_RANGE"],
    reason: "of servers that don't have the method",
  },
];

/** Why a method doesn't answer an error; null where it has to be seen to. */
export function reasonFor(version: Version, opnum: number, error: StatusName): string | null {
  const found = unproduced.find(
    (one) =>
      one.errors.includes(error) &&
      (one.opnums === undefined || one.opnums.includes(opnum)) &&
      (one.version === undefined || one.version === version),
  );
  return found?.reason ?? null;
}

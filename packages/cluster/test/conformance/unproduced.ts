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
  {
    errors: ["ERROR_EXCEPTION_IN_SERVICE"],
    reason: "a bug in a server ends the call in a fault",
  },
  {
    errors: ["ERROR_GROUPSET_NOT_FOUND"],
    opnums: [166, 167, 169, 171, 172, 183],
    reason:
      "of servers that hear from others that it was deleted; see `ERROR_GROUPSET_NOT_AVAILABLE`",
  },
  {
    errors: ["ERROR_DIR_NOT_EMPTY"],
    opnums: [167, 168, 183],
    reason: "what is in a group set is no hindrance",
  },
  {
    errors: ["ERROR_NOT_SUPPORTED"],
    opnums: [167, 168, 169, 171, 183],
    reason: "every group and every group set will do",
  },
  {
    errors: ["ERROR_INVALID_STATE"],
    opnums: [169],
    reason: "a group leaves the group set that it is in",
  },
  {
    errors: ["RPC_S_SERVER_UNAVAILABLE", "ERROR_NODE_NOT_ACTIVE_CLUSTER_MEMBER"],
    opnums: [172, 175],
    reason: "no other node is asked",
  },
  {
    errors: ["ERROR_RESOURCE_ONLINE"],
    opnums: [179],
    reason: "the document has no condition for it; what is online stays",
  },
  {
    errors: ["ERROR_PRIVILEGE_NOT_HELD"],
    opnums: [173, 174],
    reason: "no code takes a privilege",
  },
  {
    errors: ["ERROR_IO_PENDING"],
    opnums: [123, 182],
    reason: "it is done when the call is answered",
  },
  {
    errors: ["ERROR_SHUTDOWN_CLUSTER", "ERROR_DISK_NOT_CSV_CAPABLE"],
    opnums: [182],
    reason: "a cluster isn't shut down as a whole, and every disk has a volume",
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

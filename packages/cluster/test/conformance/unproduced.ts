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
  { errors: ["RPC_S_PROCNUM_OUT_OF_RANGE"], reason: "of servers that don't have the method" },
  {
    errors: [
      "ERROR_CLUSTER_NODE_NOT_READY",
      "ERROR_SHUTDOWN_IN_PROGRESS",
      "ERROR_SERVER_SHUTDOWN_IN_PROGRESS",
    ],
    reason: "a server that leaves answers `ERROR_CLUSTER_NODE_SHUTTING_DOWN`",
  },
  {
    errors: ["ERROR_NOT_QUORUM_CAPABLE"],
    opnums: [6],
    version: 2,
    reason: "resources of the class that it takes are all capable",
  },
  {
    errors: ["ERROR_CLUSTER_NOT_SHARED_VOLUME"],
    opnums: [106],
    version: 2,
    reason: "of a code that came with version 3.0",
  },
  {
    errors: ["ERROR_INVALID_STATE"],
    opnums: [10],
    reason: "a resource that is not down is `ERROR_RESOURCE_ONLINE`",
  },
  {
    errors: ["ERROR_RESOURCE_ONLINE"],
    opnums: [20],
    version: 2,
    reason: "a resource that is not down is `ERROR_INVALID_STATE`",
  },
  {
    errors: ["ERROR_INVALID_STATE"],
    opnums: [20],
    version: 3,
    reason: "the text has no condition for it",
  },
  {
    errors: ["ERROR_INVALID_PARAMETER", "ERROR_CIRCULAR_DEPENDENCY"],
    opnums: [21],
    version: 2,
    reason: "the text has `ERROR_DEPENDENCY_ALREADY_EXISTS` for it",
  },
  {
    errors: ["ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED"],
    opnums: [23],
    reason: "every node can host resources of every type",
  },
  {
    errors: ["ERROR_OBJECT_ALREADY_EXISTS"],
    opnums: [26],
    reason: "it is one of two, and the other is answered",
  },
  {
    errors: ["ERROR_RESOURCE_ONLINE"],
    opnums: [73],
    reason: "no code that resources here support asks for one that is down",
  },
  { errors: ["ERROR_INVALID_HANDLE"], opnums: [87], reason: "it takes no handle" },
  {
    errors: ["ERROR_GROUPSET_NOT_FOUND"],
    opnums: [166, 167, 169, 171, 172, 183],
    reason: "one that was deleted is `ERROR_GROUPSET_NOT_AVAILABLE`",
  },
  {
    errors: ["ERROR_GROUP_NOT_FOUND"],
    opnums: [168],
    reason: "one that was deleted is `ERROR_GROUP_NOT_AVAILABLE`",
  },
  {
    errors: ["ERROR_DEPENDENCY_TREE_TOO_COMPLEX"],
    opnums: [168],
    reason: "outside of its set a group waits for global sets, as every set does",
  },
  {
    errors: ["ERROR_NOT_SUPPORTED"],
    opnums: [167, 168, 169, 171, 183],
    reason: "it is supported for every group and every set",
  },
  {
    errors: ["ERROR_DIR_NOT_EMPTY"],
    opnums: [167, 168, 183],
    reason: "the text has no condition for it, and sets are there to have groups",
  },
  {
    errors: ["ERROR_INVALID_STATE"],
    opnums: [169],
    reason: "a group that is in another set is taken out of it",
  },
  {
    errors: ["ERROR_EXCEPTION_IN_SERVICE", "RPC_S_SERVER_UNAVAILABLE"],
    reason: "where the server itself fails, the call ends in a fault",
  },
  {
    errors: ["ERROR_RESOURCE_ONLINE"],
    opnums: [179],
    reason: "the text has no condition for it",
  },
  {
    errors: ["ERROR_NODE_NOT_ACTIVE_CLUSTER_MEMBER"],
    opnums: [172, 175],
    reason: "no other node is asked",
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

interface UnproducedByCode {
  /** Without `CLUSCTL_` before them. */
  readonly codes: readonly string[];
  /** ERROR_SUCCESS too. */
  readonly statuses: readonly string[];
  readonly reason: string;
}

const success = "ERROR_SUCCESS";

const unproducedByCode: readonly UnproducedByCode[] = [
  {
    codes: ["RESOURCE_NETNAME_VALIDATE_VCO", "RESOURCE_NETNAME_RESET_VCO"],
    statuses: [success],
    reason: "the cluster has no account in a directory",
  },
  {
    codes: [
      "RESOURCE_STORAGE_IS_PATH_VALID",
      "RESOURCE_TYPE_STORAGE_GET_DISKID",
      "RESOURCE_TYPE_STORAGE_IS_CLUSTERABLE",
    ],
    statuses: [success, "ERROR_MORE_DATA", "ERROR_FILE_NOT_FOUND", "ERROR_INVALID_STATE"],
    reason: "no disk of the machine can be put into the cluster",
  },
  {
    codes: ["RESOURCE_IPADDRESS_RENEW_LEASE", "RESOURCE_IPADDRESS_RELEASE_LEASE"],
    statuses: [success],
    reason: "addresses are as their properties say, without a lease",
  },
  {
    codes: ["RESOURCE_STORAGE_GET_DIRTY"],
    statuses: ["ERROR_MORE_DATA"],
    reason: "no volume is dirty, and the list of none takes no room",
  },
  {
    codes: ["GROUP_CHECK_FOR_STABLE_ONLINE_OR_TERMINAL_FAILED"],
    statuses: ["ERROR_IO_PENDING", "ERROR_RESMON_ONLINE_FAILED"],
    reason: "it stands in the answer of a call that succeeds",
  },
  {
    codes: ["CLUSTER_UPGRADE_CLUSTER_VERSION"],
    statuses: ["ERROR_CLUSTER_UPGRADE_INCOMPATIBLE_VERSIONS"],
    reason: "all nodes have the same version",
  },
  {
    codes: ["CLUSTER_NODE_REPLACEMENT"],
    statuses: [success],
    reason: "a node that is there is answered with `ERROR_INVALID_FUNCTION`",
  },
];

/** Why a code doesn't answer a status; null where it has to be seen to. */
export function reasonForCode(code: string, status: string): string | null {
  const found = unproducedByCode.find(
    (one) => one.codes.includes(code) && one.statuses.includes(status),
  );
  return found?.reason ?? null;
}

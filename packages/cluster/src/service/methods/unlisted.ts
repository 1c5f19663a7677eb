/**
 * Errors that a method's own table leaves out, for conditions that it is silent about: the document leaves their values to
 * the server ([MS-CMRP] 3.1.4.1, 3.1.4.2).
 */
import type { StatusName } from "./row.ts";

interface Condition {
  readonly errors: readonly StatusName[];
  readonly opnums: readonly number[];
}

const conditions: readonly Condition[] = [
  // A name that is no label of DNS names.
  { errors: ["ERROR_INVALID_NAME"], opnums: [2] },
  // A node that is not paused, and one that is down, as Windows answers to have them resumed.
  { errors: ["ERROR_CLUSTER_NODE_NOT_PAUSED", "ERROR_CLUSTER_NODE_DOWN"], opnums: [70] },
  // A resource that was deleted since it was opened.
  { errors: ["ERROR_RESOURCE_NOT_AVAILABLE"], opnums: [6] },
  // A server of version 2.0 that writes to no path of a client's.
  { errors: ["ERROR_CALL_NOT_IMPLEMENTED"], opnums: [104] },
  // A network or an interface that was deleted since it was opened.
  { errors: ["ERROR_NETWORK_NOT_AVAILABLE"], opnums: [83, 85] },
  { errors: ["ERROR_CLUSTER_NETINTERFACE_NOT_FOUND"], opnums: [94, 96] },
  // A key that was deleted since it was opened.
  {
    errors: ["ERROR_KEY_DELETED"],
    opnums: [29, 30, 31, 32, 33, 34, 35, 36, 38, 39, 40, 113, 114, 145, 157],
  },
  // No key or value of that name.
  { errors: ["ERROR_FILE_NOT_FOUND"], opnums: [30, 33, 34, 35] },
  // Nothing that a key or a value can be called, and types that a value can't have.
  { errors: ["ERROR_INVALID_PARAMETER"], opnums: [29, 30, 32, 33, 34, 35] },
  // A descriptor that is none, and too little room for one.
  { errors: ["ERROR_INVALID_SECURITY_DESCR"], opnums: [29] },
  { errors: ["ERROR_INVALID_PARAMETER"], opnums: [39] },
  { errors: ["ERROR_INSUFFICIENT_BUFFER"], opnums: [40] },
  // Octets that are no batch, and commands that don't read in one that is to read.
  { errors: ["ERROR_INVALID_DATA"], opnums: [113, 145, 157] },
  { errors: ["ERROR_INVALID_PARAMETER"], opnums: [157] },
  // Conditions of a batch that don't hold.
  {
    errors: ["ERROR_FILE_NOT_FOUND", "ERROR_ALREADY_EXISTS", "ERROR_ASSERTION_FAILURE"],
    opnums: [113],
  },
  // Filters that ask for nothing, or for what there isn't; more of them than a port has.
  {
    errors: ["ERROR_INVALID_PARAMETER", "ERROR_NOT_ENOUGH_QUOTA"],
    opnums: [57, 58, 59, 60, 61, 62, 63, 64, 90, 91, 99, 100, 138, 155],
  },
  { errors: ["ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND"], opnums: [9, 27, 155] },
  // Nothing that an object can be called; types of groups that are the cluster's own.
  { errors: ["ERROR_INVALID_NAME"], opnums: [9, 26, 42, 129] },
  { errors: ["ERROR_INVALID_PARAMETER"], opnums: [129] },
  // Objects that were deleted since they were opened.
  { errors: ["ERROR_RESOURCE_NOT_AVAILABLE"], opnums: [14, 15, 22, 109, 110, 112, 123, 146, 182] },
  { errors: ["ERROR_GROUP_NOT_AVAILABLE"], opnums: [51, 52, 53, 134, 167, 183] },
  { errors: ["ERROR_NODE_NOT_AVAILABLE"], opnums: [68, 69, 70, 71, 101, 124, 126, 128] },
  { errors: ["ERROR_CLUSTER_NODE_NOT_FOUND"], opnums: [23] },
  // What fails while its caller waits.
  { errors: ["ERROR_RESOURCE_FAILED"], opnums: [17, 49, 50, 51, 52, 146] },
  // What is pending, locked, or has to wait.
  {
    errors: ["ERROR_CLUSTER_RESOURCE_LOCKED_STATUS"],
    opnums: [17, 18, 25, 50, 51, 52, 146],
  },
  { errors: ["ERROR_INVALID_STATE"], opnums: [51, 52, 146] },
  { errors: ["ERROR_IO_PENDING", "ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED"], opnums: [146] },
  // A node that not all resources of a group may run on.
  { errors: ["ERROR_HOST_NODE_NOT_RESOURCE_OWNER"], opnums: [52] },
  // A node that rules keep a group off.
  { errors: ["ERROR_NODE_CANT_HOST_RESOURCE"], opnums: [17, 52] },
  // Dependencies that can't be, by the rules that all have.
  { errors: ["ERROR_DEPENDENCY_TREE_TOO_COMPLEX"], opnums: [19, 109] },
  // What starts before groups and group sets: by the rules that all have.
  { errors: ["ERROR_CIRCULAR_DEPENDENCY"], opnums: [166, 167, 168, 169, 183] },
  {
    errors: ["ERROR_DEPENDENCY_TREE_TOO_COMPLEX"],
    opnums: [167, 168, 169, 171, 172, 175, 177, 183],
  },
  { errors: ["ERROR_INVALID_PARAMETER"], opnums: [183] },
  { errors: ["ERROR_DEPENDENCY_ALREADY_EXISTS"], opnums: [171, 172] },
  { errors: ["ERROR_DEPENDENCY_NOT_FOUND"], opnums: [176, 178, 179] },
  // What is neither 0 nor 1, and what no volume can be called.
  { errors: ["ERROR_INVALID_PARAMETER"], opnums: [123, 182] },
  // What is no ID of a node.
  { errors: ["ERROR_ASSERTION_FAILURE"], opnums: [54] },
  // The node that this is, and nodes that are down.
  { errors: ["ERROR_CANT_EVICT_ACTIVE_NODE"], opnums: [71] },
  { errors: ["ERROR_CLUSTER_NODE_DOWN"], opnums: [70] },
  // Flags, kinds of failback and enumerations that there are not.
  { errors: ["ERROR_INVALID_PARAMETER"], opnums: [126, 128, 131, 144] },
];

export const unlistedErrors: ReadonlyMap<number, readonly StatusName[]> = byOpnum();

function byOpnum(): Map<number, StatusName[]> {
  const found = new Map<number, StatusName[]>();
  for (const { errors, opnums } of conditions) {
    for (const opnum of opnums) found.set(opnum, [...(found.get(opnum) ?? []), ...errors]);
  }
  return found;
}

/** Which operations run control codes, and for what ([MS-CMRP] 3.1.4.2): on an object alone, and on a node of choice. */
import { Status } from "@msrpc/ms-cmrp";
import { allCodes, codeOf } from "./all-codes.ts";
import { type ControlCode, type ControlKind, modify } from "./code.ts";

interface Operation {
  readonly kind: ControlKind;
  readonly isOnNode: boolean;
}

const operations: ReadonlyMap<number, Operation> = new Map([
  [72, { kind: "resource", isOnNode: true }],
  [73, { kind: "resource", isOnNode: false }],
  [74, { kind: "resourceType", isOnNode: true }],
  [75, { kind: "resourceType", isOnNode: false }],
  [76, { kind: "group", isOnNode: true }],
  [77, { kind: "group", isOnNode: false }],
  [78, { kind: "node", isOnNode: true }],
  [79, { kind: "node", isOnNode: false }],
  [88, { kind: "network", isOnNode: true }],
  [89, { kind: "network", isOnNode: false }],
  [97, { kind: "netInterface", isOnNode: true }],
  [98, { kind: "netInterface", isOnNode: false }],
  [105, { kind: "cluster", isOnNode: true }],
  [106, { kind: "cluster", isOnNode: false }],
  [173, { kind: "groupSet", isOnNode: true }],
  [174, { kind: "groupSet", isOnNode: false }],
]);

/** The least state of a server that takes a code. One that isn't known goes by its bit. */
export function serverStateFor(opnum: number, value: number): ControlCode["serverState"] {
  const operation = operations.get(opnum);
  const code = operation === undefined ? undefined : codeOf(operation.kind, value);
  return code?.serverState ?? ((value & modify) === 0 ? "readOnly" : "readWrite");
}

/** What every code may answer. */
const common: readonly number[] = [
  Status.ERROR_INVALID_FUNCTION,
  Status.ERROR_INVALID_DATA,
  Status.ERROR_INVALID_PARAMETER,
  Status.ERROR_MORE_DATA,
];

/** What is answered where the object isn't there any more, or never was. */
export const goneObject: Readonly<Record<Exclude<ControlKind, "cluster">, number>> = {
  resource: Status.ERROR_RESOURCE_NOT_AVAILABLE,
  resourceType: Status.ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND,
  group: Status.ERROR_GROUP_NOT_AVAILABLE,
  node: Status.ERROR_NODE_NOT_AVAILABLE,
  network: Status.ERROR_CLUSTER_NETWORK_NOT_FOUND,
  netInterface: Status.ERROR_CLUSTER_NETINTERFACE_NOT_FOUND,
  groupSet: Status.ERROR_GROUPSET_NOT_AVAILABLE,
};

/** What is answered where the node isn't there any more, and where it is down. */
export const goneHost: number = Status.ERROR_NODE_NOT_AVAILABLE;
export const downHost: number = Status.ERROR_HOST_NODE_NOT_AVAILABLE;

/** What an operation may answer by the codes that it runs; nothing for one that runs none. */
export function controlErrors(opnum: number): readonly number[] {
  const operation = operations.get(opnum);
  if (operation === undefined) return [];
  const { kind, isOnNode } = operation;
  return [
    ...common,
    ...allCodes[kind].flatMap(({ errors }) => errors),
    ...(kind === "cluster" ? [] : [goneObject[kind]]),
    ...(isOnNode ? [goneHost, downHost] : []),
  ];
}

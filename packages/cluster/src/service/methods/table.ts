/** The specified methods of both versions by opnum: 167 of version 3.0, 108 of version 2.0 ([MS-CMRP] 3.1.4.1, 3.1.4.2). */
import { Status } from "@msrpc/ms-cmrp";
import { controlErrors } from "../../control/operations.ts";
import { clusterRows } from "./cluster.ts";
import { groupSetRows } from "./group-set.ts";
import { groupRows } from "./group.ts";
import { networkRows } from "./network.ts";
import { nodeRows } from "./node.ts";
import { notifyRows } from "./notify.ts";
import { registryRows } from "./registry.ts";
import { resourceTypeRows } from "./resource-type.ts";
import { resourceRows } from "./resource.ts";
import type { MethodRow, NeededState, StatusName } from "./row.ts";
import { unlistedErrors } from "./unlisted.ts";

export type Version = 2 | 3;

export interface Method {
  readonly opnum: number;
  readonly name: string;
  readonly access: MethodRow["access"];
  readonly state: NeededState;
  /** Every status that it may answer beside success. */
  readonly errors: ReadonlySet<number>;
  /** Of these, the ones of its own table, and for conditions that this is silent about: not what any method may answer. */
  readonly own: ReadonlySet<number>;
  /** The status of every answer; null where it depends on the call. */
  readonly answer: number | null;
}

const rows: readonly MethodRow[] = [
  ...clusterRows,
  ...resourceRows,
  ...resourceTypeRows,
  ...registryRows,
  ...groupRows,
  ...nodeRows,
  ...notifyRows,
  ...networkRows,
  ...groupSetRows,
].toSorted((a, b) => a.opnum - b.opnum);

/** What any method answers to callers that may not call it, and while its server is no active node. */
const always: Readonly<Record<Version, readonly StatusName[]>> = {
  2: [
    "ERROR_ACCESS_DENIED",
    "ERROR_SHARING_PAUSED",
    "ERROR_SHUTDOWN_IN_PROGRESS",
    "ERROR_SERVER_SHUTDOWN_IN_PROGRESS",
    "ERROR_CLUSTER_NODE_NOT_READY",
    "ERROR_CLUSTER_NODE_SHUTTING_DOWN",
  ],
  3: [
    "ERROR_ACCESS_DENIED",
    "ERROR_SHARING_PAUSED",
    "ERROR_CLUSTER_NODE_NOT_READY",
    "ERROR_CLUSTER_NODE_SHUTTING_DOWN",
  ],
};

const lastOf2 = 108;

export const methods: Readonly<Record<Version, ReadonlyMap<number, Method>>> = {
  2: new Map(rows.filter(({ opnum }) => opnum <= lastOf2).map((row) => [row.opnum, ofTwo(row)])),
  3: new Map(rows.map((row) => [row.opnum, ofThree(row)])),
};

function ofThree(row: MethodRow): Method {
  const { opnum, name, access, state, answer } = row;
  return {
    opnum,
    name,
    access,
    state,
    ...statuses(3, opnum, errorsOf(row)),
    answer: answer === undefined ? null : Status[answer],
  };
}

/** Of a method, and of those that it is like. */
function errorsOf({ errors, likewise = [] }: MethodRow): StatusName[] {
  const others = rows.filter(({ opnum }) => likewise.includes(opnum));
  const theirs = others.flatMap((row) => [
    ...errorsOf(row),
    ...(unlistedErrors.get(row.opnum) ?? []),
  ]);
  return [...errors, ...theirs];
}

/** It has one level of access, and answers every call by what is asked. */
function ofTwo({ opnum, name, state, errors, two = {} }: MethodRow): Method {
  return {
    opnum,
    name,
    access: "all",
    state: two.state ?? state,
    ...statuses(2, opnum, two.errors ?? errors),
    answer: null,
  };
}

function statuses(
  version: Version,
  opnum: number,
  listed: readonly StatusName[],
): Pick<Method, "errors" | "own"> {
  const unlisted = unlistedErrors.get(opnum) ?? [];
  const own = [...listed, ...unlisted].map((name) => Status[name]);
  const everybodys = always[version].map((name) => Status[name]);
  return {
    errors: new Set([...everybodys, ...own, ...controlErrors(opnum)]),
    own: new Set(own),
  };
}

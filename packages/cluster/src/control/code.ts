/** Control codes as data: for what each is, what it takes and gives, and what it may answer ([MS-CMRP] 3.1.4.3). */
import type { SubjectKind } from "../property/subject.ts";
import { statusOf } from "./status.ts";

/** What control codes are for. */
export type ControlKind = SubjectKind;

type Buffers = "none" | "in" | "out" | "inOut";

export interface ControlCode {
  readonly kind: ControlKind;
  readonly value: number;
  /** Without `CLUSCTL_` before it. */
  readonly name: string;
  /** The version of the protocol that it came with: servers of an earlier one answer ERROR_INVALID_FUNCTION. */
  readonly since: 2 | 3;
  /** The least state in which servers take it ([MS-CMRP] 3.1.1). */
  readonly serverState: "readOnly" | "readWrite";
  /** The access that handles to the object and to the node must have been opened with. */
  readonly access: "read" | "all";
  readonly buffers: Buffers;
  /** Without any room for its answer it succeeds all the same, in version 3.0. */
  readonly needsNoRoom: boolean;
  /** What it has changed stays where there isn't enough room to say so. */
  readonly staysDone: boolean;
  /** What it answers beside what every code does: by its section, and for conditions that the section leaves open. */
  readonly errors: readonly number[];
}

type Row = readonly [
  value: number,
  name: string,
  since: 2 | 3,
  serverState: "readOnly" | "readWrite",
  buffers: Buffers,
  errors?: readonly string[],
];

/** Codes with this bit change something: they need all access. */
export const modify = 0x0040_0000;

/** Codes that need all access without the bit. */
const changing: ReadonlySet<string> = new Set([
  "RESOURCE_NETNAME_RESET_VCO",
  "RESOURCE_TYPE_STORAGE_REMAP_DRIVELETTER",
]);

const needingNoRoom: ReadonlySet<string> = new Set([
  "RESOURCE_GET_CHARACTERISTICS",
  "RESOURCE_GET_FLAGS",
  "RESOURCE_GET_CLASS_INFO",
  "RESOURCE_TYPE_GET_CHARACTERISTICS",
  "RESOURCE_TYPE_GET_CLASS_INFO",
]);

const stayingDone: ReadonlySet<string> = new Set([
  "RESOURCE_ENABLE_SHARED_VOLUME_DIRECTIO",
  "RESOURCE_DISABLE_SHARED_VOLUME_DIRECTIO",
]);

export function controlCodes(kind: ControlKind, rows: readonly Row[]): ControlCode[] {
  return rows.map(([value, name, since, serverState, buffers, errors = []]) => ({
    kind,
    value,
    name,
    since,
    serverState,
    access: (value & modify) !== 0 || changing.has(name) ? "all" : "read",
    buffers,
    needsNoRoom: needingNoRoom.has(name),
    staysDone: stayingDone.has(name),
    errors: errors.map(statusOf),
  }));
}

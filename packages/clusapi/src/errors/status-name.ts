/** Statuses by name. */
import { Status } from "@msrpc/ms-cmrp";

/** Of control codes alone, for which the bindings have no names ([MS-CMRP] 3.1.4.3, [MS-ERREF] 2.2). */
const ofControlCodes = {
  ERROR_PATH_NOT_FOUND: 3,
  ERROR_WRONG_DISK: 34,
  ERROR_PASSWORD_RESTRICTION: 1325,
  ERROR_CLUSTER_BACKUP_IN_PROGRESS: 5949,
  ERROR_CLUSTER_UPGRADE_INCOMPATIBLE_VERSIONS: 5973,
} as const;

export type StatusName = keyof typeof Status | keyof typeof ofControlCodes;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries({ ...ofControlCodes, ...Status }).map(([name, code]) => [code, name]),
);

export function statusName(code: number): string {
  return names.get(code) ?? `status ${code}`;
}

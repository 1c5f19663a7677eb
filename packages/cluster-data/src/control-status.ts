/** Statuses that only control codes answer with, and that the bindings have no names for ([MS-ERREF] 2.2, [MS-CMRP] 3.1.4.3). */

export const ControlStatus = {
  ERROR_PATH_NOT_FOUND: 3,
  ERROR_WRONG_DISK: 34,
  ERROR_PASSWORD_RESTRICTION: 1325,
  ERROR_CLUSTER_BACKUP_IN_PROGRESS: 5949,
  ERROR_CLUSTER_UPGRADE_INCOMPATIBLE_VERSIONS: 5973,
} as const;

/** What counts for the cluster's quorum ([MS-CMRP] 3.1.4.2.6, 3.1.4.2.7). */

export interface Quorum {
  /** A majority of the nodes alone; of them and a witness, which may be a disk; or who has the disk, whoever else is up. */
  readonly type: "majority" | "witness" | "disk";
  /** The witness or disk; null where the nodes alone count. */
  readonly resource: string | null;
  /** Where a disk keeps data of the cluster. */
  readonly path: string;
  /** Octets of the log on a disk; 0 and 0x400 stand for the other types. */
  readonly logSize: number;
}

export type QuorumChange =
  | { readonly type: "majority" }
  | { readonly type: "witness"; readonly resource: string; readonly path?: string }
  | {
      readonly type: "disk";
      readonly resource: string;
      readonly path?: string;
      /** Default: 4 MiB. */
      readonly logSize?: number;
    };

const majority = 0;
const witness = 0x400;
const usualLogSize = 0x40_0000;

export function quorumOf(found: {
  readonly resourceName: string | null;
  readonly deviceName: string | null;
  readonly maxQuorumLogSize: number;
}): Quorum {
  const { resourceName, deviceName, maxQuorumLogSize: logSize } = found;
  const type = logSize === majority ? "majority" : logSize === witness ? "witness" : "disk";
  return { type, resource: resourceName || null, path: deviceName ?? "", logSize };
}

export function logSizeOf(change: QuorumChange): number {
  if (change.type === "majority") return majority;
  return change.type === "witness" ? witness : (change.logSize ?? usualLogSize);
}

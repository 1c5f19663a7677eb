/**
 * Cluster shared volumes ([MS-CMRP] 3.1.1.4). A disk has one volume here, where the first one of a disk usually begins: what
 * is on disks is the hosts' alone.
 */
import { ResourceState } from "@msrpc/ms-cmrp";
import { textOf } from "@msrpc/cluster-data";
import { fold, valueOf } from "../registry/key.ts";
import type { Resource } from "./objects.ts";
import type { ClusterState } from "./state.ts";

/** Where the volume of a disk begins, in octets, and the number of its partition. */
export const volumeOffset = 1_048_576n;
export const partitionNumber = 1;

/** Where shared volumes are found on every node, while no property says otherwise. */
const usualRoot = "C:\\ClusterStorage";

export function volumesRoot({ registry }: ClusterState): string {
  const value = valueOf(registry, "SharedVolumesRoot");
  return (value === undefined ? null : textOf(value)) ?? usualRoot;
}

/** The disks whose volumes are shared. */
export function sharedDisks({ resources }: ClusterState): Resource[] {
  return [...resources].filter(({ isShared }) => isShared === 1);
}

/** The path of a volume: `C:\\ClusterStorage\\Volume1`. */
export function friendlyName(state: ClusterState, { volumeName }: Resource): string {
  return `${volumesRoot(state)}\\${volumeName}`;
}

/** `\\\\?\\Volume{...}\\`, by the ID of its disk. */
export function guidName({ id }: Resource): string {
  return `\\\\?\\Volume{${id}}\\`;
}

/** The shared disk that a path leads to: that of its volume, or anything below it. */
export function diskAt(state: ClusterState, path: string): Resource | undefined {
  return sharedDisks(state).find((disk) => {
    const root = fold(friendlyName(state, disk));
    const asked = fold(path);
    return asked === root || asked.startsWith(`${root}\\`);
  });
}

/** Backup mode ends by itself, and with any change of the disk's state. */
export function isInBackup({ volumeBackup, sequence }: Resource, now: number): boolean {
  return volumeBackup !== null && volumeBackup.sequence === sequence && now < volumeBackup.until;
}

/** CLUSTER_SHARED_VOLUME_STATE ([MS-CMRP] 2.2.3.32). */
const VolumeState = { Unavailable: 0, Paused: 1, Active: 2, ActiveRedirected: 3 } as const;
const nameSize = 520;
/** RedirectedIOReasonUserRequest. */
const userRequest = 1n;

/** CLUSTER_SHARED_VOLUME_STATE_INFO_EX ([MS-CMRP] 2.2.3.32). */
export function volumeStateInfo(state: ClusterState, disk: Resource): Uint8Array {
  const owner = state.groups.get(disk.group)?.owner ?? "";
  const octets = new Uint8Array(3 * nameSize + 4 + 16);
  putName(octets, 0, guidName(disk));
  putName(octets, nameSize, state.nodes.get(owner)?.name ?? "");
  const view = new DataView(octets.buffer);
  view.setUint32(2 * nameSize, stateOf(disk), true);
  putName(octets, 2 * nameSize + 4, friendlyName(state, disk));
  view.setBigUint64(3 * nameSize + 4, disk.volumeRedirected === 1 ? userRequest : 0n, true);
  return octets;
}

function stateOf({ isShared, state, volumeMaintenance, volumeRedirected }: Resource): number {
  if (isShared === 0 || state !== ResourceState.Online) return VolumeState.Unavailable;
  if (volumeMaintenance === 1) return VolumeState.Paused;
  return volumeRedirected === 1 ? VolumeState.ActiveRedirected : VolumeState.Active;
}

/** Writes a text into a field of a structure, which is long enough for it and a null. */
export function putName(octets: Uint8Array, at: number, name: string): void {
  const view = new DataView(octets.buffer);
  for (let index = 0; index < name.length; index++) {
    view.setUint16(at + index * 2, name.charCodeAt(index), true);
  }
}

/** Commands that make the volume of a disk a cluster shared volume, and take that back ([MS-CMRP] 3.1.4.2.122, 3.1.4.2.164). */
import { numberOf } from "@msrpc/cluster-data";
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { dependentsOf, isQuorum, isSpecial, sharedVolumesType } from "../model/derived.ts";
import { availableStorageType } from "../model/kinds.ts";
import type { Group, Resource } from "../model/objects.ts";
import { sharedDisks, volumesRoot } from "../model/shared-volumes.ts";
import type { ClusterState } from "../model/state.ts";
import { fold, valueOf } from "../registry/key.ts";
import { createGroup } from "./create.ts";
import { endSpecial, isMadeForSharing } from "./forget-group.ts";
import { groupOf } from "./online.ts";
import { changeGroup, handOver, isName } from "./resources.ts";
import type { Transaction } from "./transaction.ts";

/** Characters that the structures which carry it have room for, without the null. */
const longestName = 259;

/** Which errors the two operations have for what is in the way. */
export interface ShareErrors {
  readonly hasDependents: number;
  readonly isDeployed: number;
}

/**
 * Makes the volume of a disk a cluster shared volume: it becomes one under a name, by default the first VolumeN that is
 * free, and its group a special one. A disk of Available Storage is given a group of its own for that. One that is shared
 * stays as it is.
 *
 * @throws RpcError ERROR_CLUSTER_INVALID_REQUEST, ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED, ERROR_RESOURCE_NOT_ONLINE,
 *   ERROR_INVALID_PARAMETER for what no volume can be called, and those of `errors`
 */
export function shareVolume(
  tx: Transaction,
  disk: Resource,
  name: string,
  { hasDependents, isDeployed }: ShareErrors,
): void {
  const { state } = tx;
  const refused = (): RpcError => new RpcError(Status.ERROR_CLUSTER_INVALID_REQUEST);
  if (!isEnabled(state)) throw refused();
  if (!isDisk(disk)) {
    throw new RpcError(Status.ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED);
  }
  if (disk.state !== ResourceState.Online) throw new RpcError(Status.ERROR_RESOURCE_NOT_ONLINE);
  if (disk.isShared === 1) return;
  if (disk.maintenance !== 0 || disk.dependencies.length > 0) throw refused();
  if (dependentsOf(state, disk).length > 0) throw new RpcError(hasDependents);
  const group = groupOf(tx, disk);
  const isAlone = group.contains.length === 1;
  if (isQuorum(state, disk)) throw refused();
  if (group.type !== availableStorageType && !isAlone) throw new RpcError(isDeployed);
  const volumeName = freeName(state, name);
  const own = group.type === availableStorageType ? ownGroup(tx, group, disk) : group;
  tx.configure("group", own, { type: sharedVolumesType, persistentState: 1 });
  becomeShared(tx, disk, volumeName);
}

/**
 * Makes a volume that is shared its owner's alone again. Its group is special no more; one that was made for it goes, and
 * the disk back to Available Storage, where that is on the same node.
 *
 * @throws RpcError ERROR_CLUSTER_INVALID_REQUEST for a disk whose volume isn't shared
 */
export function unshareVolume(tx: Transaction, disk: Resource): void {
  if (disk.isShared === 0) throw new RpcError(Status.ERROR_CLUSTER_INVALID_REQUEST);
  const group = groupOf(tx, disk);
  tx.configure("resource", disk, {
    isShared: 0,
    volumeMaintenance: 0,
    volumeRedirected: 0,
    volumeBackup: null,
  });
  const storage =
    isMadeForSharing(group) && group.move === null ? storageOn(tx.state, group.owner) : undefined;
  if (storage !== undefined) handOver(tx, [disk], group, storage);
  endSpecial(tx, group);
}

/**
 * Moves a disk into a group of cluster shared volumes, whose volume is one from then on ([MS-CMRP] 3.1.4.2.166).
 *
 * @throws RpcError ERROR_CLUSTER_INVALID_REQUEST where the group is no such group, or the resource nothing that can be
 *   shared; those of `changeGroup`
 */
export function moveToSharedVolumes(tx: Transaction, disk: Resource, to: Group): void {
  const { state } = tx;
  const isAlone = disk.dependencies.length === 0 && dependentsOf(state, disk).length === 0;
  const isFit = isDisk(disk) && isAlone && disk.maintenance === 0 && !isQuorum(state, disk);
  if (!isSpecial(to) || !isEnabled(state) || !isFit) {
    throw new RpcError(Status.ERROR_CLUSTER_INVALID_REQUEST);
  }
  changeGroup(tx, disk, to, true);
  becomeShared(tx, disk, freeName(state, ""));
}

/** Takes the volumes of all disks back where the cluster shares none any more ([MS-CMRP] 3.1.1.4). */
export function endSharing(tx: Transaction): void {
  if (isEnabled(tx.state)) return;
  for (const disk of sharedDisks(tx.state)) unshareVolume(tx, disk);
}

function isDisk({ type }: Resource): boolean {
  return fold(type) === fold("Physical Disk");
}

function becomeShared(tx: Transaction, disk: Resource, volumeName: string): void {
  tx.configure("resource", disk, {
    isShared: 1,
    volumeName,
    volumeMaintenance: 0,
    volumeRedirected: 0,
    volumeBackup: null,
  });
}

/** The group of disks that are free, where it is on that node and stays there. */
function storageOn({ groups }: ClusterState, node: string): Group | undefined {
  return [...groups].find(
    ({ type, owner, move }) => type === availableStorageType && owner === node && move === null,
  );
}

function isEnabled({ registry }: ClusterState): boolean {
  const value = valueOf(registry, "EnableSharedVolumes");
  return (value === undefined ? null : numberOf(value)) !== 0;
}

/** Called by its ID, as Windows does it. */
function ownGroup(tx: Transaction, from: Group, disk: Resource): Group {
  const id = tx.newId();
  const own = createGroup(tx, { id, name: id, owner: from.owner });
  handOver(tx, [disk], from, own);
  return own;
}

/** The name of a volume without the root that all have. @throws RpcError ERROR_INVALID_PARAMETER */
function freeName(state: ClusterState, given: string): string {
  const root = volumesRoot(state);
  const name = fold(given).startsWith(`${fold(root)}\\`) ? given.slice(root.length + 1) : given;
  const taken = new Set(sharedDisks(state).map(({ volumeName }) => fold(volumeName)));
  if (name === "") {
    let number = 1;
    while (taken.has(fold(`Volume${number}`))) number++;
    return `Volume${number}`;
  }
  const isFit = isName(name) && !/[\\/]/.test(name) && root.length + 1 + name.length <= longestName;
  if (!isFit || taken.has(fold(name))) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  return name;
}

/** The codes for cluster shared volumes ([MS-CMRP] 3.1.4.3.1.48, 3.1.4.3.1.51 to 3.1.4.3.1.54, 3.1.4.3.7.17). */
import { ControlStatus, fromUtf16, Syntax, writeValueList } from "@msrpc/cluster-data";
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Resource } from "../../model/objects.ts";
import {
  diskAt,
  friendlyName,
  guidName,
  isInBackup,
  partitionNumber,
  putName,
  volumeOffset,
} from "../../model/shared-volumes.ts";
import type { ClusterState } from "../../model/state.ts";
import { fold } from "../../registry/key.ts";
import { type Answerer, type Answers, unsupported } from "../answer.ts";
import { givenDword, givenText, text } from "../octets.ts";

/** FaultState and BackupState of CLUS_CSV_VOLUME_INFO ([MS-CMRP] 2.2.3.18). */
const Fault = { None: 0, Redirected: 1, InMaintenance: 4 } as const;
const friendlySize = 520;
const guidSize = 100;

function ofShared(answer: Answerer<"resource">): Answerer<"resource"> {
  return (asked) => {
    if (asked.object.isShared === 0) unsupported();
    if (asked.object.state !== ResourceState.Online) {
      throw new RpcError(Status.ERROR_RESOURCE_NOT_ONLINE);
    }
    return answer(asked);
  };
}

function volumeInfo(state: ClusterState, disk: Resource, now: number): Uint8Array {
  const octets = new Uint8Array(20 + friendlySize + guidSize);
  const view = new DataView(octets.buffer);
  const inBackup = isInBackup(disk, now);
  const isRedirected = disk.volumeRedirected === 1 || inBackup;
  const fault = isRedirected ? Fault.Redirected : Fault.None;
  view.setBigUint64(0, volumeOffset, true);
  view.setUint32(8, partitionNumber, true);
  view.setUint32(12, disk.volumeMaintenance === 1 ? Fault.InMaintenance : fault, true);
  view.setUint32(16, inBackup ? 1 : 0, true);
  putName(octets, 20, friendlyName(state, disk));
  putName(octets, 20 + friendlySize, guidName(disk));
  return octets;
}

/** A text of a fixed number of octets, as far as its null. @throws RpcError ERROR_INVALID_PARAMETER */
function fixedText(input: Uint8Array, at: number): string {
  const field = input.subarray(at);
  if (field.length !== friendlySize) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  const whole = fromUtf16(field);
  const end = whole.indexOf("\0");
  if (end === -1) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  return whole.slice(0, end);
}

/** @throws RpcError ERROR_INVALID_PARAMETER for a name that isn't the volume's, in either form */
function demandVolume(state: ClusterState, disk: Resource, name: string): void {
  const names = [friendlyName(state, disk), guidName(disk)];
  if (!names.some((one) => fold(one) === fold(name))) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "the disk has no such volume" });
  }
}

/** 0 or 1 at the beginning of a structure. @throws RpcError ERROR_INVALID_PARAMETER */
function flagIn(input: Uint8Array): 0 | 1 {
  const flag = givenDword(input);
  if (flag > 1) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  return flag === 1 ? 1 : 0;
}

/** The name of the volume is written where there is room for anything. */
function redirect(volumeRedirected: 0 | 1): Answerer<"resource"> {
  return ofShared(({ tx, object, input, room }) => {
    demandVolume(tx.state, object, givenText(input));
    if (object.volumeMaintenance === 1) throw new RpcError(Status.ERROR_CLUSTER_INVALID_REQUEST);
    if (isInBackup(object, tx.steady))
      throw new RpcError(ControlStatus.ERROR_CLUSTER_BACKUP_IN_PROGRESS);
    tx.configure("resource", object, { volumeRedirected });
    return room === 0 ? null : text(guidName(object));
  });
}

export const sharedVolumeAnswers: Answers<"resource"> = {
  RESOURCE_STORAGE_GET_SHARED_VOLUME_INFO: ofShared(({ tx, object }) =>
    writeValueList([{ syntax: Syntax.Binary, data: volumeInfo(tx.state, object, tx.steady) }]),
  ),
  RESOURCE_SET_CSV_MAINTENANCE_MODE: ofShared(({ tx, object, input }) => {
    const volumeMaintenance = flagIn(input);
    demandVolume(tx.state, object, fixedText(input, 4));
    tx.configure("resource", object, { volumeMaintenance });
    return null;
  }),
  RESOURCE_ENABLE_SHARED_VOLUME_DIRECTIO: redirect(0),
  RESOURCE_DISABLE_SHARED_VOLUME_DIRECTIO: redirect(1),
  /** Nothing here sees a backup begin: the mode ends with the time in which one may. */
  RESOURCE_SET_SHARED_VOLUME_BACKUP_MODE: ofShared(({ tx, object, input }) => {
    const isOn = flagIn(input) === 1;
    const until = tx.steady + givenDword(input, 4) * 1000;
    demandVolume(tx.state, object, fixedText(input, 8));
    const { sequence } = object;
    tx.update("resource", object, { volumeBackup: isOn ? { until, sequence } : null });
    return null;
  }),
};

/** Whether there is such a file isn't known: a path below a shared volume counts. */
export const sharedVolumeId: Answerer<"cluster"> = ({ tx, input }) => {
  const disk = diskAt(tx.state, givenText(input));
  if (disk === undefined) throw new RpcError(Status.ERROR_CLUSTER_NOT_SHARED_VOLUME);
  return text(`${disk.id}:${volumeOffset}`);
};

export const demandSharedFile: Answerer<"resourceType"> = ({ tx, input }) => {
  if (diskAt(tx.state, givenText(input)) === undefined) {
    throw new RpcError(Status.ERROR_CLUSTER_NOT_SHARED_VOLUME);
  }
  return null;
};

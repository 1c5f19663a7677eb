/**
 * The codes for storage. Disks are what their properties say; no disk of the machine can be put into the cluster, none
 * has partitions or letters.
 */
import {
  ControlStatus,
  Format,
  type ListedValue,
  octetsOf,
  Syntax,
  writeValueList,
} from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { currentValue, scopeOf } from "../../property/scope.ts";
import { type Answerer, type Answers, type Asked, unsupported } from "../answer.ts";
import { dwords, givenDword, givenText, texts } from "../octets.ts";
import { demandSharedFile, sharedVolumeAnswers } from "./shared-volumes.ts";
import { isNetwork, isStorage } from "../traits.ts";

function ofDisks(answer: Answerer<"resource">): Answerer<"resource"> {
  return (asked) => (isStorage(asked.object.type) ? answer(asked) : unsupported());
}

function ofDiskTypes(answer: Answerer<"resourceType">): Answerer<"resourceType"> {
  return (asked) => (isStorage(asked.object.name) ? answer(asked) : unsupported());
}

/** The signature of a disk, or its GUID. */
function diskInfo({ tx, subject }: Asked<"resource">): Uint8Array {
  const scope = scopeOf(tx.state, subject, "private");
  const values = ["DISKSIGNATURE", "DISKIDGUID"].flatMap((name): ListedValue[] => {
    const definition = scope.schema.get(name);
    const value = definition === undefined ? null : currentValue(scope, definition);
    if (value?.format === Format.Dword && value.number !== 0) {
      return [{ syntax: Syntax.DiskSignature, data: octetsOf(value) }];
    }
    if (value?.format !== Format.Sz || value.text === "") return [];
    return [{ syntax: Syntax.DiskGuid, data: octetsOf(value) }];
  });
  const [first] = values;
  if (first === undefined) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
  return writeValueList([first]);
}

/** There is no lease: addresses are as their properties say. */
const lease: Answerer<"resource"> = ({ object }) => {
  if (!isNetwork(object.type)) unsupported();
  throw new RpcError(Status.ERROR_INVALID_STATE, { detail: "the address has no lease" });
};

export const storageAnswers: Answers<"resource"> = {
  RESOURCE_STORAGE_GET_DISK_INFO: ofDisks(diskInfo),
  RESOURCE_STORAGE_GET_DISK_INFO_EX: ofDisks(diskInfo),
  RESOURCE_STORAGE_GET_DISK_INFO_EX2: ofDisks(diskInfo),
  RESOURCE_STORAGE_IS_PATH_VALID: ofDisks(({ input }) => {
    givenText(input);
    throw new RpcError(ControlStatus.ERROR_PATH_NOT_FOUND);
  }),
  RESOURCE_STORAGE_GET_DIRTY: ofDisks(() => null),
  RESOURCE_STORAGE_GET_MOUNTPOINTS: ofDisks(({ input }) => {
    givenDword(input);
    return texts([]);
  }),
  RESOURCE_STORAGE_GET_DISK_NUMBER_INFO: unsupported,
  RESOURCE_STORAGE_SET_DRIVELETTER: unsupported,
  ...sharedVolumeAnswers,
  RESOURCE_POOL_GET_DRIVE_INFO: unsupported,
  RESOURCE_IPADDRESS_RENEW_LEASE: lease,
  RESOURCE_IPADDRESS_RELEASE_LEASE: lease,
};

/** The letters from A to Z, none of them in use. */
const freeLetters = 0x03ff_ffff;

export const storageTypeAnswers: Answers<"resourceType"> = {
  RESOURCE_TYPE_STORAGE_GET_AVAILABLE_DISKS: ofDiskTypes(() => writeValueList([])),
  RESOURCE_TYPE_STORAGE_GET_AVAILABLE_DISKS_EX: ofDiskTypes(() => writeValueList([])),
  RESOURCE_TYPE_STORAGE_GET_DRIVELETTERS: ofDiskTypes(() => dwords(freeLetters)),
  RESOURCE_TYPE_STORAGE_REMAP_DRIVELETTER: unsupported,
  RESOURCE_TYPE_STORAGE_GET_DISKID: ofDiskTypes(({ input }) => {
    givenText(input);
    throw new RpcError(ControlStatus.ERROR_PATH_NOT_FOUND);
  }),
  RESOURCE_TYPE_STORAGE_IS_CLUSTERABLE: ofDiskTypes(({ input }) => {
    checkDiskId(input);
    throw new RpcError(ControlStatus.ERROR_WRONG_DISK);
  }),
  RESOURCE_TYPE_STORAGE_RELEASE_OWNERSHIP: ofDiskTypes(({ input }) => {
    checkDiskId(input);
    return null;
  }),
  RESOURCE_TYPE_STORAGE_IS_CSV_FILE: ofDiskTypes(demandSharedFile),
  RESOURCE_TYPE_REPLICATION_GET_REPLICATED_DISKS: ofDiskTypes(() => dwords(0)),
  RESOURCE_TYPE_REPLICATION_GET_RESOURCE_GROUP: ofDiskTypes(() => writeValueList([])),
  RESOURCE_TYPE_REPLICATION_GET_ELIGIBLE_LOGDISKS: unsupported,
  RESOURCE_TYPE_REPLICATION_GET_ELIGIBLE_TARGET_DATADISKS: unsupported,
  RESOURCE_TYPE_REPLICATION_GET_ELIGIBLE_SOURCE_DATADISKS: unsupported,
  RESOURCE_TYPE_REPLICATION_GET_REPLICA_VOLUMES: unsupported,
  RESOURCE_TYPE_REPLICATION_GET_LOG_VOLUME: unsupported,
  RESOURCE_TYPE_REPLICATION_GET_LOG_INFO: unsupported,
};

/** CLUSDSK_DISKID ([MS-CMRP] 2.2.3.33): 1 and a signature, 2 and a GUID, 5000 for neither. */
function checkDiskId(input: Uint8Array): void {
  const sizes: Readonly<Record<number, number>> = { 1: 8, 2: 20, 5000: 8 };
  const size = sizes[givenDword(input)];
  if (size === undefined || input.length < size) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
}

/** What ports say of an event: version 1 a flag and a name, version 2 all that the tables of [MS-CMRP] 3.1.4.2.138 have. */
import { dword, multiSz, sz, writePropertyList } from "@msrpc/cluster-data";
import { ClusterChange } from "@msrpc/ms-cmrp";
import { ClusterChangeV2, type NotificationData, ObjectType } from "@msrpc/ms-cmrp/clusapi3";
import type { ClusterEvent, ObjectEvent } from "../core/event.ts";
import { propertyValue } from "../property/stored-value.ts";

export interface ToldV1 {
  /** Of `ClusterChange`. */
  readonly filter: number;
  readonly stateSequence: number;
  /** The path of a key. */
  readonly name: string;
}

export type ToldV2 = Readonly<NotificationData>;

export function toldV1(event: ClusterEvent, filter: number): ToldV1 {
  if (event.kind === "key") return { filter, stateSequence: 0, name: event.path };
  return { filter, stateSequence: event.sequence, name: event.name };
}

export const lostV1: ToldV1 = {
  filter: ClusterChange.ClusterReconnect,
  stateSequence: 0,
  name: "",
};

export function toldV2(
  event: ClusterEvent,
  { type: objectType, flag }: { readonly type: number; readonly flag: number },
): ToldV2 {
  const filterAndType = { objectType, filterFlags: BigInt(flag) };
  if (event.kind === "key") {
    const { path: name, name: objectId } = event;
    return { filterAndType, buffer: null, objectId, parentId: "", name, type: "" };
  }
  const { kind, parent: parentId, type } = event;
  const { id: objectId, name } = event.other ?? event;
  const told = { filterAndType, buffer: bufferOf(event), objectId, parentId, name, type };
  if (kind === "cluster") return { ...told, name: event.what === "renamed" ? name : "" };
  // The ID of a resource type is its name, which has a place of its own.
  if (kind === "resourceType") return { ...told, objectId: "" };
  if (kind === "quorum" || kind === "sharedVolume") return { ...told, parentId: null, type: null };
  return told;
}

/** Version 2 has a flag for what was lost that filters ask for as for others. */
export const lost: { readonly type: number; readonly flag: number } = {
  type: ObjectType.Cluster,
  flag: ClusterChangeV2.LostNotifications,
};

export const lostV2: ToldV2 = {
  filterAndType: { objectType: lost.type, filterFlags: BigInt(lost.flag) },
  buffer: null,
  objectId: "",
  parentId: "",
  name: "",
  type: "",
};

function bufferOf({ kind, what, value }: ObjectEvent): Uint8Array | null {
  // Those of the hosts are theirs alone: that they have changed is all that is told.
  const isHosts = kind === "resource" || kind === "resourceType";
  if (value === undefined || (isHosts && what === "privateProperty")) return null;
  if (typeof value === "number") return dword(value).data;
  if (typeof value === "string") return sz(value).data;
  if (value instanceof Uint8Array) return value;
  if (!("properties" in value)) return multiSz(value).data;
  return writePropertyList(
    value.properties.map(({ name, ...stored }) => ({ name, value: propertyValue(stored) })),
  );
}

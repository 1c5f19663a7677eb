/** Groups and resources with what is known of them, all in one answer ([MS-CMRP] 3.1.4.2.139, 3.1.4.2.140). */
import { multiSz } from "@msrpc/cluster-data";
import { GroupState } from "@msrpc/ms-cmrp";
import type { CallOptions } from "@msrpc/rpc";
import type { Properties } from "../properties/bag.ts";
import { readProperties } from "../properties/list.ts";
import { clusterKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
import { type NameOf, nameOf } from "./state-name.ts";

export interface ListingOptions extends CallOptions {
  /** Names of common properties that can be set; `["*"]` for all. Default: none. */
  readonly properties?: readonly string[];
  /** Names of those that can't be set. */
  readonly readOnlyProperties?: readonly string[];
}

interface ListedObject {
  readonly name: string;
  readonly id: string;
  /** Those that were asked for, by name. */
  readonly properties: Properties;
}

export interface ListedGroup extends ListedObject {
  readonly state: NameOf<typeof GroupState>;
  /** Name of its node. */
  readonly owner: string;
  /** CLUSGRP_FLAG. */
  readonly flags: number;
}

export interface ListedResource extends ListedObject {
  /** Name of its group. */
  readonly group: string;
}

/** @throws ClusterError ERROR_INVALID_PARAMETER for a property that groups don't have */
export async function listedGroups(
  session: Session,
  options: ListingOptions,
): Promise<ListedGroup[]> {
  const { resultList } = await session.use(clusterKind, "", (api, cluster) =>
    api.createGroupEnum({ cluster, ...asked(options) }, options),
  );
  return (resultList?.entries ?? []).map((entry) => ({
    ...common(entry),
    state: nameOf(GroupState, entry.state),
    owner: entry.owner ?? "",
    flags: entry.flags,
  }));
}

/** @throws ClusterError ERROR_INVALID_PARAMETER for a property that resources don't have */
export async function listedResources(
  session: Session,
  options: ListingOptions,
): Promise<ListedResource[]> {
  const { resultList } = await session.use(clusterKind, "", (api, cluster) =>
    api.createResourceEnum({ cluster, ...asked(options) }, options),
  );
  return (resultList?.entries ?? []).map((entry) => ({
    ...common(entry),
    group: entry.ownerName ?? "",
  }));
}

interface Asked {
  readonly properties: Uint8Array | null;
  readonly roProperties: Uint8Array | null;
}

function asked({ properties = [], readOnlyProperties = [] }: ListingOptions): Asked {
  const list = (names: readonly string[]): Uint8Array | null =>
    names.length === 0 ? null : multiSz(names).data;
  return { properties: list(properties), roProperties: list(readOnlyProperties) };
}

function common({
  name,
  id,
  properties,
  roProperties,
}: Asked & { readonly name: string | null; readonly id: string | null }): ListedObject {
  const lists = [properties, roProperties].map((list) => list ?? new Uint8Array(0));
  const all = lists.flatMap((list) => (list.length === 0 ? [] : readProperties(list)));
  return {
    name: name ?? "",
    id: id ?? "",
    properties: Object.fromEntries(all.map((one) => [one.name, one.value])),
  };
}

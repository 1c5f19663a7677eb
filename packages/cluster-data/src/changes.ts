/** What notification ports of version 2 tell of, by the type of object ([MS-CMRP] 2.2.2.11 to 2.2.2.26). */
import {
  ClusterChangeV2,
  GroupChangeV2,
  GroupSetChangeV2,
  NetInterfaceChangeV2,
  NetworkChangeV2,
  NodeChangeV2,
  QuorumChangeV2,
  RegistryChangeV2,
  ResourceChangeV2,
  ResourceTypeChangeV2,
  SharedVolumeChangeV2,
  SpaceportChangeV2,
  UpgradePhaseV2,
} from "@msrpc/ms-cmrp/clusapi3";

/** Events by the name of their `ObjectType`. There are types without events. */
export interface Changes {
  readonly Cluster: typeof ClusterChangeV2;
  readonly Group: typeof GroupChangeV2;
  readonly Resource: typeof ResourceChangeV2;
  readonly ResourceType: typeof ResourceTypeChangeV2;
  readonly NetworkInterface: typeof NetInterfaceChangeV2;
  readonly Network: typeof NetworkChangeV2;
  readonly Node: typeof NodeChangeV2;
  readonly Registry: typeof RegistryChangeV2;
  readonly Quorum: typeof QuorumChangeV2;
  readonly SharedVolume: typeof SharedVolumeChangeV2;
  readonly Spaceport: typeof SpaceportChangeV2;
  readonly Upgrade: typeof UpgradePhaseV2;
  readonly GroupSet: typeof GroupSetChangeV2;
}

export const changes: Changes = {
  Cluster: ClusterChangeV2,
  Group: GroupChangeV2,
  Resource: ResourceChangeV2,
  ResourceType: ResourceTypeChangeV2,
  NetworkInterface: NetInterfaceChangeV2,
  Network: NetworkChangeV2,
  Node: NodeChangeV2,
  Registry: RegistryChangeV2,
  Quorum: QuorumChangeV2,
  SharedVolume: SharedVolumeChangeV2,
  Spaceport: SpaceportChangeV2,
  Upgrade: UpgradePhaseV2,
  GroupSet: GroupSetChangeV2,
};

/** The flags of all events of a type but those that clients make themselves, and can't ask for. */
export function askableChanges(kind: keyof Changes): number {
  const own = kind === "Cluster" ? ["Reconnect", "State", "HandleClose"] : ["HandleClose"];
  return maskOf(changes[kind], own);
}

/** All flags of an enumeration but those of these names. */
export function maskOf(
  flags: Readonly<Record<string, number>>,
  without: readonly string[],
): number {
  return Object.entries(flags).reduce(
    (mask, [name, flag]) => (without.includes(name) ? mask : mask + flag),
    0,
  );
}

/** The client for failover clusters. */
export { PropertyListError } from "@msrpc/cluster-data";
export {
  Cluster,
  type ClusterVersion,
  type CreateGroupOptions,
  type ResourceTypeOptions,
} from "./cluster.ts";
export {
  ClusterBatchError,
  ClusterError,
  type ClusterErrorOptions,
  ClusterStateError,
  ClusterVersionError,
} from "./errors/cluster-error.ts";
export { statusName } from "./errors/status-name.ts";
export { type ClusterEvent, type EventKind, eventKinds } from "./events/changes.ts";
export type { Watchable } from "./events/filter.ts";
export type { PortVersion } from "./events/port.ts";
export { type EventOptions, EventStream } from "./events/stream.ts";
export {
  AffinityRule,
  type AffinityRuleChanges,
  type AffinityRuleStatus,
  type AffinityType,
} from "./objects/affinity-rule.ts";
export { ClusterObject } from "./objects/cluster-object.ts";
export {
  type CreateResourceOptions,
  type DeleteGroupOptions,
  Group,
  type GroupMoveOptions,
  type GroupOfflineOptions,
  type GroupOnlineOptions,
  type GroupStatus,
} from "./objects/group.ts";
export { type AddGroupOptions, GroupSet, type GroupSetDomains } from "./objects/group-set.ts";
export type { ListedGroup, ListedResource, ListingOptions } from "./objects/listing.ts";
export { NetInterface, Network } from "./objects/network.ts";
export {
  ClusterNode,
  type DrainOptions,
  type DrainStatus,
  type ResumeOptions,
} from "./objects/node.ts";
export type { Quorum, QuorumChange } from "./objects/quorum.ts";
export {
  Resource,
  type ResourceOfflineOptions,
  type ResourceOnlineOptions,
  type ResourceStatus,
  type SharedVolumeOptions,
} from "./objects/resource.ts";
export type { PasswordOutcome, ServicePasswordOptions } from "./objects/service-password.ts";
export { ResourceType } from "./objects/resource-type.ts";
export type { SettleOptions } from "./objects/settle.ts";
export type { NameOf } from "./objects/state-name.ts";
export type { ControlOptions } from "./properties/control.ts";
export {
  type Properties,
  PropertyBag,
  type PropertyChanges,
  type PropertyEntry,
} from "./properties/bag.ts";
export type * from "./properties/known.ts";
export type { Format, PropertyValue } from "./properties/value.ts";
export {
  type BatchChange,
  type Comparison,
  RegistryBatch,
  type UnreadValue,
  type ValueToRead,
} from "./registry/batch.ts";
export { type DeleteKeyOptions, type KeyInfo, RegistryKey } from "./registry/key.ts";
export { type RegistryValue } from "./registry/value.ts";
export { ClusterNodeError, type NodeProblem } from "./session/check-node.ts";
export { type ConnectOptions, serviceClass } from "./session/connect.ts";

/** The client for failover clusters. */
export { PropertyListError } from "@msrpc/cluster-data";
export { Cluster, type ClusterVersion, type ResourceTypeOptions } from "./cluster.ts";
export {
  ClusterError,
  type ClusterErrorOptions,
  ClusterStateError,
  ClusterVersionError,
} from "./errors/cluster-error.ts";
export { type ClusterEvent, type EventKind, eventKinds } from "./events/changes.ts";
export { type EventOptions, EventStream } from "./events/stream.ts";
export { ClusterObject } from "./objects/cluster-object.ts";
export {
  type CreateResourceOptions,
  type DeleteGroupOptions,
  Group,
  type GroupStatus,
} from "./objects/group.ts";
export { NetInterface, Network } from "./objects/network.ts";
export {
  ClusterNode,
  type DrainOptions,
  type DrainStatus,
  type ResumeOptions,
} from "./objects/node.ts";
export { Resource, type ResourceStatus } from "./objects/resource.ts";
export type { SettleOptions } from "./objects/settle.ts";
export type { NameOf } from "./objects/state-name.ts";
export {
  type Properties,
  PropertyBag,
  type PropertyChanges,
  type PropertyEntry,
} from "./properties/bag.ts";
export type * from "./properties/known.ts";
export type { Format, PropertyValue } from "./properties/value.ts";
export { RegistryKey } from "./registry/key.ts";
export { type RegistryValue } from "./registry/value.ts";
export { type ConnectOptions, serviceClass } from "./session/connect.ts";

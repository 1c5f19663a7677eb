/** A failover cluster behind the bindings of MS-CMRP. */
export {
  Cluster,
  type ClusterOptions,
  type EventListener,
  type StateStore,
} from "./core/cluster.ts";
export { openCluster, type OpenClusterOptions } from "./core/open.ts";
export type {
  ClusterEvent,
  EventValue,
  Happenings,
  KeyEvent,
  ObjectEvent,
  ObjectKind,
} from "./core/event.ts";
export { nodeCameUp, nodeWentDown } from "./core/nodes.ts";
export { resourcesStopped, stopResources } from "./core/stop.ts";
export { type Surroundings, systemSurroundings, type Transaction } from "./core/transaction.ts";
export { define, defineCluster } from "./definition/define.ts";
export {
  type AffinityRuleDefinition,
  type AffinityRuleKind,
  type ClusterDefinition,
  type DefinedValue,
  type DefinedValues,
  DefinitionError,
  type DefinitionPath,
  type GroupDefinition,
  type GroupSetDefinition,
  type NetInterfaceDefinition,
  type NetworkDefinition,
  type NodeDefinition,
  pathText,
  type QuorumDefinition,
  type ResourceDefinition,
  type ResourceTypeDefinition,
} from "./definition/definition.ts";
export { defaultDefinition } from "./definition/default.ts";
export { localNetworks } from "./network/local-networks.ts";
export { type Probes, systemProbes } from "./network/probe.ts";
export { type NetworkWatchOptions, watchNetworks } from "./network/watch-networks.ts";
export type { Effect } from "./core/effect.ts";
export type { Host } from "./core/host.ts";
export type { OutputStream } from "./hosting/output.ts";
export { genericApplication } from "./hosting/generic-application.ts";
export { genericScript } from "./hosting/generic-script.ts";
export { genericService, type GenericServiceOptions } from "./hosting/generic-service.ts";
export { ipAddress, type IpAddressOptions } from "./hosting/ip-address.ts";
export { fileShareWitness, physicalDisk } from "./hosting/storage.ts";
export { keepTime } from "./hosting/keep-time.ts";
export type { HostedResource, HostingType, Running } from "./hosting/plugin.ts";
export {
  resourceHost,
  type ResourceHost,
  type ResourceHostOptions,
} from "./hosting/resource-host.ts";
export * as properties from "./property/schema.ts";
export { createMissingTypes } from "./hosting/types.ts";
export { networkState } from "./model/derived.ts";
export { isWaiting, waitsFor } from "./model/waiting.ts";
export { type NotificationLimits, Notifications } from "./notify/notifications.ts";
export { type ClusterState, readState } from "./model/state.ts";
export type { AccessLevel, AccessPolicy } from "./service/opened.ts";
export { either, loggedOnMay, securityPolicy } from "./service/policy.ts";
export type { ServerState } from "./service/methods/server-state.ts";
export { serveCluster, type ServeClusterOptions } from "./service/serve.ts";
export { StoreError, type StoreErrorCode } from "./store/error.ts";
export { memoryStore } from "./store/memory.ts";
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "./store/sqlite.ts";

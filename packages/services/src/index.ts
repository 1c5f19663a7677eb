/** Endpoint mapper, remote management and extended errors of DCE/RPC: client and server. */
export type { ServiceOptions, ServiceTarget } from "./client/connect.ts";
export {
  type EndpointEntry,
  lookupEndpoints,
  type LookupFilter,
  type LookupOptions,
} from "./client/lookup-endpoints.ts";
export { connectManagement, type Management, type Statistics } from "./client/management.ts";
export { mapEndpoints, type MapQuery } from "./client/map-endpoints.ts";
export { registerEndpoints, type RemoteRegistration } from "./client/register-endpoints.ts";
export {
  type EndpointResolver,
  endpointResolver,
  resolveEndpoint,
  type ResolverOptions,
} from "./client/resolve-endpoint.ts";
export { extendedErrorOf, readExtendedError, writeExtendedError } from "./extended-error/codec.ts";
export { errorComponents, type ErrorParameter, type ErrorRecord } from "./extended-error/record.ts";
export { tellErrors, type TellOptions } from "./extended-error/tell.ts";
export { EndpointMap, type StoredEntry } from "./mapper/endpoint-map.ts";
export type { MapEntry, RegisterOptions } from "./mapper/entries.ts";
export { type EndpointMapperPolicy, serveEndpointMapper } from "./mapper/serve.ts";
export { type ManagedServer, type ManagementPolicy, serveManagement } from "./management/serve.ts";
export {
  type Endpoint,
  endpointOf,
  formatEndpoint,
  parseEndpoint,
  towerOf,
  type TowerProtocol,
} from "./tower/endpoint.ts";
export type { Floor } from "./tower/floor.ts";
export { decodeTower, encodeTower, type ProtocolTower } from "./tower/tower.ts";
export { TowerError, type TowerErrorCode } from "./tower/tower-error.ts";
export type { VersionOption } from "./versions.ts";

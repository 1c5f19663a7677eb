/** DCE/RPC: interface descriptors, clients, servers and transports. */
export {
  type CallOptions,
  type Client,
  type ClientMethod,
  type ClientOptions,
  type ClientResult,
  createClient,
  type Opened,
} from "./client.ts";
export { type HandleKind, handleKind, type HandleTable } from "./handle-table.ts";
export { type InMemoryOptions, inMemoryTransport, type StubEvent } from "./in-memory-transport.ts";
export { defineInterface, type InterfaceDescriptor, type InterfaceVersion } from "./interface.ts";
export type {
  AnyOperation,
  Operation,
  PipeCodec,
  RequestOf,
  ResponseOf,
  ResultOf,
} from "./operation.ts";
export {
  type CallContext,
  createRouter,
  type Handler,
  type Handlers,
  type Router,
  type RouterOptions,
  type ServerFailure,
} from "./router.ts";
export { RpcError, type RpcErrorOptions } from "./rpc-error.ts";
export { RpcFault } from "./rpc-fault.ts";
export {
  type AuthLevel,
  authLevels,
  authTypes,
  type ClientContextRequest,
  type ClientSecurityProvider,
  type ContextRequest,
  type Principal,
  type ProtectedPdu,
  type SecurityContext,
  SecurityError,
  type SecurityErrorCode,
  type SecurityStep,
  type ServerSecurityProvider,
} from "./security.ts";
export type { ServerAssociation, ServerReply } from "./server-association.ts";
export type {
  Association,
  InterfaceId,
  Reply,
  StubFormat,
  Transport,
  TransportCallOptions,
} from "./transport.ts";

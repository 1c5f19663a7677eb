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
export type { ClientLimits, ConnectionOptions } from "./connection/client-options.ts";
export type { ServerLimits, ServerOptions } from "./connection/server-options.ts";
export { type HandleKind, handleKind, type HandleTable } from "./handle-table.ts";
export { type InMemoryOptions, inMemoryTransport, type StubEvent } from "./in-memory-transport.ts";
export { defineInterface, type InterfaceDescriptor, type InterfaceVersion } from "./interface.ts";
export type {
  AnyOperation,
  Given,
  Operation,
  PipeCodec,
  RequestOf,
  ResponseOf,
  ResultOf,
} from "./operation.ts";
export type { CallContext, Caller } from "./call-context.ts";
export {
  createRouter,
  type Handler,
  type Handlers,
  type Router,
  type RouterOptions,
  type ServerFailure,
  type ServicePolicy,
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
export type {
  CallInfo,
  ServerAssociation,
  ServerBinding,
  ServerReply,
} from "./server-association.ts";
export {
  formatBinding,
  parseBinding,
  type ProtocolSequence,
  type StringBinding,
} from "./string-binding.ts";
export type {
  Association,
  InterfaceId,
  Reply,
  StubFormat,
  Transport,
  TransportCallOptions,
} from "./transport.ts";
export { TransportError, type TransportErrorCode } from "./transport-error.ts";

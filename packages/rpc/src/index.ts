/** DCE/RPC: interface descriptors, clients, servers and transports. */
export {
  type CallOptions,
  type Client,
  type ClientMethod,
  type ClientOptions,
  type ClientResult,
  createClient,
  type HandlesLost,
  type Opened,
} from "./client.ts";
export type {
  ClientLimits,
  ConnectionOptions,
  ConnectionsOptions,
  IdentityOptions,
} from "./connection/client-options.ts";
export type { ServerLimits, ServerOptions } from "./connection/server-options.ts";
export {
  type HandleKind,
  handleKind,
  type HandleOptions,
  type HandleTable,
  ownerOf,
} from "./handle-table.ts";
export type { ServicePolicy } from "./service-policy.ts";
export { type InMemoryOptions, inMemoryTransport, type StubEvent } from "./in-memory-transport.ts";
export {
  type ClientCall,
  type ClientInterceptor,
  type InterceptedCall,
  type Interceptor,
  isCallOf,
  type Next,
  type ServerCall,
  type ServerInterceptor,
} from "./interceptor.ts";
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
export type { CallContext, Caller, CallerTransport } from "./call-context.ts";
export {
  createRouter,
  type FaultedCall,
  type Handler,
  type Handlers,
  type Router,
  type RouterOptions,
  type ServerFailure,
} from "./router.ts";
export {
  backOff,
  type BackOffOptions,
  type Reconnect,
  type ReconnectOptions,
} from "./reconnect.ts";
export { RpcError, type RpcErrorOptions } from "./rpc-error.ts";
export { RpcFault, type RpcFaultOptions } from "./rpc-fault.ts";
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
  type ServerContextRequest,
  type ServerSecurityProvider,
} from "./security.ts";
export type {
  CallInfo,
  ServerAssociation,
  ServerBinding,
  ServerReply,
} from "./server-association.ts";
export {
  BindingError,
  bindingHost,
  type BindingPart,
  bindingPart,
  type BindingText,
  splitBinding,
} from "./binding-text.ts";
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
export {
  TransportError,
  type TransportErrorCode,
  type TransportErrorOptions,
} from "./transport-error.ts";

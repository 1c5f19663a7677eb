/** DCE/RPC: interface descriptors, clients, servers and transports. */
export { defineInterface, type InterfaceDescriptor, type InterfaceVersion } from "./interface.ts";
export type {
  AnyOperation,
  Operation,
  PipeCodec,
  RequestOf,
  ResponseOf,
  ResultOf,
} from "./operation.ts";

/** Reader and writer of NDR 2.0 and NDR64. */
export { ContextHandle } from "./context-handle.ts";
export { NdrError, type NdrErrorCode, type NdrErrorDetails } from "./error.ts";
export { NdrReader } from "./reader.ts";
export { NdrWriter } from "./writer.ts";
export type {
  ByteOrder,
  NdrLimits,
  NdrOptions,
  NdrReaderOptions,
  Strictness,
  TransferSyntax,
} from "./options.ts";
export { isUuid, nilUuid } from "./uuid.ts";

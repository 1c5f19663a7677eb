/** Reader and writer of NDR 2.0 and NDR64. */
export { askedSize, maxAskedSize } from "./asked-size.ts";
export { ContextHandle } from "./context-handle.ts";
export { formatDataRepresentation, parseDataRepresentation } from "./data-representation.ts";
export { NdrError, type NdrErrorCode, type NdrErrorDetails } from "./error.ts";
export type { InterfacePointer } from "./interface-pointer.ts";
export type {
  ByteOrder,
  NdrLimits,
  NdrOptions,
  NdrReaderOptions,
  Strictness,
  TransferSyntax,
} from "./options.ts";
export {
  asCountedString,
  asTerminatedString,
  type CountedStringWire,
} from "./presentation/counted-string.ts";
export type { Presentation, Presented } from "./presentation/presentation.ts";
export { asSid, formatSid, parseSid, type SidParts, type SidWire } from "./presentation/sid.ts";
export { NdrReader } from "./reader.ts";
export type {
  DeserializeOptions,
  ReadType,
  SerializedTypes,
  WriteType,
} from "./serialization/common.ts";
export {
  deserializeV1,
  type SerializedTypesV1,
  serializePrimitiveV1,
  serializeV1,
} from "./serialization/version1.ts";
export {
  deserializeV2,
  type SerializedInterface,
  serializeV2,
  type SerializeV2Options,
} from "./serialization/version2.ts";
export { type SyntaxId, transferSyntaxes } from "./transfer-syntax.ts";
export { unionTag } from "./union-tag.ts";
export { formatUuid, isUuid, nilUuid, putUuid } from "./uuid.ts";
export { NdrWriter } from "./writer.ts";

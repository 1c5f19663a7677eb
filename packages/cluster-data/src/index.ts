/** Property lists, value lists, values and batches of the registry, as MS-CMRP carries them; and the events that it has. */
export { type BatchCommand, BatchCommandType, BatchError, readBatch, writeBatch } from "./batch.ts";
export { askableChanges, type Changes, changes, maskOf } from "./changes.ts";
export { ControlStatus } from "./control-status.ts";
export { type ListedValue, PropertyListError } from "./list-reader.ts";
export {
  type ListedProperty,
  type Property,
  readListedProperties,
  readPropertyList,
  writeListedProperties,
  writePropertyList,
} from "./property-list.ts";
export {
  dword,
  multiSz,
  numberOf,
  type RegistryValue,
  sameValue,
  sz,
  textOf,
  textsOf,
} from "./registry-value.ts";
export { Format, formatOf, listValueOf, Syntax } from "./syntax.ts";
export { listedValues, octetsOf, type PropertyValue, textIn, typedValue } from "./typed-value.ts";
export { fromUtf16, utf16 } from "./utf16.ts";
export { readValueList, writeValueList } from "./value-list.ts";

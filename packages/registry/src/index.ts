/** A server of the Windows Remote Registry Protocol, with a registry in memory or one of your own. */
export { type Hive, type HiveStore, memoryHives } from "./hives.ts";
export { MemoryKey } from "./memory/key.ts";
export {
  type MemoryRegistry,
  memoryRegistry,
  type MemoryRegistryOptions,
  type PlainTree,
} from "./memory/registry.ts";
export { type PlainValue, utf16, valueOf } from "./memory/values.ts";
export {
  type KeyInfo,
  type KeySizes,
  type KeyType,
  type MaybePromise,
  type NewKey,
  type Registry,
  type RegistryKey,
  type RegistryValue,
  type StoredRoot,
  valueTypes,
} from "./registry.ts";
export { type RegistryPolicy, serveRegistry } from "./service/serve.ts";

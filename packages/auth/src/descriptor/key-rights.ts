/** Rights to keys of a registry: REGSAM ([MS-RRP] 2.2.3), which registries of clusters have as well. */
import type { GenericMapping } from "./access-check.ts";

/** Bits of REGSAM beside those that every kind of object has. */
export const keyRights = {
  queryValue: 0x01,
  setValue: 0x02,
  createSubKey: 0x04,
  enumerateSubKeys: 0x08,
  notify: 0x10,
  createLink: 0x20,
  /** These two are no rights: they choose between two views of a registry. */
  wow64Key64: 0x0100,
  wow64Key32: 0x0200,
} as const;

/** What generic rights mean for a key. */
export const keyMapping: GenericMapping = {
  read: 0x0002_0019,
  write: 0x0002_0006,
  execute: 0x0002_0019,
  all: 0x000f_003f,
};

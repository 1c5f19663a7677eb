/** What values of property lists are and how they are written ([MS-CMRP] 2.2.2.1 to 2.2.2.3). */

/** CLUSTER_PROPERTY_FORMAT: how the octets of a value are to be read. */
export const Format = {
  Unknown: 0,
  Binary: 1,
  Dword: 2,
  Sz: 3,
  ExpandSz: 4,
  MultiSz: 5,
  UlargeInteger: 6,
  Long: 7,
  ExpandedSz: 8,
  SecurityDescriptor: 9,
  LargeInteger: 10,
  Word: 11,
  FileTime: 12,
} as const;
export type Format = (typeof Format)[keyof typeof Format];

/** CLUSTER_PROPERTY_SYNTAX: the meaning of a value in the upper half, its format in the lower one. No others are legal. */
export const Syntax = {
  Endmark: 0,
  Binary: 0x0001_0001,
  Dword: 0x0001_0002,
  Sz: 0x0001_0003,
  ExpandSz: 0x0001_0004,
  MultiSz: 0x0001_0005,
  UlargeInteger: 0x0001_0006,
  Long: 0x0001_0007,
  ExpandedSz: 0x0001_0008,
  SecurityDescriptor: 0x0001_0009,
  LargeInteger: 0x0001_000a,
  Word: 0x0001_000b,
  FileTime: 0x0001_000c,
  ResourceClass: 0x0002_0002,
  Name: 0x0004_0003,
  DiskSignature: 0x0005_0002,
  ScsiAddress: 0x0006_0002,
  DiskNumber: 0x0007_0002,
  PartitionInfo: 0x0008_0001,
  DiskSerialNumber: 0x000a_0003,
  DiskGuid: 0x000b_0003,
  DiskSize: 0x000c_0006,
  PartitionInfoEx: 0x000d_0001,
  PartitionInfoEx2: 0x000e_0001,
} as const;
export type Syntax = (typeof Syntax)[keyof typeof Syntax];

const legal: ReadonlySet<number> = new Set(Object.values(Syntax));

/** Whether a syntax is that of a plain value of a property, CLUSPROP_TYPE_LIST_VALUE. */
export function isListValue(syntax: number): syntax is Syntax {
  return legal.has(syntax) && syntax >>> 16 === 1;
}

/** The format of a value, which is the lower half of its syntax. */
export function formatOf(syntax: Syntax): Format {
  return (syntax & 0xffff) as Format;
}

/** The syntax of a plain value in that format. */
export function listValueOf(format: Exclude<Format, typeof Format.Unknown>): Syntax {
  return (0x0001_0000 | format) as Syntax;
}

/** Property lists and value lists, octet by octet, and what isn't one. */
import { createHash } from "node:crypto";
import {
  Format,
  type Property,
  PropertyListError,
  type PropertyValue,
  readListedProperties,
  readPropertyList,
  readValueList,
  Syntax,
  textIn,
  typedValue,
  utf16,
  writeListedProperties,
  writePropertyList,
  writeValueList,
} from "@msrpc/cluster-data";
import { expect, test } from "vitest";
import { hex, octets as unhex } from "../../../test/support/hex.ts";

const dword = (number: number): PropertyValue => ({ format: Format.Dword, number });
const sz = (text: string): PropertyValue => ({ format: Format.Sz, text });

/** The read-only common properties of a cluster, as Windows Server 2012 R2 answers them in 412 octets. */
const ofCluster: readonly Property[] = [
  { name: "FixQuorum", value: dword(0) },
  { name: "PreventQuorum", value: dword(0) },
  { name: "IgnorePersistentStateOnStartup", value: dword(0) },
  { name: "SharedVolumesRoot", value: sz("C:\\ClusterStorage") },
  { name: "WitnessDynamicWeight", value: dword(1) },
  { name: "AdminAccessPoint", value: dword(1) },
];

/** Those of a node, in 740 octets. */
const ofNode: readonly Property[] = [
  { name: "NodeName", value: sz("node1") },
  { name: "NodeHighestVersion", value: dword(0x8_2580) },
  { name: "NodeLowestVersion", value: dword(0x8_2580) },
  { name: "MajorVersion", value: dword(6) },
  { name: "MinorVersion", value: dword(3) },
  { name: "BuildNumber", value: dword(9600) },
  { name: "CSDVersion", value: sz("") },
  { name: "NodeInstanceID", value: sz("00000000-0000-0000-0000-000000000002") },
  { name: "NodeDrainStatus", value: dword(0) },
  { name: "NodeDrainTarget", value: dword(0xffff_ffff) },
  { name: "DynamicWeight", value: dword(1) },
  { name: "NeedsPreventQuorum", value: dword(0) },
];

test.each([
  [ofCluster, 412, "4d8e1977c769e9f12f202f160fc90376fbc9177904eda16cbc1fc2582aa110ed"],
  [ofNode, 740, "9eb1a2858c1adee509146dafdcb15641577043f3e59eaf6016f4e2db464b365f"],
] as const)("a list is written octet by octet as Windows does", (properties, size, digest) => {
  const octets = writePropertyList(properties);
  expect(octets).toHaveLength(size);
  expect(createHash("sha256").update(octets).digest("hex")).toBe(digest);
  expect(readPropertyList(octets)).toEqual(properties);
  expect(readPropertyList(octets.subarray(0, -4))).toEqual(properties);
});

test("the example of an address ([MS-CMRP] 4.1) is read, with padding counted in the size or not", () => {
  const name = "01000000 03000400 10000000 4100640064007200650073007300 0000";
  const text = "310030002e0031002e0032002e003300 0000";
  const address = [{ name: "Address", value: sz("10.1.2.3") }];
  for (const size of ["14", "12"]) {
    const list = unhex(`${name} 03000100 ${size}000000 ${text} 0000 00000000`);
    expect(readPropertyList(list)).toEqual(address);
  }
  expect(hex(writePropertyList(address))).toBe(
    hex(unhex(`${name} 03000100 12000000 ${text} 0000 00000000 00000000`)),
  );
});

test("an empty list is a count, and read with four octets of zero after it or without", () => {
  expect(hex(writePropertyList([]))).toBe("0000000000000000");
  expect(readPropertyList(new Uint8Array(4))).toEqual([]);
  expect(readPropertyList(new Uint8Array(8))).toEqual([]);
});

const values: readonly [string, PropertyValue, string][] = [
  ["Word", { format: Format.Word, number: 0xfffe }, "0b000100 02000000 feff 0000"],
  ["Dword", dword(0x8000_0001), "02000100 04000000 01000080"],
  ["Long", { format: Format.Long, number: -2 }, "07000100 04000000 feffffff"],
  [
    "UlargeInteger",
    { format: Format.UlargeInteger, number: 2n ** 64n - 1n },
    "06000100 08000000 ffffffffffffffff",
  ],
  [
    "LargeInteger",
    { format: Format.LargeInteger, number: -2n },
    "0a000100 08000000 feffffffffffffff",
  ],
  ["FileTime", { format: Format.FileTime, number: 1n }, "0c000100 08000000 0100000000000000"],
  ["Sz", sz("a"), "03000100 04000000 61000000"],
  [
    "ExpandSz",
    { format: Format.ExpandSz, text: "%a%", expanded: "b" },
    "04000100 08000000 2500610025000000 08000100 04000000 62000000",
  ],
  [
    "MultiSz",
    { format: Format.MultiSz, texts: ["a", "b"] },
    "05000100 0a000000 61000000620000000000 0000",
  ],
  ["empty MultiSz", { format: Format.MultiSz, texts: [] }, "05000100 02000000 0000 0000"],
  ["Binary", { format: Format.Binary, data: new Uint8Array([1]) }, "01000100 01000000 01 000000"],
  [
    "SecurityDescriptor",
    { format: Format.SecurityDescriptor, data: new Uint8Array([1, 2, 3]) },
    "09000100 03000000 010203 00",
  ],
];

test.each(values)("a value of format %s has its octets and its padding", (_, value, octets) => {
  const list = unhex(`01000000 03000400 04000000 6e000000 ${octets} 00000000 00000000`);
  expect(hex(writePropertyList([{ name: "n", value }]))).toBe(hex(list));
  expect(readPropertyList(list)).toEqual([{ name: "n", value }]);
});

test("a value without octets is none: the property goes back to its default", () => {
  const list = writePropertyList([{ name: "n", value: null }]);
  expect(readPropertyList(list)).toEqual([{ name: "n", value: null }]);
});

test("properties with several values of one kind keep them all", () => {
  const listed = ["a", "b", "c"].map((text) => ({ syntax: Syntax.Sz, data: utf16(`${text}\0`) }));
  const properties = [{ name: "SourceVolumes", values: listed }];
  expect(readListedProperties(writeListedProperties(properties))).toEqual(properties);
});

test("values of a syntax that isn't known are read and written as they are", () => {
  const values = [
    { syntax: 0x0001_000d, data: unhex("01 02 03") },
    { syntax: 0x8000_8000, data: unhex("") },
  ];
  const properties = [{ name: "n", values }];
  expect(readListedProperties(writeListedProperties(properties))).toEqual(properties);
  expect(readValueList(writeValueList(values))).toEqual(values);
});

test("a text of nothing but nulls is looked at once, however many they are", () => {
  // Few enough for the test to end where each is looked at from each before it, and to fail for how long that takes.
  const texts = new Uint8Array(300_000);
  texts[texts.length - 4] = 0x61;
  expect(() => textIn(texts)).toThrow(PropertyListError);
  const multi = { syntax: Syntax.MultiSz, data: texts };
  expect(() => typedValue([multi])).toThrow(PropertyListError);
  const padded = new Uint8Array(4 << 20);
  padded[0] = 0x61;
  expect(textIn(padded)).toBe("a");
});

test("value lists have no count, and an end mark", () => {
  const list = [
    { syntax: Syntax.ResourceClass, data: unhex("02000000 00000080") },
    { syntax: Syntax.Name, data: utf16("IP Address\0") },
  ];
  const octets = writeValueList(list);
  expect(hex(octets.subarray(0, 16))).toBe("02000200080000000200000000000080");
  expect(readValueList(octets)).toEqual(list);
  expect(hex(writeValueList([]))).toBe("00000000");
  expect(() => readValueList(octets.subarray(0, -4))).toThrow(PropertyListError);
  expect(() => readValueList(new Uint8Array(8))).toThrow("goes on after its end mark");
});

const named = "01000000 03000400 04000000 6e000000";
test.each([
  ["", "ends before a count"],
  ["010000", "ends before a count"],
  ["01000000", "ends before a syntax"],
  ["ffffffff", "ends before a syntax"],
  ["01000000 02000100 04000000 01000000", "has no name"],
  ["01000000 00000000", "has no name"],
  ["01000000 03000400 ffffffff 6e000000", "ends within a value"],
  ["01000000 03000400 03000000 6e000000", "a name isn't a text"],
  ["01000000 03000400 04000000 6e006e00", "a name isn't a text"],
  ["01000000 03000400 02000000 0000 0000", "a name isn't a text"],
  [`${named} 00000000`, "has no value for n"],
  [`${named} 03000400 04000000 6e000000`, "has a second name"],
  [`${named} 02000100 02000000 0000 0000 00000000`, "2 octets instead of 4"],
  [`${named} 0d000100 04000000 00000000 00000000`, "isn't that of a property's value"],
  [`${named} 02000200 04000000 00000000 00000000`, "isn't that of a property's value"],
  [`${named} 03000100 04000000 61006200 00000000`, "a text doesn't end"],
  [`${named} 03000100 06000000 000061000000 0000 00000000`, "a text doesn't end"],
  [`${named} 05000100 0a000000 61000000000062000000 0000 00000000`, "after an empty one"],
  [`${named} 02000100 04000000 00000000 02000100 04000000 00000000 00000000`, "a second value"],
  [`${named} 02000100 04000000 00000000 00000000 01000000`, "goes on after its last property"],
  [`${named} 02000100 04000000 00000000 00000000 0000000000`, "goes on after its last property"],
  [`${named} 02000100 04000000 00000000`, "ends before a syntax"],
])("%s is no property list", (octets, message) => {
  expect(() => readPropertyList(unhex(octets))).toThrow(PropertyListError);
  expect(() => readPropertyList(unhex(octets))).toThrow(message);
});

/** Numbers below `bound`, the same ones for the same seed. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

test("damaged lists are read or refused, and what is read is written back to the same", () => {
  const whole = writePropertyList([
    ...ofCluster,
    ...values.map(([name, value]) => ({ name, value })),
  ]);
  let refused = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const next = numbers(seed);
    const octets = whole.slice(0, seed % 3 === 0 ? next(whole.length) : whole.length);
    for (let flips = next(4); flips >= 0; flips--) octets[next(octets.length)] = next(256);
    try {
      const read = readPropertyList(octets);
      expect(readPropertyList(writePropertyList(read))).toEqual(read);
    } catch (error) {
      expect(error).toBeInstanceOf(PropertyListError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(1000);
});

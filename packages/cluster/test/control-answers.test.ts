/** What control codes of resources and groups do beside properties: checkpoints, maintenance, what they are like. */
import { readValueList, Syntax, writePropertyList } from "@msrpc/cluster-data";
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import type { Subject } from "../src/property/subject.ts";
import {
  bringOnline,
  dword,
  dwords,
  given,
  namesIn,
  read,
  refusal,
  resourceOf,
  run,
  subjectOf,
  typeOf,
} from "./control-support.ts";
import { startCluster, utf16 } from "./registry-support.ts";

// ---- checkpoints --------------------------------------------------------------------------------

test("registry checkpoints are added once, listed and deleted, in 32 bits and 64 alike", () => {
  const started = startCluster();
  const resource = subjectOf(started, "resource");
  const list = (): string[] => namesIn(run(started, resource, "GET_REGISTRY_CHECKPOINTS"));
  const add = (path: string, bits = ""): unknown =>
    run(started, resource, `ADD_REGISTRY_CHECKPOINT${bits}`, utf16(path));
  expect(list()).toEqual([]);
  add("Software\\A");
  add("Software\\B", "_64BIT");
  add("Software\\C", "_32BIT");
  expect(refusal(() => add("SOFTWARE\\a", "_32BIT"))).toBe(Status.ERROR_ALREADY_EXISTS);
  expect(refusal(() => add("\\Software"))).toBe(Status.ERROR_INVALID_PARAMETER);
  expect(refusal(() => add(""))).toBe(Status.ERROR_INVALID_PARAMETER);
  expect(list()).toEqual(["Software\\A", "Software\\B", "Software\\C"]);
  const remove = (path: string): unknown =>
    run(started, resource, "DELETE_REGISTRY_CHECKPOINT", utf16(path));
  remove("software\\b");
  expect(refusal(() => remove("software\\b"))).toBe(Status.ERROR_FILE_NOT_FOUND);
  expect(list()).toEqual(["Software\\A", "Software\\C"]);
  add("Software\\D");
  expect(list()).toEqual(["Software\\A", "Software\\C", "Software\\D"]);
});

test("cryptographic checkpoints are a type, a provider and a container", () => {
  const started = startCluster();
  const resource = subjectOf(started, "resource");
  const add = (key: string): unknown => run(started, resource, "ADD_CRYPTO_CHECKPOINT", utf16(key));
  add("1\\Provider\\Keys");
  for (const wrong of ["Provider\\Keys", "x\\Provider\\Keys", "1\\\\Keys", "1\\a\\b\\c"]) {
    expect(refusal(() => add(wrong))).toBe(Status.ERROR_INVALID_PARAMETER);
  }
  expect(namesIn(run(started, resource, "GET_CRYPTO_CHECKPOINTS"))).toEqual(["1\\Provider\\Keys"]);
  expect(namesIn(run(started, resource, "GET_REGISTRY_CHECKPOINTS"))).toEqual([]);
  run(started, resource, "DELETE_CRYPTO_CHECKPOINT", utf16("1\\provider\\keys"));
  expect(namesIn(run(started, resource, "GET_CRYPTO_CHECKPOINTS"))).toEqual([]);
});

// ---- maintenance --------------------------------------------------------------------------------

const signature = 0xabba_f00f;

test("maintenance of a disk is entered, told in both structures, kept and ended", async () => {
  const started = startCluster();
  const disk = await resourceOf(started, "Physical Disk");
  bringOnline(started, disk);
  const query = (room: number): number[] =>
    dwords(run(started, disk, "QUERY_MAINTENANCE_MODE", null, { room }).octets);
  expect(query(4)).toEqual([0]);
  expect(query(16)).toEqual([0, 1, ResourceState.Online, signature]);
  run(started, disk, "SET_MAINTENANCE_MODE", given(1));
  expect(query(15)).toEqual([1]);
  expect(query(16)).toEqual([1, 1, ResourceState.Online, signature]);
  run(started, disk, "SET_MAINTENANCE_MODE", given(1, 2, 0, signature));
  expect(query(16)).toEqual([1, 2, ResourceState.Offline, signature]);
  expect(disk.object.state).toBe(ResourceState.Online);
  expect(refusal(() => query(3))).toBe(Status.ERROR_MORE_DATA);
  const end = (): unknown => run(started, disk, "SET_MAINTENANCE_MODE", given(0));
  expect(refusal(end)).toBe(Status.ERROR_INVALID_PARAMETER);
  run(started, disk, "SET_MAINTENANCE_MODE", given(1, 1, 0, signature));
  end();
  expect(query(4)).toEqual([0]);
});

test("maintenance is for disks that are online, and asked for in the right words", async () => {
  const started = startCluster();
  const disk = await resourceOf(started, "Physical Disk");
  const enter = (input: Uint8Array): number | null =>
    refusal(() => run(started, disk, "SET_MAINTENANCE_MODE", input));
  expect(enter(given(1))).toBe(Status.ERROR_RESOURCE_NOT_ONLINE);
  bringOnline(started, disk);
  for (const wrong of [
    given(),
    given(2),
    given(1, 1),
    given(1, 4, 0, signature),
    given(1, 1, 0, 0),
  ]) {
    expect(enter(wrong)).toBe(Status.ERROR_INVALID_PARAMETER);
  }
  const name = subjectOf(started, "resource");
  for (const what of ["QUERY_MAINTENANCE_MODE", "SET_MAINTENANCE_MODE"]) {
    expect(refusal(() => run(started, name, what, given(1)))).toBe(Status.ERROR_INVALID_FUNCTION);
  }
});

// ---- what resources are like --------------------------------------------------------------------

test.each([
  ["Physical Disk", 1, 0x8000_0000, [1, 0x8000_0000]],
  ["IP Address", 2, 0x8000_0000, [0, 0]],
  ["IPv6 Address", 2, 0x8000_0000, [0, 0]],
  ["IPv6 Tunnel Address", 2, 0x8000_0000, [0, 0]],
  ["Generic Application", 0, 0, [0, 0]],
])("%s is of class %i, in version 2.0 where it is storage", async (name, number, subclass, two) => {
  const started = startCluster();
  for (const subject of [await resourceOf(started, name), typeOf(started, name)]) {
    expect(dwords(run(started, subject, "GET_CLASS_INFO").octets)).toEqual([number, subclass]);
    const { octets } = run(started, subject, "GET_CLASS_INFO", null, { version: 2 });
    expect(dwords(octets)).toEqual(two);
  }
});

test("resources and types say by class and by type what they can't be without", () => {
  const started = startCluster();
  const required = (name: string): unknown =>
    readValueList(run(started, typeOf(started, name), "GET_REQUIRED_DEPENDENCIES").octets);
  expect(required("Generic Application")).toEqual([]);
  expect(required("Distributed File System")).toEqual([
    { syntax: Syntax.ResourceClass, data: given(1, 0x8000_0000) },
    { syntax: Syntax.Name, data: utf16("Network Name") },
  ]);
});

test("in version 2.0 no code is known that came later, and room is always needed", () => {
  const started = startCluster();
  const resource = subjectOf(started, "resource");
  const two = { version: 2, room: 0 };
  const status = (what: string): number | null =>
    refusal(() => run(started, resource, what, null, two));
  expect(status("GET_STATE_CHANGE_TIME")).toBe(Status.ERROR_INVALID_FUNCTION);
  expect(status("GET_CHARACTERISTICS")).toBe(Status.ERROR_MORE_DATA);
});

test("core resources, and the group that has them, have the flag of the core", async () => {
  const started = startCluster();
  const flags = (subject: Subject): number[] => dwords(run(started, subject, "GET_FLAGS").octets);
  expect(flags(subjectOf(started, "resource"))).toEqual([1]);
  expect(flags(subjectOf(started, "group"))).toEqual([1]);
  expect(flags(await resourceOf(started, "Physical Disk"))).toEqual([0]);
});

test("a change of state has its time, of the resource and of its group", async () => {
  const started = startCluster();
  const disk = await resourceOf(started, "Physical Disk");
  bringOnline(started, disk);
  const group = started.cluster.state.groups.get(disk.object.group);
  if (group === undefined) throw new TypeError("no group");
  for (const subject of [disk, { kind: "group", object: group }] as const) {
    const { octets } = run(started, subject, "GET_STATE_CHANGE_TIME");
    const ticks = new DataView(octets.buffer).getBigUint64(0, true);
    expect(ticks).toBe(116_444_736_010_000_000n);
  }
});

test("a group says how its way online ended", () => {
  const started = startCluster();
  const group = subjectOf(started, "group");
  const outcome = (): number[] =>
    dwords(run(started, group, "CHECK_FOR_STABLE_ONLINE_OR_TERMINAL_FAILED").octets);
  const [resource] = started.cluster.state.resources;
  const enter = (state: number): void => {
    if (resource === undefined) throw new TypeError("no resource");
    started.cluster.run((tx) => tx.enter("resource", resource, { state }));
  };
  expect(outcome()).toEqual([0]);
  enter(ResourceState.OnlinePending);
  expect(outcome()).toEqual([Status.ERROR_IO_PENDING]);
  enter(ResourceState.Failed);
  expect(outcome()).toEqual([Status.ERROR_RESMON_ONLINE_FAILED]);
});

test("two common properties of a group are set from a master, no more and no less", () => {
  const started = startCluster();
  const group = subjectOf(started, "group");
  const list = [1, 2, 3].map((number) => ({
    name: ["Priority", "DefaultOwner", "FaultDomain"][number - 1] ?? "",
    value: dword(number),
  }));
  const store = (count: number): unknown =>
    run(started, group, "SET_CCF_FROM_MASTER", writePropertyList(list.slice(0, count)));
  expect(refusal(() => store(1))).toBe(Status.ERROR_INVALID_PARAMETER);
  expect(refusal(() => store(3))).toBe(Status.ERROR_INVALID_PARAMETER);
  store(2);
  expect(read(started, group, "GET_COMMON_PROPERTIES")).toMatchObject({
    Priority: dword(1),
    DefaultOwner: dword(2),
    FaultDomain: dword(0),
  });
});

test("a library is replaced by one of the same name", async () => {
  const started = startCluster();
  const disk = await resourceOf(started, "Physical Disk");
  const upgrade = (path: string): unknown => run(started, disk, "UPGRADE_DLL", utf16(path));
  expect(refusal(() => upgrade("D:\\new\\other.dll"))).toBe(Status.ERROR_INVALID_PARAMETER);
  upgrade("D:\\new\\CLUSRES.dll");
  const type = started.cluster.state.resourceTypes.find("Physical Disk");
  expect(type?.dllName).toBe("D:\\new\\CLUSRES.dll");
});

test("the nodes of a fault domain are bits of 64, and all of them without a domain", () => {
  const started = startCluster();
  const resource = subjectOf(started, "resource");
  const nodes = (input: Uint8Array | null, room = 8): Uint8Array =>
    run(started, resource, "GET_NODES_IN_FD", input, { room }).octets;
  expect([...nodes(given(1000))]).toEqual([2, 0, 0, 0, 0, 0, 0, 0]);
  expect(nodes(null)).toEqual(new Uint8Array(8).fill(0xff));
  expect(nodes(given(0))).toEqual(new Uint8Array(8).fill(0xff));
  expect(refusal(() => nodes(given(1000), 16))).toBe(Status.ERROR_MORE_DATA);
});

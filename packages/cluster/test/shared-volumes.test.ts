/** Cluster shared volumes: made of disks, listed, in their modes, told of, kept ([MS-CMRP] 3.1.1.4, 3.1.4.2.122, 3.1.4.2.164). */
import {
  ControlStatus,
  Format,
  fromUtf16,
  readPropertyList,
  readValueList,
} from "@msrpc/cluster-data";
import { Cluster, defaultDefinition, defineCluster } from "@msrpc/cluster";
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { Access, ClusterEnum, ObjectType } from "@msrpc/ms-cmrp/clusapi3";
import { createClient, inMemoryTransport } from "@msrpc/rpc";
import { clusapi3, type ResourceHandle } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import type { SubjectOf } from "../src/control/answer.ts";
import { createResource } from "../src/core/create.ts";
import { setProperties } from "../src/core/properties.ts";
import { setQuorum } from "../src/core/quorum.ts";
import { failResource } from "../src/core/online.ts";
import { readState } from "../src/model/state.ts";
import { testedRouter } from "./conformance/tested-router.ts";
import {
  asked,
  dword,
  given,
  refusal,
  run,
  set,
  subjectOf,
  textIn,
  typeOf,
} from "./control-support.ts";
import { expectSound } from "./model-support.ts";
import { Watch } from "./notify-support.ts";
import { statusOf, utf16 } from "./registry-support.ts";

/** The default cluster, with a disk that is online in Available Storage. */
async function start() {
  let now = 1_000_000;
  const surroundings = { now: () => now, newId: () => crypto.randomUUID() };
  const cluster = new Cluster(defineCluster(defaultDefinition, surroundings), { surroundings });
  const client = createClient(clusapi3, inMemoryTransport(testedRouter(cluster)));
  const disk = async (resourceName: string, groupName = "Available Storage") => {
    const group = await client
      .openGroup({ groupName })
      .catch(() => client.createGroup({ groupName }));
    const resourceType = "Physical Disk";
    const handle = await client.createResource({ group, resourceName, resourceType, flags: 0 });
    await client.onlineResource({ resource: handle });
    return handle;
  };
  const connect = () => client;
  const started = { cluster, client, connect, connect2: () => never(), allow: () => {} };
  return {
    ...started,
    disk,
    first: await disk("Disk 1"),
    subject(name = "Disk 1"): SubjectOf<"resource"> {
      const object = cluster.state.resources.find(name);
      if (object === undefined) throw new TypeError(`no resource ${name}`);
      return { kind: "resource", object };
    },
    wait: (seconds: number) => void (now += seconds * 1000),
    share: (resource: ResourceHandle, volumeName?: string, state = 1): Promise<unknown> =>
      statusOf(
        volumeName === undefined
          ? client.changeCsvState({ resource, state })
          : client.changeCsvStateEx({ resource, state, volumeName }),
      ),
  };
}
type Scene = Awaited<ReturnType<typeof start>>;

function never(): never {
  throw new TypeError("there is no version 2.0 here");
}

interface Volume {
  readonly fault: number;
  readonly backup: number;
  readonly friendly: string;
  readonly name: string;
}

const cut = (octets: Uint8Array): string => fromUtf16(octets).split("\0")[0] ?? "";

function volumeOf(on: Scene, name?: string): Volume {
  const [value, ...others] = readValueList(
    run(on, on.subject(name), "STORAGE_GET_SHARED_VOLUME_INFO").octets,
  );
  expect(others).toEqual([]);
  expect(value?.data).toHaveLength(640);
  const view = Buffer.from(value!.data);
  expect([view.readBigUInt64LE(0), view.readUInt32LE(8)]).toEqual([1_048_576n, 1]);
  return {
    fault: view.readUInt32LE(12),
    backup: view.readUInt32LE(16),
    friendly: cut(view.subarray(20, 540)),
    name: cut(view.subarray(540)),
  };
}

const fine = "ERROR_SUCCESS";
const volume1 = "C:\\ClusterStorage\\Volume1";

test("the volume of a disk is shared, in a special group of its own, and taken back to Available Storage", async () => {
  const on = await start();
  await on.disk("Disk 2");
  const { state } = on.cluster;
  const listed = async (): Promise<unknown> => {
    const { returnEnum } = await on.client.createEnum({ type: ClusterEnum.SharedVolumeResource });
    return returnEnum?.entries.map(({ name }) => name);
  };
  const groupOf = () => state.groups.get(on.subject().object.group);
  expect(await on.share(on.first)).toBe(fine);
  expectSound(state);
  expect(await listed()).toEqual(["Disk 1"]);
  const own = groupOf()!;
  expect(own).toMatchObject({ type: 4, contains: [on.subject().object.id], owner: "1" });
  expect(own.name).toBe(own.id);
  const { id } = on.subject().object;
  expect(volumeOf(on)).toEqual({
    fault: 0,
    backup: 0,
    friendly: volume1,
    name: `\\\\?\\Volume{${id}}\\`,
  });
  const group = await on.client.openGroup({ groupName: own.name });
  expect(await statusOf(on.client.offlineGroup({ group }))).toBe("ERROR_SPECIAL_GROUP");
  expect(await on.share(on.first)).toBe(fine);
  expect(await on.share(on.first, undefined, 0)).toBe(fine);
  expectSound(state);
  expect(await listed()).toEqual([]);
  expect(groupOf()?.name).toBe("Available Storage");
  expect(state.groups.has(own)).toBe(false);
  expect(on.subject().object).toMatchObject({ state: 2, isShared: 0 });
  expect(await on.share(on.first, undefined, 0)).toBe("ERROR_CLUSTER_INVALID_REQUEST");
  expect(refusal(() => volumeOf(on))).toBe(Status.ERROR_INVALID_FUNCTION);
});

test("a group that has the disk alone becomes special, and an ordinary one again", async () => {
  const on = await start();
  const disk = await on.disk("Data", "SQL");
  expect(await on.share(disk)).toBe(fine);
  const own = { contains: [on.subject("Data").object.id] };
  expect(on.cluster.state.groups.find("SQL")).toMatchObject({ type: 4, ...own });
  expect(await on.share(disk, undefined, 0)).toBe(fine);
  expect(on.cluster.state.groups.find("SQL")).toMatchObject({ type: 0x270f, ...own });
});

test("without Available Storage on its node, a disk stays in the group that was made for it", async () => {
  const on = await start();
  expect(await on.share(on.first)).toBe(fine);
  const made = on.cluster.state.groups.get(on.subject().object.group)!;
  const storage = on.cluster.state.groups.find("Available Storage")!;
  on.cluster.run((tx) => tx.update("group", storage, { type: 0x270f }));
  expect(await on.share(on.first, undefined, 0)).toBe(fine);
  expect(made).toMatchObject({ type: 0x270f, contains: [on.subject().object.id] });
});

test("only a disk that is online, free and not in use as something else is shared", async () => {
  const on = await start();
  const invalid = "ERROR_CLUSTER_INVALID_REQUEST";
  const both = async (disk: ResourceHandle, plain: string, ex = plain): Promise<void> => {
    expect(await on.share(disk)).toBe(plain);
    expect(await on.share(disk, "")).toBe(ex);
  };
  const name = await on.client.openResource({ resourceName: "Cluster Name" });
  await both(name, "ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED");
  await on.client.offlineResource({ resource: on.first });
  await both(on.first, "ERROR_RESOURCE_NOT_ONLINE");
  await on.client.onlineResource({ resource: on.first });
  run(on, on.subject(), "SET_MAINTENANCE_MODE", given(1));
  await both(on.first, invalid);
  run(on, on.subject(), "SET_MAINTENANCE_MODE", given(0));
  const other = await on.disk("Disk 2");
  await on.client.offlineResource({ resource: on.first });
  await on.client.addResourceDependency({ resource: on.first, dependsOn: other });
  await on.client.onlineResource({ resource: on.first });
  await both(on.first, invalid);
  await both(other, invalid, "ERROR_DEPENDENT_RESOURCE_EXISTS");
  const data = await on.disk("Data", "SQL");
  await on.disk("Log", "SQL");
  await both(data, invalid, "ERROR_RESOURCE_NOT_IN_AVAILABLE_STORAGE");
  const flag = { name: "EnableSharedVolumes", value: dword(0) };
  set(on, subjectOf(on, "cluster"), "COMMON", flag);
  await both(await on.disk("Disk 3"), invalid);
  expect(await on.share(on.first, undefined, 2)).toBe("ERROR_INVALID_PARAMETER");
});

test("a disk that counts for quorum isn't shared", async () => {
  const on = await start();
  const alone = await on.disk("Witness", "Quorum");
  await on.client.setQuorumResource({ resource: alone, deviceName: "", maxQuorumLogSize: 0x400 });
  expect(await on.share(alone)).toBe("ERROR_CLUSTER_INVALID_REQUEST");
});

test("a volume is called as it is asked for, or by the first number that is free", async () => {
  const on = await start();
  const second = await on.disk("Disk 2");
  const third = await on.disk("Disk 3");
  expect(await on.share(on.first, "C:\\ClusterStorage\\Volume2")).toBe(fine);
  expect(await on.share(second, "")).toBe(fine);
  for (const wrong of ["volume2", "a\\b", " ", "x".repeat(300)]) {
    expect(await on.share(third, wrong)).toBe("ERROR_INVALID_PARAMETER");
  }
  expect(await on.share(third, "Data")).toBe(fine);
  const names = ["Disk 1", "Disk 2", "Disk 3"].map((name) => volumeOf(on, name).friendly);
  expect(names).toEqual([
    "C:\\ClusterStorage\\Volume2",
    "C:\\ClusterStorage\\Volume1",
    "C:\\ClusterStorage\\Data",
  ]);
});

test("a volume goes into maintenance and out, named by its path or its GUID", async () => {
  const on = await start();
  await on.share(on.first);
  const { name } = volumeOf(on);
  const maintain = (named: string, flag: number): unknown =>
    run(on, on.subject(), "SET_CSV_MAINTENANCE_MODE", asked(named, flag));
  maintain(volume1.toUpperCase(), 1);
  expect(volumeOf(on).fault).toBe(4);
  maintain(name, 0);
  expect(volumeOf(on).fault).toBe(0);
  const invalid = Status.ERROR_INVALID_PARAMETER;
  expect(refusal(() => maintain("C:\\ClusterStorage\\Volume2", 1))).toBe(invalid);
  expect(refusal(() => maintain(name, 2))).toBe(invalid);
  const short = asked(name, 1).subarray(0, 100);
  const code = "SET_CSV_MAINTENANCE_MODE";
  expect(refusal(() => run(on, on.subject(), code, short))).toBe(invalid);
});

test("a volume is redirected and direct again, whatever room there is to name it, but not in maintenance or backup", async () => {
  const on = await start();
  await on.share(on.first);
  const { name } = volumeOf(on);
  const go = (how: string, room?: number) =>
    run(on, on.subject(), `${how}_SHARED_VOLUME_DIRECTIO`, utf16(volume1), {
      ...(room !== undefined && { room }),
    });
  expect(textIn(go("DISABLE"))).toBe(`${name}\0`);
  expect(volumeOf(on).fault).toBe(1);
  expect(go("ENABLE", 0).octets).toHaveLength(0);
  expect(volumeOf(on).fault).toBe(0);
  expect(refusal(() => go("DISABLE", 8))).toBe(Status.ERROR_MORE_DATA);
  expect(volumeOf(on).fault).toBe(1);
  run(on, on.subject(), "SET_CSV_MAINTENANCE_MODE", asked(name, 1));
  expect(refusal(() => go("ENABLE"))).toBe(Status.ERROR_CLUSTER_INVALID_REQUEST);
  run(on, on.subject(), "SET_CSV_MAINTENANCE_MODE", asked(name, 0));
  run(on, on.subject(), "SET_SHARED_VOLUME_BACKUP_MODE", asked(name, 1, 60));
  expect(refusal(() => go("ENABLE"))).toBe(ControlStatus.ERROR_CLUSTER_BACKUP_IN_PROGRESS);
});

test("a volume waits for a backup for so many seconds, or until it is told not to, or goes offline", async () => {
  const on = await start();
  await on.share(on.first);
  const { name } = volumeOf(on);
  const backup = (flag: number): unknown =>
    run(on, on.subject(), "SET_SHARED_VOLUME_BACKUP_MODE", asked(name, flag, 60));
  backup(1);
  expect(volumeOf(on)).toMatchObject({ fault: 1, backup: 1 });
  on.wait(59);
  expect(volumeOf(on).backup).toBe(1);
  on.wait(1);
  expect(volumeOf(on)).toMatchObject({ fault: 0, backup: 0 });
  backup(1);
  backup(0);
  expect(volumeOf(on).backup).toBe(0);
  backup(1);
  await on.client.offlineResource({ resource: on.first });
  expect(refusal(() => volumeOf(on))).toBe(Status.ERROR_RESOURCE_NOT_ONLINE);
  expect(refusal(() => backup(1))).toBe(Status.ERROR_RESOURCE_NOT_ONLINE);
  await on.client.onlineResource({ resource: on.first });
  expect(volumeOf(on).backup).toBe(0);
});

test("a path leads to the shared volume that it is on", async () => {
  const on = await start();
  await on.share(on.first);
  const { id } = on.subject().object;
  const ask = (path: string) =>
    run(on, subjectOf(on, "cluster"), "GET_SHARED_VOLUME_ID", utf16(path));
  const isShared = (path: string) =>
    run(on, typeOf(on, "Physical Disk"), "STORAGE_IS_CSV_FILE", utf16(path));
  for (const path of [volume1, `${volume1}\\a.txt`, "c:\\clusterstorage\\volume1\\x\\y"]) {
    expect(textIn(ask(path))).toBe(`${id}:1048576\0`);
    expect(isShared(path).status).toBe(0);
  }
  for (const path of ["C:\\a.txt", `${volume1}0\\a.txt`, "C:\\ClusterStorage"]) {
    expect(refusal(() => ask(path))).toBe(Status.ERROR_CLUSTER_NOT_SHARED_VOLUME);
    expect(refusal(() => isShared(path))).toBe(Status.ERROR_CLUSTER_NOT_SHARED_VOLUME);
  }
});

test("who watches shared volumes hears of their states", async () => {
  const on = await start();
  const watch = await (await Watch.open(on)).add(ObjectType.SharedVolume, 1);
  const states = async (): Promise<unknown[]> =>
    (await watch.seen()).map(({ data }) => {
      expect(data).toMatchObject({ objectId: on.subject().object.id, name: "Disk 1" });
      expect([data.parentId, data.type]).toEqual([null, null]);
      const [property, ...others] = readPropertyList(data.buffer!);
      expect(others).toEqual([]);
      const value = property?.value ?? null;
      if (value === null || !("data" in value)) throw new TypeError("no octets");
      const octets = Buffer.from(value.data);
      expect(octets).toHaveLength(1580);
      expect(cut(octets.subarray(520, 1040))).toBe("node1");
      expect(cut(octets.subarray(1044, 1564))).toBe(volume1);
      return [octets.readUInt32LE(1040), octets.readBigUInt64LE(1564)];
    });
  await on.share(on.first);
  expect(await states()).toEqual([[2, 0n]]);
  run(on, on.subject(), "DISABLE_SHARED_VOLUME_DIRECTIO", utf16(volume1));
  expect(await states()).toEqual([[3, 1n]]);
  run(on, on.subject(), "SET_CSV_MAINTENANCE_MODE", asked(volume1, 1));
  expect(await states()).toEqual([[1, 1n]]);
  run(on, on.subject(), "SET_CSV_MAINTENANCE_MODE", asked(volume1, 0));
  run(on, on.subject(), "ENABLE_SHARED_VOLUME_DIRECTIO", utf16(volume1));
  expect(await states()).toEqual([
    [3, 1n],
    [2, 0n],
  ]);
  on.cluster.run((tx) => failResource(tx, on.subject().object));
  expect((await states()).at(0)).toEqual([0, 0n]);
});

test("shared volumes, their names and their modes are there again after a restart", async () => {
  const on = await start();
  await on.share(on.first, "Data");
  run(on, on.subject(), "DISABLE_SHARED_VOLUME_DIRECTIO", utf16("C:\\ClusterStorage\\Data"));
  run(on, on.subject(), "SET_CSV_MAINTENANCE_MODE", asked("C:\\ClusterStorage\\Data", 1));
  const again = readState(on.cluster.state.registry);
  expect(again.resources.find("Disk 1")).toMatchObject({
    isShared: 1,
    volumeName: "Data",
    volumeMaintenance: 1,
    volumeRedirected: 1,
    volumeBackup: null,
  });
  expect(again.groups.get(again.resources.find("Disk 1")!.group)?.type).toBe(4);
});

test("a shared disk that is deleted takes the group along that was made for it, and no other", async () => {
  const on = await start();
  const data = await on.disk("Data", "SQL");
  await on.share(data);
  await on.client.offlineResource({ resource: data });
  await on.client.deleteResource({ resource: data });
  expect(on.cluster.state.groups.find("SQL")).toMatchObject({ type: 0x270f, contains: [] });
  await on.share(on.first);
  const own = on.cluster.state.groups.get(on.subject().object.group)!;
  await on.client.offlineResource({ resource: on.first });
  await on.client.deleteResource({ resource: on.first });
  expect(on.cluster.state.groups.has(own)).toBe(false);
  expectSound(on.cluster.state);
});

test("what ties a volume to its name isn't written into the registry by itself", async () => {
  const on = await start();
  await on.share(on.first);
  const { id } = on.subject().object;
  const root = await on.client.getRootKey({ samDesired: 0x0200_0000 });
  const opened = { key: root, subKey: `Resources\\${id}`, samDesired: 0x0200_0000 };
  const key = await on.client.openKey(opened);
  const write = on.client.setValue({
    key,
    valueName: "ResourceSharedVolumes",
    type: 4,
    data: new Uint8Array(4),
  });
  expect(await statusOf(write)).toBe("ERROR_ACCESS_DENIED");
});

test("a disk that is moved into a group of shared volumes by force is shared there", async () => {
  const on = await start();
  await on.share(on.first);
  const special = [...on.cluster.state.groups].find(({ type }) => type === 4)!;
  const resource = await on.disk("Disk 2");
  const { returnValue: group } = await on.client.openGroupEx({
    groupName: special.name,
    desiredAccess: Access.GenericAll,
  });
  await on.client.changeResourceGroupEx({ resource, group, flags: 1n });
  expect(on.subject("Disk 2").object).toMatchObject({
    group: special.id,
    isShared: 1,
    volumeName: "Volume2",
  });
  expectSound(on.cluster.state);
});

test("a disk that counts for quorum, is in maintenance or needs others isn't moved among shared volumes", async () => {
  for (const hindrance of ["quorum", "maintenance", "dependency", "disabled"] as const) {
    const on = await start();
    await on.share(on.first);
    const special = [...on.cluster.state.groups].find(({ type }) => type === 4)!;
    const resource = await on.disk("Disk 2");
    const { object } = on.subject("Disk 2");
    on.cluster.run((tx) => {
      if (hindrance === "quorum") setQuorum(tx, { resource: object, path: "", logSize: 0x400 });
      if (hindrance === "maintenance") tx.configure("resource", object, { maintenance: 1 });
      if (hindrance === "dependency") {
        const group = tx.state.groups.get(object.group)!;
        const dependencies = [object.id];
        createResource(tx, group, { name: "D", type: "Physical Disk", dependencies });
      }
    });
    if (hindrance === "disabled") await setSharing(on, 0);
    const { returnValue: group } = await on.client.openGroupEx({
      groupName: hindrance === "disabled" ? "Available Storage" : special.name,
      desiredAccess: Access.GenericAll,
    });
    const call = on.client.changeResourceGroupEx({ resource, group, flags: 1n });
    expect(await statusOf(call), hindrance).toBe("ERROR_CLUSTER_INVALID_REQUEST");
    expect(on.subject("Disk 2").object.isShared).toBe(0);
  }
});

/** Sets EnableSharedVolumes. */
async function setSharing(on: Scene, number: number): Promise<void> {
  const subject = { kind: "cluster", object: on.cluster.state } as const;
  const value = { format: Format.Dword, number } as const;
  on.cluster.run((tx) =>
    setProperties(tx, subject, "common", [{ name: "EnableSharedVolumes", value }]),
  );
}

test.each(["property", "registry"])(
  "a cluster that is to share no volumes any more takes back those that it shares: by its %s",
  async (by) => {
    const on = await start();
    await on.disk("Disk 2", "SQL");
    for (const name of ["Disk 1", "Disk 2"]) {
      await on.share(await on.client.openResource({ resourceName: name }));
    }
    if (by === "property") await setSharing(on, 0);
    else {
      const key = await on.client.getRootKey({ samDesired: 0x0200_0000 });
      const value = { valueName: "enablesharedvolumes", type: 4, data: new Uint8Array(4) };
      await on.client.setValue({ key, ...value });
    }
    for (const name of ["Disk 1", "Disk 2"]) {
      expect(on.subject(name).object).toMatchObject({ isShared: 0, state: ResourceState.Online });
    }
    expect([...on.cluster.state.groups].filter(({ type }) => type === 4)).toEqual([]);
    expect(on.cluster.state.groups.find("SQL")).toMatchObject({ type: 0x270f });
    expectSound(on.cluster.state);
    expect(await on.share(on.first)).toBe("ERROR_CLUSTER_INVALID_REQUEST");
    await setSharing(on, 1);
    expect(await on.share(on.first)).toBe("ERROR_SUCCESS");
  },
);

/** What control codes do for names of computers, types, storage and the cluster as a whole. */
import { Format, readValueList, Syntax, writePropertyList } from "@msrpc/cluster-data";
import { NodeState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { createNode } from "../src/core/create.ts";
import { setQuorum, withWitness } from "../src/core/quorum.ts";
import { functionalLevel, operationalVersion } from "../src/model/cluster-version.ts";
import { readState } from "../src/model/state.ts";
import { computedOf } from "../src/property/computed.ts";
import type { Subject } from "../src/property/subject.ts";
import {
  bringOnline,
  dword,
  dwords,
  given,
  read,
  refusal,
  resourceOf,
  run,
  set,
  subjectOf,
  sz,
  textIn,
  typeOf,
} from "./control-support.ts";
import { startCluster, utf16 } from "./registry-support.ts";

// ---- names --------------------------------------------------------------------------------------

test("names of computers are those of properties, of the cluster or of the resource", async () => {
  const started = startCluster();
  const own = subjectOf(started, "resource");
  const other = await resourceOf(started, "Network Name");
  const netBios = (subject: Subject): string => textIn(run(started, subject, "GET_NETWORK_NAME"));
  const dns = (subject: Subject): string => textIn(run(started, subject, "GET_DNS_NAME"));
  expect([netBios(own), dns(own)]).toEqual(["CLUSTER1\0", "cluster1\0"]);
  set(started, other, "PRIVATE", { name: "Name", value: sz("a-very-long-name-of-sql") });
  expect([netBios(other), dns(other)]).toEqual(["A-VERY-LONG-NAM\0", "a-very-long-name-of-sql\0"]);
  const cluster = subjectOf(started, "cluster");
  run(started, cluster, "SET_DNS_DOMAIN", utf16("example.com"));
  expect(textIn(run(started, cluster, "GET_FQDN"))).toBe("cluster1.example.com\0");
  expect(dns(own)).toBe("cluster1.example.com\0");
  set(started, other, "PRIVATE", { name: "DnsSuffix", value: sz("example.org") });
  expect(dns(other)).toBe("a-very-long-name-of-sql.example.org\0");
  expect(refusal(() => run(started, cluster, "SET_DNS_DOMAIN", utf16("a b")))).toBe(
    Status.ERROR_INVALID_PARAMETER,
  );
  const disk = await resourceOf(started, "Physical Disk");
  expect(refusal(() => netBios(disk))).toBe(Status.ERROR_INVALID_FUNCTION);
});

test("there is no account in a directory, and codes that need one say so", async () => {
  const started = startCluster();
  const own = subjectOf(started, "resource");
  const other = await resourceOf(started, "Network Name");
  const status = (subject: Subject, what: string): number | null =>
    refusal(() => run(started, subject, what, utf16("SQL")));
  expect(status(own, "NETNAME_VALIDATE_VCO")).toBe(Status.ERROR_ACCESS_DENIED);
  expect(status(other, "NETNAME_VALIDATE_VCO")).toBe(Status.ERROR_INVALID_PARAMETER);
  expect(status(own, "NETNAME_RESET_VCO")).toBe(Status.ERROR_ACCESS_DENIED);
  expect(status(other, "NETNAME_RESET_VCO")).toBe(Status.ERROR_CLUSTER_INVALID_REQUEST);
  expect(status(other, "NETNAME_CHECK_OU_PERMISSIONS")).toBe(Status.ERROR_CLUSTER_INVALID_REQUEST);
  expect(dwords(run(started, own, "NETNAME_CHECK_AD_STATE").octets)).toEqual([1]);
  const { octets } = run(started, own, "NETNAME_CHECK_OU_PERMISSIONS", given(1, 17, 0, 0, 0, 0));
  expect(dwords(octets.slice(0, 12))).toEqual([0, 1, 2]);
});

test("a computer's name is a label that nobody has yet", () => {
  const started = startCluster();
  const type = typeOf(started, "Network Name");
  const validate = (name: string): number | null =>
    refusal(() => run(started, type, "NETNAME_VALIDATE_NETNAME", utf16(name)));
  expect(validate("sql-1")).toBeNull();
  for (const wrong of ["-sql", "sql-", "a.b", "a b", "sixteen-letters-"]) {
    expect(validate(wrong)).toBe(Status.ERROR_INVALID_PARAMETER);
  }
  expect(validate("Cluster1")).toBe(Status.ERROR_DUP_NAME);
  expect(validate("NODE1")).toBe(Status.ERROR_DUP_NAME);
});

// ---- types, storage -----------------------------------------------------------------------------

test("a witness is no share of a node of the cluster", () => {
  const started = startCluster();
  const witness = typeOf(started, "File Share Witness");
  const validate = (path: string, name = "SharePath"): number | null =>
    refusal(() =>
      run(started, witness, "VALIDATE_PATH", writePropertyList([{ name, value: sz(path) }])),
    );
  expect(validate("\\\\files\\witness")).toBeNull();
  expect(validate("\\\\NODE1.example.com\\witness")).toBe(
    Status.ERROR_FILE_SHARE_RESOURCE_CONFLICT,
  );
  expect(validate("C:\\witness")).toBe(Status.ERROR_INVALID_PARAMETER);
  expect(validate("\\\\files\\witness", "Path")).toBe(Status.ERROR_INVALID_PARAMETER);
  const disk = typeOf(started, "Physical Disk");
  expect(refusal(() => run(started, disk, "VALIDATE_PATH"))).toBe(Status.ERROR_INVALID_FUNCTION);
});

test("a directory of a Generic Application is one of the machine", () => {
  const started = startCluster();
  const type = typeOf(started, "Generic Application");
  const validate = (path: string): number | null =>
    refusal(() =>
      run(started, type, "GEN_APP_VALIDATE_DIRECTORY", utf16(path), {
        isDirectory: (one) => one === "/srv",
      }),
    );
  expect(validate("/srv")).toBeNull();
  expect(validate("/srv/app")).toBe(Status.ERROR_FILE_NOT_FOUND);
});

test("types that decide on quorum have the cluster's time to arbitrate, others none", () => {
  const started = startCluster();
  const timeout = (name: string): Uint8Array =>
    run(started, typeOf(started, name), "GET_ARB_TIMEOUT").octets;
  set(started, subjectOf(started, "cluster"), "COMMON", {
    name: "QuorumArbitrationTimeMax",
    value: dword(33),
  });
  expect(dwords(timeout("Physical Disk"))).toEqual([33]);
  expect(refusal(() => timeout("Generic Service"))).toBe(Status.ERROR_INVALID_FUNCTION);
});

test("types know the formats of their resources' properties", () => {
  const started = startCluster();
  const type = typeOf(started, "Generic Script");
  const { octets } = run(started, type, "GET_PRIVATE_RESOURCE_PROPERTY_FMTS");
  const value = { format: Format.Word, number: Format.ExpandSz };
  expect(octets).toEqual(writePropertyList([{ name: "ScriptFilepath", value }]));
});

test("a disk is known by its signature, or by its GUID", async () => {
  const started = startCluster();
  const disk = await resourceOf(started, "Physical Disk");
  const info = (): unknown => readValueList(run(started, disk, "STORAGE_GET_DISK_INFO_EX").octets);
  expect(refusal(info)).toBe(Status.ERROR_FILE_NOT_FOUND);
  const guid = "{6b29fc40-ca47-1067-b31d-00dd010662da}";
  set(started, disk, "PRIVATE", { name: "DiskIdGuid", value: sz(guid) });
  expect(info()).toEqual([{ syntax: Syntax.DiskGuid, data: utf16(guid) }]);
  set(started, disk, "PRIVATE", { name: "DiskSignature", value: dword(7) });
  expect(info()).toEqual([{ syntax: Syntax.DiskSignature, data: given(7) }]);
});

// ---- the cluster --------------------------------------------------------------------------------

test("a voter may go as long as a majority is left", () => {
  const started = startCluster();
  const cluster = subjectOf(started, "cluster");
  const check = (what: string, id: string): number[] =>
    dwords(run(started, cluster, `CHECK_VOTER_${what}`, utf16(id)).octets);
  expect(check("DOWN", "1")).toEqual([1]);
  expect(dwords(run(started, cluster, "CHECK_VOTER_DOWN").octets)).toEqual([0]);
  const [two, three] = started.cluster.run((tx) =>
    ["node2", "node3"].map((name) => createNode(tx, { name })),
  );
  if (two === undefined || three === undefined) throw new TypeError("no nodes");
  expect(check("DOWN", "1")).toEqual([0]);
  expect(check("EVICT", "1")).toEqual([0]);
  started.cluster.run((tx) => tx.enter("node", three, { state: NodeState.Down }));
  expect(check("DOWN", "1")).toEqual([1]);
  expect(check("EVICT", "3")).toEqual([0]);
  expect(check("EVICT", "1")).toEqual([1]);
  set(started, { kind: "node", object: three }, "COMMON", { name: "NodeWeight", value: dword(0) });
  expect(check("EVICT", "1")).toEqual([0]);
  expect(refusal(() => check("DOWN", "9"))).toBe(Status.ERROR_INVALID_PARAMETER);
});

test("a witness has a vote beside the nodes, and says so", async () => {
  const started = startCluster();
  const cluster = subjectOf(started, "cluster");
  const weight = (): unknown =>
    read(started, cluster, "GET_RO_COMMON_PROPERTIES")["WitnessDynamicWeight"];
  const witness = await resourceOf(started, "File Share Witness");
  const check = (what: string, id: string): number[] =>
    dwords(run(started, cluster, `CHECK_VOTER_${what}`, utf16(id)).octets);
  const { id } = witness.object;
  expect(refusal(() => check("DOWN", id))).toBe(Status.ERROR_INVALID_PARAMETER);
  expect(weight()).toEqual(dword(0));
  bringOnline(started, witness);
  started.cluster.run((tx) => {
    createNode(tx, { name: "node2" });
    setQuorum(tx, { resource: witness.object, path: "", logSize: withWitness });
  });
  expect(weight()).toEqual(dword(1));
  expect(check("DOWN", id)).toEqual([0]);
  expect(check("DOWN", "1")).toEqual([0]);
  started.cluster.run((tx) =>
    tx.enter("resource", witness.object, { state: ResourceState.Failed }),
  );
  expect(check("DOWN", "1")).toEqual([1]);
});

test("a cluster of one version is at its height", () => {
  const started = startCluster();
  const cluster = subjectOf(started, "cluster");
  const upgrade = (what: number): number[] =>
    dwords(run(started, cluster, "UPGRADE_CLUSTER_VERSION", given(what)).octets);
  expect(upgrade(1)).toEqual([]);
  expect(upgrade(2)).toEqual([11]);
  expect(refusal(() => upgrade(3))).toBe(Status.ERROR_INVALID_PARAMETER);
  expect(refusal(() => run(started, cluster, "IS_READY_FOR_UPGRADE"))).toBe(5973);
});

test("a cluster below the version of its nodes is raised step by step, of which events tell, and it lasts", () => {
  const started = startCluster();
  const cluster = subjectOf(started, "cluster");
  const { state } = started.cluster;
  const { value, write } = functionalLevel;
  started.cluster.run((tx) => tx.setValue(state.registry, value, write(9)));
  const heard: string[] = [];
  started.cluster.listen((event) => {
    if (event.kind === "key") return;
    const version = typeof event.value === "number" ? ` ${event.value}` : "";
    heard.push(`${event.kind} ${event.what} ${event.name}${version}`);
  });
  const upgrade = (what: number): number[] =>
    dwords(run(started, cluster, "UPGRADE_CLUSTER_VERSION", given(what)).octets);
  run(started, cluster, "IS_READY_FOR_UPGRADE");
  expect(upgrade(1)).toEqual([]);
  expect(heard).toEqual([]);
  expect(upgrade(2)).toEqual([10]);
  expect(heard).toEqual([
    "upgrade prepare node1",
    "upgrade commit node1",
    "cluster upgraded cluster1 655363",
    "upgrade postCommit node1",
  ]);
  expect(operationalVersion(state)).toMatchObject({ clusterHighestVersion: 0x000a_0003 });
  expect(operationalVersion(readState(state.registry))).toEqual(operationalVersion(state));
  const versions = computedOf(state, subjectOf(started, "node"));
  expect(versions["NodeHighestVersion"]).toEqual(dword(0x000b_0003));
  expect(versions["NodeLowestVersion"]).toEqual(dword(0x000a_0003));
  expect(upgrade(2)).toEqual([11]);
  expect(upgrade(2)).toEqual([11]);
  run(started, cluster, "CLEAR_UPGRADE_IN_PROGRESS");
  expect(heard).toHaveLength(8);
});

test("the system says its name and its version, with the lengths of both", () => {
  const started = startCluster();
  const { octets } = run(
    started,
    subjectOf(started, "cluster"),
    "GET_OS_AND_OS_VERSION_INFO",
    null,
    {
      osName: "Linux",
      osVersion: "6.1",
    },
  );
  expect(dwords(octets.slice(0, 8))).toEqual([5, 3]);
  expect(textIn({ octets: octets.slice(8) })).toBe("Linux\x006.1\0");
});

test("a node that is down runs no codes", async () => {
  const started = startCluster();
  const { client, cluster } = started;
  const down = cluster.run((tx) => createNode(tx, { name: "node2" }));
  cluster.run((tx) => tx.enter("node", down, { state: NodeState.Down }));
  await using group = await client.openGroup({ groupName: "Cluster Group" });
  await using node = await client.openNode({ nodeName: "node2" });
  const call = client.nodeGroupControl({
    group,
    node,
    controlCode: 0x0300_0000,
    inBuffer: null,
    outBufferSize: 0,
  });
  await expect(call).rejects.toMatchObject({ statusName: "ERROR_HOST_NODE_NOT_AVAILABLE" });
});

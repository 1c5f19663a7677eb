/** The table of methods against the interfaces, and the server against the table. */
import { Cluster, defaultDefinition, defineCluster } from "@msrpc/cluster";
import { conformance } from "@msrpc/cluster/conformance";
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import { ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import { type Client, createClient, inMemoryTransport } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { methods } from "../src/service/methods/table.ts";
import type { ServerState } from "../src/service/methods/server-state.ts";
import type { AccessLevel } from "../src/service/opened.ts";
import { testedRouter } from "./conformance/tested-router.ts";
import { statusOf } from "./registry-support.ts";

interface Served {
  readonly three: Client<typeof clusapi3.operations>;
  readonly two: Client<typeof clusapi2.operations>;
}

function serve(state: ServerState = "readWrite", level: AccessLevel | null = "all"): Served {
  const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
  const cluster = new Cluster(defineCluster(defaultDefinition, surroundings), { surroundings });
  const options = { policy: () => level, serverState: () => state };
  const transport = inMemoryTransport(testedRouter(cluster, options));
  return { three: createClient(clusapi3, transport), two: createClient(clusapi2, transport) };
}

test("the table has the 167 methods of version 3.0 and the 108 of 2.0, by the names and opnums of the interfaces", () => {
  const namesOf = (operations: object): unknown =>
    Object.values(operations as Record<string, { opnum: number; name: string }>)
      .map(({ opnum, name }) => [opnum, name])
      .sort(([a], [b]) => Number(a) - Number(b));
  const inTable = (version: 2 | 3): unknown =>
    Array.from(methods[version].values(), ({ opnum, name }) => [opnum, name]);
  expect(methods[3].size).toBe(167);
  expect(methods[2].size).toBe(108);
  expect(inTable(3)).toEqual(namesOf(clusapi3.operations));
  expect(inTable(2)).toEqual(namesOf(clusapi2.operations));
});

test("five methods of version 3.0 have one answer, which four of them don't have in 2.0", () => {
  const fixed = conformance().filter(({ three }) => typeof three === "object");
  expect(fixed.map(({ opnum, three }) => [opnum, three])).toEqual([
    [4, { fixed: "ERROR_CALL_NOT_IMPLEMENTED" }],
    [87, { fixed: "ERROR_CALL_NOT_IMPLEMENTED" }],
    [104, { fixed: "ERROR_CALL_NOT_IMPLEMENTED" }],
    [108, { fixed: "ERROR_CALL_NOT_IMPLEMENTED" }],
    [185, { fixed: "ERROR_NOT_SUPPORTED" }],
  ]);
  expect(fixed.every(({ two }) => two === null || typeof two === "string")).toBe(true);
});

test("what version 3.0 answers to everybody with one error", async () => {
  const { three } = serve();
  const answers = [
    three.getClusterVersion(),
    three.setNetworkPriorityOrder({ networkIdList: ["a"] }),
    three.backupClusterDatabase({ pathName: "C:\\backup" }),
    three.setServiceAccountPassword({ newPassword: "x", flags: 0, maxStatuses: 4 }),
    three.clusterNativeUpdateControl({ inBuffer: new Uint8Array(3), outBufferSize: 4 }),
  ];
  expect(await Promise.all(answers.map(statusOf))).toEqual([
    "ERROR_CALL_NOT_IMPLEMENTED",
    "ERROR_CALL_NOT_IMPLEMENTED",
    "ERROR_CALL_NOT_IMPLEMENTED",
    "ERROR_CALL_NOT_IMPLEMENTED",
    "ERROR_NOT_SUPPORTED",
  ]);
});

test("a server in read-only state reads, and answers ERROR_SHARING_PAUSED to what changes the cluster", async () => {
  const { three, two } = serve("readOnly");
  expect(await statusOf(three.getClusterName())).toBe("ERROR_SUCCESS");
  expect(await statusOf(three.createGroup({ groupName: "x" }))).toBe("ERROR_SHARING_PAUSED");
  expect(await statusOf(two.createGroup({ groupName: "x" }))).toBe("ERROR_SHARING_PAUSED");
});

test("a server in read-only state lists nodes and nothing else", async () => {
  const { three } = serve("readOnly");
  const status = (type: number): Promise<unknown> => statusOf(three.createEnum({ type }));
  expect(await status(ClusterEnum.Node)).toBe("ERROR_SUCCESS");
  expect(await status(ClusterEnum.Node | ClusterEnum.Group)).toBe("ERROR_SHARING_PAUSED");
});

test("a server in read-only state takes the control codes that their table has for it", async () => {
  const { three } = serve("readOnly");
  await using cluster = await three.openCluster();
  const rest = { cluster, inBuffer: null, outBufferSize: 0x1000 };
  const status = (controlCode: number): Promise<unknown> =>
    statusOf(three.clusterControl({ ...rest, controlCode }));
  // GET_COMMON_PROPERTIES, SET_COMMON_PROPERTIES, and GET_FQDN, which has no bit that says so.
  expect(await status(0x0700_0059)).toBe("ERROR_SUCCESS");
  expect(await status(0x0740_005e)).toBe("ERROR_SHARING_PAUSED");
  expect(await status(0x0700_003d)).toBe("ERROR_SHARING_PAUSED");
});

test("a server that has not begun answers ERROR_SHARING_PAUSED, one that leaves ERROR_CLUSTER_NODE_SHUTTING_DOWN", async () => {
  expect(await statusOf(serve("none").three.getClusterName())).toBe("ERROR_SHARING_PAUSED");
  expect(await statusOf(serve("leaving").two.getClusterName())).toBe(
    "ERROR_CLUSTER_NODE_SHUTTING_DOWN",
  );
});

test("version 2.0 takes no caller that may only read", async () => {
  const { three, two } = serve("readWrite", "read");
  expect(await statusOf(three.getClusterName())).toBe("ERROR_SUCCESS");
  expect(await statusOf(two.getClusterName())).toBe("ERROR_ACCESS_DENIED");
});

/** The steps of going on over another node ([MS-CMRP] 3.2.3.3, 3.2.4.6), and which calls are made again. */
import { Cluster } from "@msrpc/clusapi";
import { Status } from "@msrpc/ms-cmrp";
import { Access, type clusapi3, type GroupHandle, type NodeHandle } from "@msrpc/ms-cmrp/clusapi3";
import { handleKind, type Handlers, inMemoryTransport, RpcError, TransportError } from "@msrpc/rpc";
import { tcpServer, type TcpServer } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";
import { isRepeatable, told } from "../src/session/repeatable.ts";
import { fakeRouter, twoWays } from "./support.ts";

type Fake = Handlers<(typeof clusapi3)["operations"]>;

const groups = handleKind<GroupHandle, string>("group");
const nodes = handleKind<NodeHandle, string>("node");

/** A node that says what is opened at it, and grants to read alone. */
function opening(nodeName: string, seen: string[], other: Fake = {}): Fake {
  return {
    getClusterName: () => ({ clusterName: "cluster1", nodeName }),
    openGroupEx({ groupName, desiredAccess }, { handles }) {
      seen.push(`group ${groupName} ${desiredAccess.toString(16)}`);
      return { grantedAccess: Access.GenericRead, returnValue: handles.open(groups, groupName) };
    },
    openNodeEx({ nodeName: name, desiredAccess }, { handles }) {
      seen.push(`node ${name} ${desiredAccess.toString(16)}`);
      return { grantedAccess: Access.GenericAll, returnValue: handles.open(nodes, name) };
    },
    closeGroup({ group }, { handles }) {
      handles.close(groups, group);
    },
    closeNode({ node }, { handles }) {
      handles.close(nodes, node);
    },
    getGroupState: () => ({ state: 0, nodeName }),
    getNodeState: () => ({ state: 0 }),
    ...other,
  };
}

async function start(fake: Fake): Promise<{ server: TcpServer; binding: string }> {
  const server = tcpServer(fakeRouter(fake));
  return { server, binding: await server.listen("ncacn_ip_tcp:127.0.0.148[0]") };
}

test("handles are opened again in the order of the document, with the access that was granted", async () => {
  const seen: string[] = [];
  const one = await start(opening("node1", []));
  const two = await start(opening("node2", seen));
  await using _second = two.server;
  const candidates = [one.binding, two.binding];
  await using cluster = await Cluster.connect(one.binding, { candidates });
  await cluster.group("A").status();
  await cluster.group("B").status();
  await cluster.node("N").state();
  await cluster.group("B")[Symbol.asyncDispose]();
  await one.server.close({ graceTime: 0 });
  await cluster.names();
  expect(seen).toEqual(["node N 10000000", "group A 80000000"]);
  await cluster.group("A").status();
  await cluster.node("N").state();
  expect(seen).toHaveLength(2);
});

test("a node where a handle can't be opened again is passed over, and an object that is gone is not waited for", async () => {
  const refuse = (status: number): Fake => ({
    openGroupEx() {
      throw new RpcError(status);
    },
  });
  const one = await start(opening("node1", []));
  const two = await start(opening("node2", [], refuse(Status.ERROR_ACCESS_DENIED)));
  const three = await start(opening("node3", [], refuse(Status.ERROR_GROUP_NOT_FOUND)));
  await using _second = two.server;
  await using _third = three.server;
  const candidates = [one.binding, two.binding, three.binding];
  await using cluster = await Cluster.connect(one.binding, { candidates });
  await cluster.group("A").status();
  await one.server.close({ graceTime: 0 });
  expect(await cluster.names()).toMatchObject({ answeringNode: "node3" });
  await expect(cluster.group("A").status()).rejects.toMatchObject({
    codeName: "ERROR_GROUP_NOT_FOUND",
  });
});

test("candidates are the cluster and its nodes by name, the node that was lost last", async () => {
  const one = await start(
    opening("node1", [], {
      createEnum: () => ({
        returnEnum: { entries: ["node1", "node2"].map((name) => ({ type: 1, name })) },
      }),
    }),
  );
  const hosts: string[] = [];
  const [, port = ""] = /\[(\d+)\]/.exec(one.binding) ?? [];
  await using cluster = await Cluster.connect("ncacn_ip_tcp:127.0.0.148", {
    resolveEndpoint({ host }) {
      hosts.push(host);
      if (host.startsWith("127")) return Promise.resolve([port]);
      return Promise.reject(new TransportError("unreachable", host));
    },
  });
  hosts.length = 0;
  await one.server.close({ graceTime: 0 });
  await expect(cluster.names()).rejects.toMatchObject({ name: "TransportError" });
  // The first look for a port is that of the call itself.
  expect(hosts.slice(1)).toEqual(["cluster1", "node2", "node1", "127.0.0.148"]);
});

test("a name that couldn't be asked for is asked for four times, and no more", async () => {
  let asked = 0;
  const answering = (failures: number): Fake => ({
    getClusterName() {
      if (++asked <= failures) throw new RpcError(Status.RPC_S_CALL_FAILED_DNE);
      return { clusterName: "cluster1", nodeName: "node1" };
    },
  });
  await using _cluster = await Cluster.over(inMemoryTransport(fakeRouter(answering(3))));
  expect(asked).toBe(4);
  asked = 0;
  await expect(Cluster.over(inMemoryTransport(fakeRouter(answering(9))))).rejects.toMatchObject({
    codeName: "RPC_S_CALL_FAILED_DNE",
  });
  expect(asked).toBe(4);
});

/** A node that dies in the middle of an operation, and one that counts what it is asked for. */
async function dyingNode(): Promise<{
  cluster: Cluster;
  served: string[];
  end(): Promise<void>;
}> {
  const served: string[] = [];
  const die = async (): Promise<never> => {
    await one.server.close({ graceTime: 0 });
    throw new RpcError(Status.RPC_S_CALL_FAILED);
  };
  const one = await start(opening("node1", [], { onlineGroup: die, createGroup: die }));
  const two = await start(
    opening("node2", [], {
      onlineGroup() {
        served.push("online");
        return { returnValue: 0 };
      },
      createGroup({ groupName }, { handles }) {
        served.push("create");
        return handles.open(groups, groupName);
      },
    }),
  );
  const candidates = [one.binding, two.binding];
  const cluster = await Cluster.connect(one.binding, { candidates });
  const end = async (): Promise<void> => {
    await cluster[Symbol.asyncDispose]();
    await two.server.close({ graceTime: 0 });
  };
  return { cluster, served, end };
}

test("what may have been done and would be done twice is not asked for again, but the next call goes on", async () => {
  const { cluster, served, end } = await dyingNode();
  await expect(cluster.createGroup("A")).rejects.toMatchObject({
    name: "TransportError",
    mayHaveRun: true,
  });
  expect(served).toEqual([]);
  expect(await cluster.group("A").status()).toMatchObject({ owner: "node2" });
  await end();
});

test("what may have been done and finds itself done is asked for again", async () => {
  const { cluster, served, end } = await dyingNode();
  await cluster.group("A").online();
  expect(served).toEqual(["online"]);
  await end();
});

test("what surely wasn't done is asked for again, whatever it is", async () => {
  await using ways = await twoWays();
  const { cluster } = ways;
  await ways.closeFirst();
  await cluster.createGroup("SQL");
  expect(await cluster.group("SQL").status()).toMatchObject({ state: "Offline" });
});

test.each([
  ["getGroupState", {}, true],
  ["createEnum", {}, true],
  ["createGroupResourceEnum", {}, true],
  ["createNotifyV2", {}, true],
  ["setValue", {}, true],
  ["moveGroupToNode", {}, true],
  ["moveGroup", {}, false],
  ["createGroup", {}, false],
  ["createGroupSet", {}, false],
  ["deleteGroup", {}, false],
  ["executeBatch", {}, false],
  ["restartResource", {}, false],
  ["evictNode", {}, false],
  ["groupControl", { controlCode: 0x300_0059 }, true],
  ["groupControl", { controlCode: 0x340_005e }, true],
  ["resourceControl", { controlCode: 0x140_00a2 }, false],
])("whether %s %j may be made twice: %s", (operation, request, expected) => {
  expect(isRepeatable({ operation, request })).toBe(expected);
});

test("operations that tell of failures are the same otherwise", async () => {
  const failed: unknown[] = [];
  const api = {
    getClusterName: () => Promise.resolve("cluster1"),
    openGroup: () => Promise.reject(new Error("no")),
  };
  const watched = told(api as never, (call) => failed.push(call));
  expect(await watched.getClusterName()).toBe("cluster1");
  await expect(watched.openGroup({ groupName: "A" })).rejects.toThrow("no");
  expect(failed).toEqual([{ operation: "openGroup", request: { groupName: "A" } }]);
});

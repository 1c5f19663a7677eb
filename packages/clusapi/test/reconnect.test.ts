/** A client goes on over another node where its own is lost ([MS-CMRP] 3.2.4.6). */
import { Cluster, ClusterError } from "@msrpc/clusapi";
import { Status } from "@msrpc/ms-cmrp";
import type { GroupHandle } from "@msrpc/ms-cmrp/clusapi3";
import { handleKind, type Router, RpcError } from "@msrpc/rpc";
import { tcpServer, type TcpServer } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";
import { fakeRouter } from "./support.ts";

const groups = handleKind<GroupHandle, string>("group");

/** A node that knows every group, and says that it is where it is asked. */
function nodeRouter(nodeName: string, answer: () => number = () => 0): Router {
  return fakeRouter({
    getClusterName: () => ({ clusterName: "cluster1", nodeName }),
    openGroupEx: ({ groupName }, { handles }) => ({
      grantedAccess: 0,
      returnValue: handles.open(groups, groupName),
    }),
    closeGroup({ group }, { handles }) {
      handles.close(groups, group);
    },
    getGroupState({ group }, { handles }) {
      handles.get(groups, group);
      const status = answer();
      if (status !== 0) throw new RpcError(status);
      return { state: 0, nodeName };
    },
  });
}

interface Node {
  readonly server: TcpServer;
  readonly binding: string;
}

async function start(router: Router): Promise<Node> {
  const server = tcpServer(router);
  return { server, binding: await server.listen("ncacn_ip_tcp:127.0.0.141[0]") };
}

test("a lost node is left for the next one: handles are opened anew, and the call is made again", async () => {
  const one = await start(nodeRouter("node1"));
  const two = await start(nodeRouter("node2"));
  await using _second = two.server;
  const seen: string[] = [];
  await using cluster = await Cluster.connect(one.binding, {
    candidates: [one.binding, two.binding],
    onReconnect: (binding) => seen.push(binding),
  });
  const group = cluster.group("SQL");
  expect(await group.status()).toMatchObject({ owner: "node1" });
  await one.server.close({ graceTime: 0 });
  const [status, names] = await Promise.all([group.status(), cluster.names()]);
  expect(status).toMatchObject({ owner: "node2" });
  expect(names).toMatchObject({ answeringNode: "node2" });
  expect(seen).toEqual([two.binding]);
});

test("a node that says that it is leaving is left too", async () => {
  const leaving = await start(nodeRouter("node1", () => Status.ERROR_CLUSTER_NODE_SHUTTING_DOWN));
  const two = await start(nodeRouter("node2"));
  await using _first = leaving.server;
  await using _second = two.server;
  await using cluster = await Cluster.connect(leaving.binding, {
    candidates: [leaving.binding, two.binding],
  });
  expect(await cluster.group("SQL").status()).toMatchObject({ owner: "node2" });
});

test("where no node answers, the first error is what the caller gets", async () => {
  const one = await start(nodeRouter("node1"));
  await using cluster = await Cluster.connect(one.binding, { candidates: [one.binding] });
  await one.server.close({ graceTime: 0 });
  await expect(cluster.group("SQL").status()).rejects.toMatchObject({ name: "TransportError" });
});

test("the call is made once more, and not again", async () => {
  let calls = 0;
  const leaving = await start(
    nodeRouter("node1", () => {
      calls++;
      return Status.ERROR_CLUSTER_NODE_NOT_READY;
    }),
  );
  await using _server = leaving.server;
  await using cluster = await Cluster.connect(leaving.binding, { candidates: [leaving.binding] });
  const error = await cluster
    .group("SQL")
    .status()
    .catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ClusterError);
  expect(error).toMatchObject({ codeName: "ERROR_CLUSTER_NODE_NOT_READY" });
  expect(calls).toBe(2);
});

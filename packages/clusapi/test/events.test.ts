/** Events of the real server, as a client hears of them. */
import { Cluster, type ClusterEvent, type EventStream } from "@msrpc/clusapi";
import type { ServeClusterOptions } from "@msrpc/cluster";
import { tcpServer } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";
import { clusterRouter, connectInMemory } from "./support.ts";

const open: ServeClusterOptions = { policy: () => "all", minimumLevel: "none" };

/** So many events, as `Group State SQL`. */
async function read(events: EventStream, count: number): Promise<string[]> {
  const said: string[] = [];
  for await (const { kind, what, name } of events) {
    said.push(`${kind} ${what} ${name}`);
    if (said.length === count) break;
  }
  return said;
}

test("events are told in order, by kind and name", async () => {
  await using cluster = await connectInMemory();
  await using events = await cluster.events({ about: ["Cluster", "Group"] }).open();
  const group = await cluster.createGroup("SQL");
  await group.rename("SQL 2");
  await group.delete();
  const said = await read(events, 3);
  expect(said[0]).toBe("Cluster GroupAdded SQL");
  expect(said[1]).toBe("Group CommonProperty SQL 2");
  expect(said[2]).toBe("Group Deleted SQL 2");
});

test("an event names its object and says what it belongs to", async () => {
  await using cluster = await connectInMemory();
  await using events = await cluster.events({ about: ["Resource"] }).open();
  await cluster.resource("Network Name").offline();
  let heard: ClusterEvent | null = null;
  for await (const event of events) {
    if (event.kind !== "Resource" || event.what !== "State") continue;
    heard = event;
    break;
  }
  expect(heard).toMatchObject({
    name: "Network Name",
    id: await cluster.resource("Network Name").id(),
    type: "Network Name",
  });
});

test("a signal ends an iteration that waits, with its reason", async () => {
  await using cluster = await connectInMemory();
  const controller = new AbortController();
  const { signal } = controller;
  const events = await cluster.events({ signal }).open();
  const reading = read(events, 1);
  controller.abort(new Error("enough"));
  await expect(reading).rejects.toThrow("enough");
});

test("a stream that is closed ends", async () => {
  await using cluster = await connectInMemory();
  const events = await cluster.events().open();
  const reading = read(events, 1);
  await events.close();
  expect(await reading).toEqual([]);
});

test("an event of a group's new node has that node's name", async () => {
  const nodes = [{ name: "node1" }, { name: "node2" }];
  await using cluster = await connectInMemory({ nodes });
  const group = cluster.group("Available Storage");
  await using events = await cluster.events({ of: [group] }).open();
  await group.moveTo("node2");
  const owners: (string | null)[] = [];
  for await (const { what, owner } of events) {
    owners.push(owner);
    if (what === "OwnerNode") break;
  }
  expect(owners.at(-1)).toBe("node2");
});

test("a stream that is disposed of ends", async () => {
  await using cluster = await connectInMemory();
  const events = await cluster.events({ about: ["Node"] }).open();
  const reading = read(events, 1);
  await events[Symbol.asyncDispose]();
  expect(await reading).toEqual([]);
});

test("a stream ends with its cluster", async () => {
  const cluster = await connectInMemory();
  const events = await cluster.events({ about: ["Node"] }).open();
  const reading = read(events, 1);
  await cluster[Symbol.asyncDispose]();
  expect(await reading).toEqual([]);
});

test("events go on over another node, which the reader is told", async () => {
  const one = tcpServer(clusterRouter(open));
  await using two = tcpServer(clusterRouter(open));
  const first = await one.listen("ncacn_ip_tcp:127.0.0.144[0]");
  const second = await two.listen("ncacn_ip_tcp:127.0.0.144[0]");
  await using cluster = await Cluster.connect(first, { candidates: [first, second] });
  await using events = await cluster.events({ about: ["Cluster"] }).open();
  void one.close({ graceTime: 0 });
  const said: string[] = [];
  for await (const { what, name } of events) {
    said.push(`${what} ${name}`);
    if (what === "GroupAdded") break;
    if (what === "Reconnect") await cluster.createGroup("SQL");
  }
  expect(said).toEqual(["Reconnect cluster1", "GroupAdded SQL"]);
});

test("where no node answers any more, the reader is told before the error", async () => {
  const one = tcpServer(clusterRouter(open));
  const first = await one.listen("ncacn_ip_tcp:127.0.0.144[0]");
  await using cluster = await Cluster.connect(first, { candidates: [first] });
  await using events = await cluster.events().open();
  void one.close({ graceTime: 0 });
  const said: string[] = [];
  const reading = (async () => {
    for await (const { kind, what } of events) said.push(`${kind} ${what}`);
  })();
  await expect(reading).rejects.toMatchObject({ name: "TransportError" });
  expect(said).toEqual(["Cluster State"]);
});

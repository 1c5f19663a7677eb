/** Every method of both versions with handles that are none, and with handles to what was deleted. */
import { Status } from "@msrpc/ms-cmrp";
import { ContextHandle } from "@msrpc/ndr";
import { expect, test } from "vitest";
import { answer, type Called, called, ready } from "./called.ts";
import { isAnswer } from "./needs.ts";
import { handlesFor, type Side } from "./prepare.ts";
import { requestOf } from "./requests.ts";
import { handlesOf, type Named, type Scene, statusOfCall } from "./scene.ts";

/** nca_s_fault_context_mismatch. */
const contextMismatch = 0x1c00_001a;

/** What closes a handle, by the member that it is in. */
const closers: Readonly<Record<string, readonly Named[]>> = {
  Cluster: ["cluster"],
  Node: ["node", "node2"],
  Group: ["group", "empty", "spare", "volumes", "storage", "ownGroup"],
  Resource: ["resource", "idle", "provider", "dependent", "disk", "volume", "spareResource"],
  GroupSet: ["groupSet", "providerSet", "emptySet"],
  Network: ["network"],
  NetInterface: ["netInterface"],
  Key: ["root", "key", "below"],
  Notify: ["notify", "notifyV2"],
  BatchPort: ["batchPort"],
};

/** The members of a request that are handles, and what they stand for. */
function handlesIn({ version, key }: Called, { handles }: Side): [member: string, Named][] {
  const names = Object.keys(handles) as Named[];
  const request = requestOf(version, key, handles) ?? {};
  return Object.entries(request).flatMap(([member, value]): [string, Named][] => {
    const name = names.find((one) => handles[one] === value);
    return value instanceof ContextHandle && name !== undefined ? [[member, name]] : [];
  });
}

async function close({ client, handles }: Side, name: Named): Promise<void> {
  const [kind = ""] = Object.entries(closers).find(([, names]) => names.includes(name)) ?? [];
  const member = `${kind.slice(0, 1).toLowerCase()}${kind.slice(1)}`;
  expect(await statusOfCall(client, `close${kind}`, { [member]: handles[name] })).toBe(0);
}

test.each(called)(
  "%s takes no handle that isn't one of its caller's and its kind",
  async (_, one) => {
    const [scene, side] = await ready(one);
    const names = new Set([...Object.keys(side.handles), "cluster", "network"]);
    const somebody = await handlesOf(scene, 3, { client: scene.connect(), names });
    const { cluster, network } = await handlesOf(scene, one.version, { names });
    for (const [member, name] of handlesIn(one, side)) {
      const wrong = {
        unknown: new ContextHandle(crypto.randomUUID()),
        "somebody else's": somebody[name],
        "of another kind": name === "cluster" ? network : cluster,
      };
      for (const [what, handle] of Object.entries(wrong)) {
        const about = `${member} is ${what}`;
        expect(await answer(one, side, { [member]: handle }), about).toBe(contextMismatch);
      }
      await close(side, name);
      expect(await answer(one, side), `${member} is closed`).toBe(contextMismatch);
      Object.assign(side, { handles: await handlesOf(scene, one.version, { names }) });
    }
  },
);

interface Removal {
  /** What every handle of the request stands for instead that is one of these. */
  readonly handle: Named;
  readonly instead: readonly Named[];
  remove(scene: Scene, other: Side): Promise<unknown> | void;
  readonly statuses: readonly number[];
}

const { ERROR_INVALID_HANDLE } = Status;

const removals: Readonly<Record<string, Removal>> = {
  resource: {
    handle: "spareResource",
    instead: closers["Resource"] ?? [],
    remove: (_, { client, handles }) => client.deleteResource({ resource: handles.spareResource }),
    statuses: [Status.ERROR_RESOURCE_NOT_AVAILABLE, ERROR_INVALID_HANDLE],
  },
  group: {
    handle: "empty",
    instead: closers["Group"] ?? [],
    remove: (_, { client, handles }) => client.deleteGroup({ group: handles.empty, force: 0 }),
    statuses: [
      Status.ERROR_GROUP_NOT_AVAILABLE,
      Status.ERROR_GROUP_NOT_FOUND,
      ERROR_INVALID_HANDLE,
    ],
  },
  "group set": {
    handle: "emptySet",
    instead: closers["GroupSet"] ?? [],
    remove: (_, { client, handles: { emptySet } }) =>
      client.deleteGroupSet({ groupSet: emptySet! }),
    statuses: [Status.ERROR_GROUPSET_NOT_AVAILABLE, Status.ERROR_GROUPSET_NOT_FOUND],
  },
  node: {
    handle: "node2",
    instead: closers["Node"] ?? [],
    remove: (_, { client, handles }) => client.evictNode({ node: handles.node2 }),
    statuses: [
      Status.ERROR_NODE_NOT_AVAILABLE,
      Status.ERROR_CLUSTER_NODE_NOT_FOUND,
      ERROR_INVALID_HANDLE,
    ],
  },
  network: {
    handle: "network",
    instead: ["network"],
    remove({ cluster }) {
      const [network] = cluster.state.networks;
      if (network !== undefined) cluster.run((tx) => tx.remove("network", network));
    },
    statuses: [
      Status.ERROR_NETWORK_NOT_AVAILABLE,
      Status.ERROR_CLUSTER_NETWORK_NOT_FOUND,
      ERROR_INVALID_HANDLE,
    ],
  },
  "network interface": {
    handle: "netInterface",
    instead: ["netInterface"],
    remove({ cluster }) {
      const [netInterface] = cluster.state.netInterfaces;
      if (netInterface !== undefined) {
        cluster.run((tx) => tx.remove("netInterface", netInterface));
      }
    },
    statuses: [Status.ERROR_CLUSTER_NETINTERFACE_NOT_FOUND, ERROR_INVALID_HANDLE],
  },
  key: {
    handle: "below",
    instead: closers["Key"] ?? [],
    remove: (_, { client, handles: { key } }) => client.deleteKey({ key, subKey: "below" }),
    statuses: [Status.ERROR_KEY_DELETED, ERROR_INVALID_HANDLE],
  },
};

test.each(called)("%s says so where what a handle stands for was deleted", async (_, one) => {
  const needed = handlesFor(one.version, one.key);
  for (const { handle, instead, remove, statuses } of Object.values(removals)) {
    if (!instead.some((name) => needed.has(name)) || one.key.startsWith("close")) continue;
    const [scene, side] = await ready(one);
    const members = handlesIn(one, side).filter(([, name]) => instead.includes(name));
    const names = new Set([handle, "key"]);
    const own = await handlesOf(scene, one.version, { names });
    const client = scene.connect();
    await remove(scene, { client, handles: await handlesOf(scene, 3, { client, names }) });
    const gone = Object.fromEntries(members.map(([member]) => [member, own[handle]]));
    const status = await answer(one, side, gone);
    expect(statuses, `status ${status}`).toContain(status);
    expect(isAnswer(one.version, one.method, status)).toBe(false);
  }
});

/** Which handles a request is made of, and what has to be done in the scene before some calls succeed. */
import { BatchCommandType, writeBatch } from "@msrpc/cluster-data";
import { type ObjectHandle, ObjectType, RegistryChangeV2 } from "@msrpc/ms-cmrp/clusapi3";
import { ContextHandle } from "@msrpc/ndr";
import type { Version } from "../../src/service/methods/table.ts";
import { filter, given, type Key, noData, requestOf } from "./requests.ts";
import { type Client3, type Handles, handlesOf, type Scene, valueName } from "./scene.ts";

/** The handles that a request is made of. */
export function handlesFor(version: Version, key: string): ReadonlySet<string> {
  return handlesIn((handles) => requestOf(version, key, handles));
}

/** The handles that a function asks for. */
export function handlesIn(make: (handles: Handles) => unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const noting = new Proxy(
    { networkIds: [] },
    {
      get(target, name: string) {
        names.add(name);
        return (Reflect.get(target, name) as unknown) ?? nobody;
      },
    },
  );
  make(noting as unknown as Handles);
  return names;
}

const nobody = new ContextHandle("00000000-0000-0000-0000-000000000000");

/** A client of the scene with handles of its own. */
export interface Side {
  readonly client: Client3;
  readonly handles: Handles;
}

/** Before a call that wouldn't succeed otherwise: what somebody else does, who may do all, with what the caller does. */
const preparations: Readonly<
  Partial<Record<Key, (other: Side, own: Side, scene: Scene) => Promise<unknown>>>
> = {
  addResourceNode: ({ client, handles: { idle: resource, node2: node } }) =>
    client.removeResourceNode({ resource, node }),
  addGroupSetDependency: ({ client, handles: { empty: group, emptySet } }) =>
    client.addGroupToGroupSet({ groupSet: given(emptySet), group }),
  removeClusterGroupToGroupSetDependency: ({ client, handles: { empty, groupSet } }) =>
    client.addGroupToGroupSetDependency({
      dependentGroup: empty,
      providerGroupSet: given(groupSet),
    }),
  removeClusterGroupDependency: ({ client, handles: { empty: group } }) =>
    client.setGroupDependencyExpression({ group, dependencyExpression: "([Services])" }),
  resumeNode: ({ client, handles: { node2: node } }) => client.pauseNode({ node }),
  resumeNodeEx: ({ client, handles: { node2: node } }) => client.pauseNode({ node }),
  async cancelClusterGroupOperation({ client, handles: { group, node2: node } }, _own, scene) {
    scene.hosts = "slow";
    await client.moveGroupToNode({ group, node });
  },
  getNotify: notified,
  getNotifyAsync: notified,
  async getNotifyV2(other, { client, handles: { notifyV2: notify, key } }) {
    await client.addNotifyV2({
      notify,
      object: key as unknown as ObjectHandle,
      filter: { objectType: ObjectType.Registry, filterFlags: BigInt(RegistryChangeV2.Value) },
      notifyKey: 1,
      version: 2,
      isTargetedAtObject: 1,
    });
    await change(other);
  },
  getBatchNotification: ({ client, handles: { key } }) =>
    client.executeBatch({
      key,
      data: writeBatch([{ type: BatchCommandType.CreateKey, name: "new", ...noData }]),
    }),
};

async function notified(other: Side, { client, handles: { notify, key } }: Side): Promise<void> {
  await client.addNotifyKey({ notify, key, ...filter, watchSubTree: 0 });
  await change(other);
}

function change({ client, handles: { key } }: Side): Promise<unknown> {
  return client.setValue({ key, valueName, type: 4, data: new Uint8Array([3, 0, 0, 0]) });
}

/** Does what a method needs to succeed. The server has to take everything, of everybody. */
export async function prepare(key: string, scene: Scene, own: Side): Promise<void> {
  const preparation = preparations[key as Key];
  if (preparation === undefined) return;
  const client = scene.connect();
  await preparation({ client, handles: await handlesOf(scene, 3, { client }) }, own, scene);
}

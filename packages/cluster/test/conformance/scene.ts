/** A cluster with something of every kind, and handles to it: where any method can be called so that it succeeds. */
import {
  type Cluster,
  type ClusterDefinition,
  defaultDefinition,
  define,
  type Host,
  openCluster,
  type ServeClusterOptions,
  type StateStore,
  type Transaction,
} from "@msrpc/cluster";
import {
  type ClusterHandle,
  clusapi2,
  clusapi3,
  type GroupHandle,
  type KeyHandle,
  type NetInterfaceHandle,
  type NetworkHandle,
  type NodeHandle,
  type NotifyHandle,
  type ResourceHandle,
} from "@msrpc/ms-cmrp";
import { Access, type BatchPortHandle, type GroupSetHandle } from "@msrpc/ms-cmrp/clusapi3";
import {
  type Client,
  createClient,
  inMemoryTransport,
  type Router,
  RpcError,
  RpcFault,
} from "@msrpc/rpc";
import { softwareHost } from "../../src/core/host.ts";
import { hostFailed } from "../../src/core/outcome.ts";
import { addSetDependency } from "../../src/core/group-dependencies.ts";
import { addGroupSet, addToGroupSet } from "../../src/core/group-sets.ts";
import { findKey } from "../../src/registry/key.ts";
import type { ServerState } from "../../src/service/methods/server-state.ts";
import type { Version } from "../../src/service/methods/table.ts";
import type { AccessLevel } from "../../src/service/opened.ts";
import { most } from "../registry-support.ts";
import { testedRouter } from "./tested-router.ts";

export type Client3 = Client<typeof clusapi3.operations>;
export type Client2 = Client<typeof clusapi2.operations>;

const service = "Generic Service";

/** Networks that two nodes are in. */
export const twoNetworks: ClusterDefinition["networks"] = ["Public", "Private"].map((name, at) => ({
  name,
  address: `192.0.2.${at * 128}`,
  addressMask: "255.255.255.128",
  interfaces: ["node1", "node2"].map((node, host) => ({
    name: `${node} - ${name}`,
    node,
    address: `192.0.2.${at * 128 + 1 + host}`,
  })),
}));

const definition: ClusterDefinition = {
  ...defaultDefinition,
  nodes: [{ name: "node1" }, { name: "node2" }],
  networks: twoNetworks,
  groups: [
    {
      name: "Cluster Group",
      type: 1,
      resources: [{ name: "Cluster Name", type: "Network Name", core: true }],
    },
    { name: "Available Storage", type: 2, resources: [] },
    {
      name: "Shared Volumes",
      type: 4,
      resources: [{ name: "Volume", type: "Physical Disk", online: true }],
    },
    {
      name: "Services",
      resources: [
        { name: "Disk", type: "Physical Disk", online: true },
        { name: "Name", type: "Network Name", online: true },
        { name: "Service", type: service, online: true, dependsOn: ["Name"] },
        { name: "Address", type: "IP Address" },
        { name: "Idle", type: service },
        { name: "Provider", type: service },
        { name: "Dependent", type: service, dependsOn: ["Provider"] },
      ],
    },
    { name: "Empty", resources: [] },
    { name: "Spare", resources: [{ name: "Spare Service", type: service }] },
  ],
};

interface Now {
  /** What callers may do from now on. */
  level: AccessLevel | null;
  state: ServerState;
  /** What hosts do from now on: those that are slow never answer, so that resources stay pending. */
  hosts: "ready" | "slow" | "failing";
}

export interface Scene extends Now {
  readonly cluster: Cluster;
  readonly router: Router;
  /** A client that does as its handles are to be opened, and the same one in version 2.0. */
  readonly three: Client3;
  readonly two: Client2;
  /** Another client of version 3.0. */
  connect(): Client3;
  connect2(): Client2;
}

/** @param store by default nothing is kept */
export function newScene(
  options: ServeClusterOptions = {},
  store: StateStore = { load: () => null, commit: () => {} },
): Scene {
  const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
  const now = { level: "all", state: "readWrite", hosts: "ready" } as Now;
  const host: Host = {
    perform(effect, cluster) {
      const { type, resource, attempt } = effect;
      if (now.hosts === "ready") softwareHost.perform(effect, cluster);
      if (now.hosts !== "failing" || type === "terminate") return;
      cluster.run((tx) => hostFailed(tx, resource, attempt));
    },
  };
  const made = (tx: Transaction): void => define(tx, definition);
  const cluster = openCluster({ surroundings, host, store, define: made });
  addSets(cluster);
  const router = testedRouter(cluster, {
    policy: () => now.level,
    serverState: () => now.state,
    ...options,
  });
  const connect = (): Client3 => createClient(clusapi3, inMemoryTransport(router));
  const connect2 = (): Client2 => createClient(clusapi2, inMemoryTransport(router));
  return Object.assign(now, {
    cluster,
    router,
    three: connect(),
    two: connect2(),
    connect,
    connect2,
  });
}

function addSets(cluster: Cluster): void {
  const { groups } = cluster.state;
  cluster.run((tx) => {
    const [set, provider] = Object.values(groupSets).map((name) => addGroupSet(tx, name));
    const [spare, volumes] = ["Spare", "Shared Volumes"].map((name) => groups.find(name));
    if (!set || !provider || !spare || !volumes) throw new TypeError("the scene is not whole");
    addToGroupSet(tx, set, spare);
    addToGroupSet(tx, provider, volumes);
    addSetDependency(tx, set, provider);
  });
}

/** Handles that one client has opened. */
export interface Handles {
  readonly cluster: ClusterHandle;
  /** The node that the server is on, which has all groups, and the other one. */
  readonly node: NodeHandle;
  readonly node2: NodeHandle;
  readonly group: GroupHandle;
  readonly empty: GroupHandle;
  readonly spare: GroupHandle;
  readonly storage: GroupHandle;
  readonly ownGroup: GroupHandle;
  readonly volumes: GroupHandle;
  readonly resource: ResourceHandle;
  readonly idle: ResourceHandle;
  readonly provider: ResourceHandle;
  readonly dependent: ResourceHandle;
  readonly disk: ResourceHandle;
  readonly volume: ResourceHandle;
  readonly spareResource: ResourceHandle;
  readonly ownName: ResourceHandle;
  readonly otherName: ResourceHandle;
  readonly address: ResourceHandle;
  /** A set with the spare group, and one that it depends on, with the group of shared volumes; and an empty one. Only of version 3.0. */
  readonly groupSet: GroupSetHandle | null;
  readonly providerSet: GroupSetHandle | null;
  readonly emptySet: GroupSetHandle | null;
  readonly network: NetworkHandle;
  readonly netInterface: NetInterfaceHandle;
  /** The root, a key below it with a value, and a key below that one. */
  readonly root: KeyHandle;
  readonly key: KeyHandle;
  readonly below: KeyHandle;
  readonly notify: NotifyHandle;
  /** Only of version 3.0; in 2.0 the one above. */
  readonly notifyV2: NotifyHandle;
  /** Only of version 3.0. */
  readonly batchPort: BatchPortHandle | null;
  /** IDs of all networks. */
  readonly networkIds: readonly string[];
}

/** The key that handles are opened to, with its value. */
const keyPath = "Software\\Example";
export const valueName = "value";

export type Named = Exclude<keyof Handles, "networkIds">;

/** Opens handles, with all access or to read, by the methods of version 3.0 or by those of 2.0. By default all there are. */
export async function handlesOf(
  scene: Scene,
  version: Version,
  { access = "all", client = scene.three, names }: HandleOptions = {},
): Promise<Handles> {
  makeKey(scene);
  const openers = version === 3 ? openers3(client, access) : openers2(scene.two);
  const handles: Record<string, unknown> = {
    networkIds: Array.from(scene.cluster.state.networks, ({ id }) => id),
  };
  for (const [name, open] of Object.entries(openers)) {
    if (names === undefined || names.has(name)) handles[name] = await open();
  }
  return handles as unknown as Handles;
}

interface HandleOptions {
  readonly access?: AccessLevel;
  readonly client?: Client3;
  /** The others are not there. */
  readonly names?: ReadonlySet<string>;
}

type Openers = { readonly [K in Named]: () => Promise<Handles[K]> };

/** Once in a scene. */
function makeKey({ cluster }: Scene): void {
  const { registry } = cluster.state;
  if (findKey(registry, keyPath) !== null) return;
  cluster.run((tx) => {
    tx.createKey(registry, `${keyPath}\\below`);
    const key = findKey(registry, keyPath) ?? registry;
    tx.setValue(key, valueName, { type: 4, data: new Uint8Array([1, 0, 0, 0]) });
  });
}

const groups = {
  group: "Services",
  empty: "Empty",
  spare: "Spare",
  storage: "Available Storage",
  ownGroup: "Cluster Group",
  volumes: "Shared Volumes",
} as const;

const resources = {
  resource: "Service",
  idle: "Idle",
  provider: "Provider",
  dependent: "Dependent",
  disk: "Disk",
  volume: "Volume",
  spareResource: "Spare Service",
  ownName: "Cluster Name",
  otherName: "Name",
  address: "Address",
} as const;

const groupSets = { groupSet: "Set", providerSet: "Provider Set", emptySet: "Empty Set" } as const;

const nodes = { node: "node1", node2: "node2" } as const;

/** What opens each, by its name here. */
function each<K extends string, H>(
  names: Readonly<Record<K, string>>,
  open: (name: string) => Promise<H>,
): Record<K, () => Promise<H>> {
  const openers = Object.entries<string>(names).map(([key, name]) => [key, () => open(name)]);
  return Object.fromEntries(openers) as Record<K, () => Promise<H>>;
}

function openers3(client: Client3, access: AccessLevel): Openers {
  const desiredAccess = access === "all" ? Access.GenericAll : Access.GenericRead;
  const samDesired = access === "all" ? most : 0x2_0019;
  const opened = async <H>(call: Promise<{ returnValue: H }>): Promise<H> =>
    (await call).returnValue;
  return {
    cluster: () => opened(client.openClusterEx({ desiredAccess })),
    ...each(nodes, (nodeName) => opened(client.openNodeEx({ nodeName, desiredAccess }))),
    ...each(groups, (groupName) => opened(client.openGroupEx({ groupName, desiredAccess }))),
    ...each(resources, (resourceName) =>
      opened(client.openResourceEx({ resourceName, desiredAccess })),
    ),
    ...each(groupSets, (groupSetName) => client.openGroupSet({ groupSetName })),
    network: () => opened(client.openNetworkEx({ networkName: "Public", desiredAccess })),
    netInterface: () =>
      opened(client.openNetInterfaceEx({ netInterfaceName: "node1 - Public", desiredAccess })),
    ...keyOpeners(client, samDesired),
    notify: () => client.createNotify(),
    notifyV2: () => client.createNotifyV2(),
    batchPort: async () =>
      client.createBatchPort({ key: await keyOpeners(client, samDesired).key() }),
  };
}

function openers2(client: Client2): Openers {
  return {
    cluster: () => client.openCluster(),
    ...each(nodes, (nodeName) => client.openNode({ nodeName })),
    ...each(groups, (groupName) => client.openGroup({ groupName })),
    ...each(resources, (resourceName) => client.openResource({ resourceName })),
    ...each(groupSets, () => Promise.resolve(null)),
    network: () => client.openNetwork({ networkName: "Public" }),
    netInterface: () => client.openNetInterface({ netInterfaceName: "node1 - Public" }),
    ...keyOpeners(client, most),
    notify: () => client.createNotify(),
    notifyV2: () => client.createNotify(),
    batchPort: () => Promise.resolve(null),
  };
}

function keyOpeners(client: Pick<Client2, "getRootKey" | "openKey">, samDesired: number) {
  const open = async (subKey: string): Promise<KeyHandle> =>
    client.openKey({ key: await client.getRootKey({ samDesired }), subKey, samDesired });
  return {
    root: () => client.getRootKey({ samDesired }),
    key: () => open(keyPath),
    below: () => open(`${keyPath}\\below`),
  };
}

/** Calls an operation by its key in the descriptor. Gives its status, or that of the fault that it ended in. */
export async function statusOfCall(
  client: Client3 | Client2,
  operation: string,
  request: object,
): Promise<number> {
  const call = (client as unknown as Record<string, (request: object) => Promise<unknown>>)[
    operation
  ];
  if (call === undefined) throw new TypeError(`there is no operation ${operation}`);
  try {
    const result = (await call(request)) as { readonly returnValue?: unknown } | undefined;
    return typeof result?.returnValue === "number" ? result.returnValue : 0;
  } catch (error) {
    if (error instanceof RpcError || error instanceof RpcFault) return error.status;
    throw error;
  }
}

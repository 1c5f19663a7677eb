/** Errors of methods on resources and their types. */
import { ResourceState } from "@msrpc/ms-cmrp";
import { createResource } from "../../../src/core/create.ts";
import { setQuorum } from "../../../src/core/quorum.ts";
import type { Scene } from "../scene.ts";
import {
  all,
  bound,
  deletingEmpty,
  down,
  elsewhere,
  type ErrorCase,
  failing,
  inState,
  known,
  locked,
  onlyHere,
  paused,
  pending,
  slow,
  withType,
} from "./case.ts";

const { Failed, Offline } = ResourceState;
const service = "Generic Service";

/** The disk counts for quorum. */
function diskIsQuorum({ cluster }: Scene): void {
  const resource = known(cluster.state.resources.find("Disk"));
  cluster.run((tx) => setQuorum(tx, { resource, path: "", logSize: 0x400 }));
}

/** What the dependent one needs can't come online anywhere. */
function providerIsLost({ cluster }: Scene): void {
  const provider = known(cluster.state.resources.find("Provider"));
  cluster.run((tx) => tx.configure("resource", provider, { possibleOwners: [] }));
}

/** What the service needs is one of two that are online. */
function serviceHasChoice({ cluster }: Scene): void {
  const { resources } = cluster.state;
  const either = ["Name", "Disk"].map((name) => known(resources.find(name)).id).join(" or ");
  const resource = known(resources.find("Service"));
  cluster.run((tx) => tx.configure("resource", resource, { dependencies: [either] }));
}

/** The provider needs a chain as long as one may be. */
function chainIsLong({ cluster }: Scene): void {
  const { resources, groups } = cluster.state;
  cluster.run((tx) => {
    let dependencies: string[] = [];
    for (let at = 0; at < 100; at++) {
      const given = { name: `chain ${at}`, type: service, dependencies };
      dependencies = [createResource(tx, known(groups.find("Services")), given).id];
    }
    tx.configure("resource", known(resources.find("Provider")), { dependencies });
  });
}

const creating: readonly ErrorCase[] = [
  {
    keys: ["openResource", "openResourceEx"],
    error: "ERROR_RESOURCE_NOT_FOUND",
    but: () => ({ resourceName: "nothing" }),
  },
  { keys: ["createResource"], error: "ERROR_INVALID_PARAMETER", but: () => ({ flags: 0x80 }) },
  {
    keys: ["createResource"],
    error: "ERROR_OBJECT_ALREADY_EXISTS",
    but: () => ({ resourceName: "Idle" }),
  },
  { keys: ["createResource"], error: "ERROR_INVALID_NAME", but: () => ({ resourceName: " " }) },
  {
    keys: ["createResource"],
    error: "ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND",
    but: () => ({ resourceType: "nothing" }),
  },
  {
    keys: ["createResource"],
    error: "ERROR_GROUP_NOT_AVAILABLE",
    given: deletingEmpty,
  },
  {
    keys: ["createResource"],
    error: "ERROR_CLUSTER_SINGLETON_RESOURCE",
    given: withType(service, { characteristics: 0x40 }),
  },
  {
    keys: ["createResource"],
    error: "ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE",
    given: withType(service, { characteristics: 0x80 }),
    but: ({ spare }) => ({ group: spare }),
  },
  {
    keys: ["createResource"],
    error: "ERROR_CLUSTER_USE_SHARED_VOLUMES_API",
    but: ({ volumes }) => ({ group: volumes }),
  },
  {
    keys: ["deleteResource"],
    error: "ERROR_DEPENDENT_RESOURCE_EXISTS",
    but: ({ provider }) => ({ resource: provider }),
  },
  {
    keys: ["deleteResource"],
    error: "ERROR_RESOURCE_ONLINE",
    but: ({ resource }) => ({ resource }),
  },
  {
    keys: ["deleteResource"],
    error: "ERROR_CORE_RESOURCE",
    but: ({ ownName }) => ({ resource: ownName }),
  },
  {
    keys: ["deleteResource"],
    error: "ERROR_ALL_NODES_NOT_AVAILABLE",
    given: all(withType(service, { characteristics: 2 }), down("node2")),
  },
  { keys: ["setResourceName"], error: "ERROR_INVALID_NAME", but: () => ({ resourceName: " " }) },
  {
    keys: ["setResourceName"],
    error: "ERROR_ALREADY_EXISTS",
    but: () => ({ resourceName: "Idle" }),
  },
];

const states: readonly ErrorCase[] = [
  ...(["ERROR_INVALID_STATE", "ERROR_RESMON_INVALID_STATE"] as const).map((error): ErrorCase => ({
    keys: ["failResource"],
    error,
    but: ({ idle }) => ({ resource: idle }),
  })),
  {
    keys: ["onlineResource", "onlineResourceEx", "offlineResource", "offlineResourceEx"],
    error: "ERROR_IO_PENDING",
    given: slow,
  },
  { keys: ["restartResource"], error: "ERROR_IO_PENDING", given: slow },
  {
    keys: ["onlineResourceEx", "offlineResourceEx"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => unknownFlags,
  },
  {
    keys: ["onlineResource", "onlineResourceEx"],
    error: "ERROR_SHARING_PAUSED",
    given: paused("node1"),
  },
  {
    keys: ["onlineResource", "onlineResourceEx"],
    error: "ERROR_INVALID_STATE",
    given: pending("Idle"),
  },
  {
    keys: ["offlineResource", "offlineResourceEx", "restartResource"],
    error: "ERROR_INVALID_STATE",
    given: pending("Service"),
  },
  {
    keys: ["onlineResource", "onlineResourceEx"],
    error: "ERROR_NODE_CANT_HOST_RESOURCE",
    given: bound("DifferentNode", "Services", "Spare"),
    but: ({ spareResource }) => ({ resource: spareResource }),
  },
  {
    keys: ["onlineResource", "onlineResourceEx"],
    error: "ERROR_CLUSTER_RESOURCE_LOCKED_STATUS",
    given: locked("Idle"),
  },
  {
    keys: ["offlineResource", "offlineResourceEx", "restartResource"],
    error: "ERROR_CLUSTER_RESOURCE_LOCKED_STATUS",
    given: locked("Service"),
  },
  {
    keys: ["onlineResource", "onlineResourceEx"],
    error: "ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED",
    given: providerIsLost,
    but: ({ dependent }) => ({ resource: dependent }),
  },
  {
    keys: ["restartResource"],
    error: "ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED",
    given: all(providerIsLost, ({ cluster }) => {
      const dependent = known(cluster.state.resources.find("Dependent"));
      cluster.run((tx) => tx.update("resource", dependent, { persistentState: 1 }));
    }),
    but: ({ dependent }) => ({ resource: dependent }),
  },
  {
    keys: ["onlineResource", "onlineResourceEx", "restartResource"],
    error: "ERROR_RESOURCE_FAILED",
    given: failing,
  },
  {
    keys: ["offlineResource", "offlineResourceEx"],
    error: "ERROR_RESOURCE_FAILED",
    given: all(failing, inState("Service", Failed)),
  },
];

const unknownFlags = { onlineFlags: 0x8000_0000, offlineFlags: 0x8000_0000 };

const dependencies: readonly ErrorCase[] = [
  {
    keys: ["addResourceDependency"],
    error: "ERROR_DEPENDENCY_ALREADY_EXISTS",
    but: ({ dependent }) => ({ resource: dependent }),
  },
  {
    keys: ["canResourceBeDependent"],
    error: "ERROR_DEPENDENCY_ALREADY_EXISTS",
    but: ({ dependent }) => ({ resource: dependent }),
  },
  {
    keys: ["addResourceDependency"],
    error: "ERROR_DEPENDENCY_NOT_ALLOWED",
    given: all(diskIsQuorum, inState("Disk", Offline)),
    but: ({ disk }) => ({ resource: disk }),
  },
  {
    keys: ["canResourceBeDependent", "setResourceDependencyExpression"],
    error: "ERROR_DEPENDENCY_NOT_ALLOWED",
    given: all(diskIsQuorum, inState("Disk", Offline)),
    but: ({ disk }) => ({ resource: disk }),
  },
  {
    keys: ["addResourceDependency"],
    error: "ERROR_CIRCULAR_DEPENDENCY",
    but: ({ provider, dependent }) => ({ resource: provider, dependsOn: dependent }),
  },
  {
    keys: ["canResourceBeDependent"],
    error: "ERROR_CIRCULAR_DEPENDENCY",
    version: 3,
    but: ({ provider, dependent }) => ({ resource: provider, resourceDependent: dependent }),
  },
  {
    keys: ["addResourceDependency"],
    error: "ERROR_INVALID_PARAMETER",
    but: ({ idle }) => ({ dependsOn: idle }),
  },
  {
    keys: ["canResourceBeDependent"],
    error: "ERROR_INVALID_PARAMETER",
    version: 3,
    but: ({ idle }) => ({ resourceDependent: idle }),
  },
  {
    keys: ["addResourceDependency"],
    error: "ERROR_RESOURCE_ONLINE",
    but: ({ resource }) => ({ resource }),
  },
  {
    keys: ["canResourceBeDependent"],
    error: "ERROR_RESOURCE_ONLINE",
    given: pending("Idle"),
  },
  {
    keys: ["addResourceDependency", "canResourceBeDependent", "setResourceDependencyExpression"],
    error: "ERROR_DEPENDENCY_TREE_TOO_COMPLEX",
    given: chainIsLong,
  },
  {
    keys: ["removeResourceDependency"],
    error: "ERROR_DEPENDENCY_NOT_FOUND",
    but: ({ idle }) => ({ resource: idle }),
  },
  {
    keys: ["removeResourceDependency"],
    error: "ERROR_RESOURCE_ONLINE",
    version: 3,
    given: serviceHasChoice,
    but: ({ resource, disk }) => ({ resource, dependsOn: disk }),
  },
  {
    keys: ["removeResourceDependency"],
    error: "ERROR_INVALID_STATE",
    version: 2,
    but: ({ resource, otherName }) => ({ resource, dependsOn: otherName }),
  },
  { keys: ["createResEnum"], error: "ERROR_INVALID_PARAMETER", but: () => ({ type: 0 }) },
];

const owners: readonly ErrorCase[] = [
  {
    keys: ["addResourceNode"],
    error: "ERROR_OBJECT_ALREADY_EXISTS",
    but: ({ node }) => ({ node }),
  },
  {
    keys: ["removeResourceNode"],
    error: "ERROR_INVALID_STATE",
    but: ({ resource, node }) => ({ resource, node }),
  },
];

const moving: ErrorCase["keys"] = ["changeResourceGroup", "changeResourceGroupEx"];

const groups: readonly ErrorCase[] = [
  { keys: moving, error: "ERROR_ALREADY_EXISTS", but: ({ group }) => ({ group }) },
  {
    keys: moving,
    error: "ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE",
    given: withType(service, { characteristics: 0x80 }),
    but: ({ spare }) => ({ group: spare }),
  },
  {
    keys: moving,
    error: "ERROR_HOST_NODE_NOT_RESOURCE_OWNER",
    given: all(elsewhere("Empty"), onlyHere("Idle")),
  },
  {
    keys: moving,
    error: "ERROR_RESOURCE_ONLINE",
    given: elsewhere("Empty"),
    but: ({ resource }) => ({ resource }),
  },
  { keys: moving, error: "ERROR_HOST_NODE_NOT_GROUP_OWNER", given: elsewhere("Empty") },
  {
    keys: moving,
    error: "ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP",
    given: diskIsQuorum,
    but: ({ disk, storage }) => ({ resource: disk, group: storage }),
  },
  {
    keys: moving,
    error: "ERROR_CLUSTER_USE_SHARED_VOLUMES_API",
    but: ({ volumes }) => ({ group: volumes }),
  },
  { keys: moving, error: "ERROR_CLUSTER_RESOURCE_LOCKED_STATUS", given: locked("Service") },
  {
    keys: ["changeResourceGroupEx"],
    error: "ERROR_CLUSTER_INVALID_REQUEST",
    but: () => ({ flags: 1n }),
  },
  {
    keys: ["changeResourceGroupEx"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ flags: 2n }),
  },
];

const types: readonly ErrorCase[] = [
  { keys: ["createResourceType"], error: "ERROR_INVALID_NAME", but: () => ({ typeName: "\\a" }) },
  {
    keys: ["createResourceType"],
    error: "ERROR_ALREADY_EXISTS",
    but: () => ({ typeName: service }),
  },
  {
    keys: ["deleteResourceType"],
    error: "ERROR_DIR_NOT_EMPTY",
    but: () => ({ typeName: service }),
  },
  {
    keys: ["deleteResourceType", "createResTypeEnum"],
    error: "ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND",
    but: () => ({ typeName: "nothing" }),
  },
];

export const resourceErrors: readonly ErrorCase[] = [
  ...creating,
  ...states,
  ...dependencies,
  ...owners,
  ...groups,
  ...types,
  {
    keys: ["createResourceEnum"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ properties: new Uint8Array(Buffer.from("nothing\0\0", "utf16le")) }),
  },
  {
    keys: ["getResourceNetworkName"],
    error: "ERROR_DEPENDENCY_NOT_FOUND",
    but: ({ idle }) => ({ resource: idle }),
  },
];

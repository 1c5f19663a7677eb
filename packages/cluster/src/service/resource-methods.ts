/** Operations on resources ([MS-CMRP] 3.1.4.2.9 to 3.1.4.2.26, 3.1.4.2.109 to 3.1.4.2.111, 3.1.4.2.119, 3.1.4.2.140, 3.1.4.2.142, 3.1.4.2.166). */
import {
  type NodeHandle,
  ResourceEnum,
  type ResourceHandle,
  ResourceMonitor,
  Status,
} from "@msrpc/ms-cmrp";
import { ResourceOfflineFlags, ResourceOnlineFlags } from "@msrpc/ms-cmrp/clusapi3";
import type { CallContext } from "@msrpc/rpc";
import { netBiosName } from "../control/names.ts";
import * as dependencies from "../core/dependencies.ts";
import * as online from "../core/online.ts";
import * as core from "../core/resources.ts";
import {
  moveToSharedVolumes,
  type ShareErrors,
  shareVolume,
  unshareVolume,
} from "../core/shared-volumes.ts";
import {
  dependencyExpression as expressionOf,
  dependentsOf,
  providersOf,
} from "../model/derived.ts";
import type { Group, Node, Resource } from "../model/objects.ts";
import { columnsOf } from "./enum-columns.ts";
import { type AccessLevel, kinds, use } from "./opened.ts";
import {
  demandFlags,
  found,
  type Handlers3,
  hasFlag,
  invalidParameter,
  opener,
  present,
  type Served,
  usedGroup,
} from "./served.ts";
import { type Answer, answerOffline, answerOnline } from "./settling.ts";

/** The one flag of changeResourceGroupEx ([MS-CMRP] 3.1.4.2.166). */
const forceMoveToSharedVolumes = 1n;

export function resourceMethods(served: Served): Handlers3 {
  const { cluster } = served;
  const { state } = cluster;
  const resources = opener(
    served,
    kinds.resource,
    state.resources,
    Status.ERROR_RESOURCE_NOT_FOUND,
  );
  const used = (context: CallContext, handle: ResourceHandle, needed?: AccessLevel): Resource =>
    present(
      state.resources,
      use(context, kinds.resource, handle, needed),
      Status.ERROR_RESOURCE_NOT_AVAILABLE,
    );
  const usedNode = (context: CallContext, handle: NodeHandle): Node =>
    present(
      state.nodes,
      use(context, kinds.node, handle, "all"),
      Status.ERROR_CLUSTER_NODE_NOT_FOUND,
    );
  const groupOf = ({ group }: Resource): Group =>
    found(state.groups.get(group), Status.ERROR_RESOURCE_NOT_AVAILABLE);
  const goOnline = (resource: Resource, request?: online.OnlineRequest): Answer => {
    cluster.run((tx) => online.onlineResource(tx, resource, request));
    return answerOnline(state, resource);
  };
  const share = (disk: Resource, wanted: number, name: string, errors: ShareErrors): Answer => {
    if (wanted > 1) throw invalidParameter();
    cluster.run((tx) => {
      if (wanted === 1) shareVolume(tx, disk, name, errors);
      else unshareVolume(tx, disk);
    });
    return { returnValue: 0 };
  };
  const goOffline = (resource: Resource, request?: online.OfflineRequest): Answer => {
    cluster.run((tx) => online.offlineResource(tx, resource, request));
    return answerOffline(resource);
  };
  return {
    openResource: ({ resourceName }, context) => resources.open(resourceName, context),
    openResourceEx: ({ resourceName, desiredAccess }, context) =>
      resources.openEx(resourceName, desiredAccess, context),
    closeResource({ resource }, { handles }) {
      handles.close(kinds.resource, resource);
    },
    createResource({ group, resourceName, resourceType, flags }, context) {
      const into = usedGroup(served, context, group, "all", Status.ERROR_GROUP_NOT_FOUND);
      demandFlags(flags, ResourceMonitor);
      const object = cluster.run((tx) =>
        core.addResource(tx, into, resourceName, resourceType, flags),
      );
      return context.handles.open(kinds.resource, { object, access: "all" });
    },
    deleteResource({ resource }, context) {
      const deleted = used(context, resource, "all");
      cluster.run((tx) => core.deleteResource(tx, deleted));
    },
    getResourceState({ resource }, context) {
      const asked = used(context, resource);
      const { name, owner } = groupOf(asked);
      const nodeName = state.nodes.get(owner)?.name ?? "";
      return { state: asked.state, nodeName, groupName: name };
    },
    getResourceId: ({ resource }, context) => ({ id: used(context, resource).id }),
    getResourceType: ({ resource }, context) => ({ resourceType: used(context, resource).type }),
    setResourceName({ resource, resourceName: name }, context) {
      const renamed = used(context, resource, "all");
      core.demandFree(state.resources, renamed, name);
      cluster.run((tx) => tx.configure("resource", renamed, { name }));
    },
    failResource({ resource }, context) {
      const failed = used(context, resource, "all");
      cluster.run((tx) => online.failResource(tx, failed));
    },
    onlineResource: ({ resource }, context) => goOnline(used(context, resource, "all")),
    onlineResourceEx({ resource, onlineFlags: flags, inBuffer: parameters }, context) {
      const started = used(context, resource, "all");
      demandFlags(flags, ResourceOnlineFlags);
      return goOnline(started, {
        ignoresLocks: hasFlag(flags, ResourceOnlineFlags.IgnoreResourceStatus),
        isPassing: hasFlag(flags, ResourceOnlineFlags.DoNotUpdatePersistentState),
        picksNode: hasFlag(flags, ResourceOnlineFlags.BestPossibleNode),
        ignoresRules: hasFlag(flags, ResourceOnlineFlags.IgnoreAffinityRule),
        parameters,
      });
    },
    offlineResource: ({ resource }, context) => goOffline(used(context, resource, "all")),
    offlineResourceEx({ resource, offlineFlags: flags, inBuffer: parameters }, context) {
      const stopped = used(context, resource, "all");
      demandFlags(flags, ResourceOfflineFlags);
      return goOffline(stopped, {
        ignoresLocks: hasFlag(flags, ResourceOfflineFlags.IgnoreResourceStatus),
        isForced: hasFlag(flags, ResourceOfflineFlags.ForceWithTermination),
        isPassing: hasFlag(flags, ResourceOfflineFlags.DoNotUpdatePersistentState),
        parameters,
      });
    },
    restartResource({ resource }, context) {
      const restarted = used(context, resource, "all");
      cluster.run((tx) => online.restartResource(tx, restarted));
      return restarted.persistentState === 1
        ? answerOnline(state, restarted)
        : answerOffline(restarted);
    },
    addResourceDependency({ resource, dependsOn }, context) {
      const dependent = used(context, resource, "all");
      const provider = used(context, dependsOn, "all");
      cluster.run((tx) => dependencies.addDependency(tx, dependent, provider));
    },
    removeResourceDependency({ resource, dependsOn }, context) {
      const dependent = used(context, resource, "all");
      const provider = used(context, dependsOn, "all");
      cluster.run((tx) => dependencies.removeDependency(tx, dependent, provider));
    },
    canResourceBeDependent({ resource, resourceDependent }, context) {
      const dependent = used(context, resource);
      dependencies.demandCanDepend(state, dependent, used(context, resourceDependent));
    },
    setResourceDependencyExpression({ resource, dependencyExpression }, context) {
      const dependent = used(context, resource, "all");
      cluster.run((tx) =>
        dependencies.setDependencyExpression(tx, dependent, dependencyExpression ?? ""),
      );
    },
    getResourceDependencyExpression: ({ resource }, context) => ({
      dependencyExpression: expressionOf(used(context, resource)),
    }),
    getResourceNetworkName({ resource }, context) {
      const network = found(
        dependencies.networkNameOf(state, used(context, resource)),
        Status.ERROR_DEPENDENCY_NOT_FOUND,
      );
      return { name: netBiosName(state, network) };
    },
    createResEnum({ resource, type }, context) {
      const asked = used(context, resource);
      const { Depends, Provides, Nodes } = ResourceEnum;
      if (type === 0) throw invalidParameter();
      demandFlags(type, ResourceEnum);
      const related = (kind: number, objects: readonly ({ name: string } | undefined)[]) =>
        objects.flatMap((one) =>
          one === undefined || (type & kind) === 0 ? [] : { type: kind, name: one.name },
        );
      const providers = providersOf(asked).map((id) => state.resources.get(id));
      const nodes = asked.possibleOwners.map((id) => state.nodes.get(id));
      const entries = [
        ...related(Depends, providers),
        ...related(Provides, dependentsOf(state, asked)),
        ...related(Nodes, nodes),
      ];
      return { returnEnum: { entries } };
    },
    addResourceNode({ resource, node }, context) {
      const changed = used(context, resource, "all");
      const owner = usedNode(context, node);
      cluster.run((tx) => core.addPossibleOwner(tx, changed, owner));
    },
    removeResourceNode({ resource, node }, context) {
      const changed = used(context, resource, "all");
      const owner = usedNode(context, node);
      cluster.run((tx) => core.removePossibleOwner(tx, changed, owner));
    },
    changeResourceGroup({ resource, group }, context) {
      const moved = used(context, resource, "all");
      const to = usedGroup(served, context, group);
      cluster.run((tx) => core.changeGroup(tx, moved, to));
    },
    changeResourceGroupEx({ resource, group, flags }, context) {
      const moved = used(context, resource, "all");
      const to = usedGroup(served, context, group);
      if ((flags & ~forceMoveToSharedVolumes) !== 0n) throw invalidParameter();
      cluster.run((tx) =>
        flags === 0n ? core.changeGroup(tx, moved, to) : moveToSharedVolumes(tx, moved, to),
      );
    },
    changeCsvState({ resource, state: wanted }, context) {
      const disk = used(context, resource, "all");
      const invalid = Status.ERROR_CLUSTER_INVALID_REQUEST;
      return share(disk, wanted, "", { hasDependents: invalid, isDeployed: invalid });
    },
    changeCsvStateEx({ resource, state: wanted, volumeName }, context) {
      const disk = used(context, resource, "all");
      return share(disk, wanted, volumeName, {
        hasDependents: Status.ERROR_DEPENDENT_RESOURCE_EXISTS,
        isDeployed: Status.ERROR_RESOURCE_NOT_IN_AVAILABLE_STORAGE,
      });
    },
    createResourceEnum({ cluster: handle, ...asked }, context) {
      use(context, kinds.cluster, handle);
      const columns = columnsOf(state, "resource", asked);
      const entries = Array.from(state.resources, (resource) => {
        const { name: ownerName, id: ownerId } = groupOf(resource);
        const { name, id } = resource;
        return { name, id, ownerName, ownerId, ...columns({ kind: "resource", object: resource }) };
      });
      return { resultList: { entries } };
    },
  };
}

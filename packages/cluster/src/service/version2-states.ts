/** Where version 2.0 asks more of the states of resources than 3.0 ([MS-CMRP] 3.1.4.1.17, 3.1.4.1.20, 3.1.4.1.21, 3.1.4.1.26, 3.1.4.1.46). */
import { GroupState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { resourcesOf } from "../model/derived.ts";
import type { Resource } from "../model/objects.ts";
import { kinds, use } from "./opened.ts";
import type { Handlers3, Served } from "./served.ts";

const down: ReadonlySet<number> = new Set([
  ResourceState.Failed,
  ResourceState.Offline,
  ResourceState.Initializing,
]);

function demandDown(resource: Resource, status: number): void {
  if (!down.has(resource.state)) throw new RpcError(status);
}

/** The operations of 3.0, with those conditions. */
export function strictHandlers(three: Handlers3, { cluster: { state } }: Served): Handlers3 {
  const { failResource, addResourceDependency, removeResourceDependency } = three;
  const { changeResourceGroup, getGroupState } = three;
  return {
    ...three,
    ...(failResource && {
      failResource({ resource }, context) {
        const failed = use(context, kinds.resource, resource, "all");
        if (state.resources.has(failed) && failed.state !== ResourceState.Online) {
          throw new RpcError(Status.ERROR_RESMON_INVALID_STATE);
        }
        return failResource({ resource }, context);
      },
    }),
    ...(addResourceDependency && {
      addResourceDependency({ resource, dependsOn }, context) {
        const dependent = use(context, kinds.resource, resource, "all");
        if (state.resources.has(dependent)) demandDown(dependent, Status.ERROR_RESOURCE_ONLINE);
        return addResourceDependency({ resource, dependsOn }, context);
      },
    }),
    ...(removeResourceDependency && {
      removeResourceDependency({ resource, dependsOn }, context) {
        for (const handle of [resource, dependsOn]) {
          const one = use(context, kinds.resource, handle, "all");
          if (state.resources.has(one)) demandDown(one, Status.ERROR_INVALID_STATE);
        }
        return removeResourceDependency({ resource, dependsOn }, context);
      },
    }),
    ...(changeResourceGroup && {
      changeResourceGroup({ resource, group }, context) {
        const from = state.groups.get(use(context, kinds.resource, resource, "all").group);
        const to = use(context, kinds.group, group, "all");
        if (from !== undefined && state.groups.has(to) && from.owner !== to.owner) {
          throw new RpcError(Status.ERROR_HOST_NODE_NOT_GROUP_OWNER);
        }
        return changeResourceGroup({ resource, group }, context);
      },
    }),
    ...(getGroupState && {
      /** Every resource counts, also those that others need. */
      async getGroupState({ group }, context) {
        const answer = await getGroupState({ group }, context);
        const isSettled = answer.state !== GroupState.Failed && answer.state !== GroupState.Pending;
        const resources = resourcesOf(state, use(context, kinds.group, group));
        const online = resources.filter((one) => one.state === ResourceState.Online).length;
        if (!isSettled) return answer;
        if (online === 0) return { ...answer, state: GroupState.Offline };
        const isAll = online === resources.length;
        return { ...answer, state: isAll ? GroupState.Online : GroupState.PartialOnline };
      },
    }),
  };
}

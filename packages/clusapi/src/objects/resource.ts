/** A resource: a thing that is online on one node at a time. */
import { ResourceEnum, ResourceState } from "@msrpc/ms-cmrp";
import {
  type ResourceHandle,
  ResourceOfflineFlags,
  ResourceOnlineFlags,
} from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import type { CallOptions, Opened } from "@msrpc/rpc";
import { ClusterError } from "../errors/cluster-error.ts";
import { type Api, groupKind, nodeKind, type ObjectKind, resourceKind } from "../session/kinds.ts";
import type { ResourceProperties } from "../properties/known.ts";
import type { Session } from "../session/session.ts";
import { ClusterObject } from "./cluster-object.ts";
import { namesIn } from "./names.ts";
import { flagsIn, nothing } from "./flags.ts";
import { settle, type SettleOptions } from "./settle.ts";
import { type NameOf, nameOf } from "./state-name.ts";

export interface ResourceStatus {
  readonly state: NameOf<typeof ResourceState>;
  /** The node that it is on. */
  readonly owner: string;
  readonly group: string;
}

const pending: ReadonlySet<string> = new Set(["OnlinePending", "OfflinePending", "Initializing"]);

export class Resource extends ClusterObject<ResourceHandle, ResourceProperties> {
  constructor(session: Session, name: string) {
    super(session, resourceKind, name);
  }

  async id(options?: CallOptions): Promise<string> {
    return (await this.use((api, resource) => api.getResourceId({ resource }, options))).id ?? "";
  }

  /** The name of its type. */
  async type(options?: CallOptions): Promise<string> {
    const { resourceType } = await this.use((api, resource) =>
      api.getResourceType({ resource }, options),
    );
    return resourceType ?? "";
  }

  async status(options?: CallOptions): Promise<ResourceStatus> {
    const { state, nodeName, groupName } = await this.use((api, resource) =>
      api.getResourceState({ resource }, options),
    );
    return { state: nameOf(ResourceState, state), owner: nodeName ?? "", group: groupName ?? "" };
  }

  /** Names of the resources that it needs. */
  async dependencies(options?: CallOptions): Promise<readonly string[]> {
    return await this.#list(ResourceEnum.Depends, options);
  }

  /** Names of the resources that need it. */
  async dependents(options?: CallOptions): Promise<readonly string[]> {
    return await this.#list(ResourceEnum.Provides, options);
  }

  /** Names of the nodes that it may be on. */
  async possibleOwners(options?: CallOptions): Promise<readonly string[]> {
    return await this.#list(ResourceEnum.Nodes, options);
  }

  /** Brings it online, what it needs first. @throws ClusterError, ClusterStateError */
  async online({ flags, ...options }: ResourceOnlineOptions = {}): Promise<ResourceStatus> {
    const onlineFlags = flagsIn(ResourceOnlineFlags, flags);
    return await this.#settle(
      "Online",
      (api, resource, o) =>
        onlineFlags === 0
          ? api.onlineResource({ resource }, o)
          : api.onlineResourceEx({ resource, onlineFlags, inBuffer: nothing }, o),
      options,
    );
  }

  /** Takes it offline, what needs it first. @throws ClusterError, ClusterStateError */
  async offline({ flags, ...options }: ResourceOfflineOptions = {}): Promise<ResourceStatus> {
    const offlineFlags = flagsIn(ResourceOfflineFlags, flags);
    return await this.#settle(
      "Offline",
      (api, resource, o) =>
        offlineFlags === 0
          ? api.offlineResource({ resource }, o)
          : api.offlineResourceEx({ resource, offlineFlags, inBuffer: nothing }, o),
      options,
    );
  }

  /**
   * Has every node use the volumes of a disk at once, or the one alone that it is on: cluster shared volumes. Waits until it
   * is no longer pending. `volume` is one volume of several.
   *
   * @throws ClusterError ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED for what is no disk, ERROR_RESOURCE_NOT_ONLINE
   */
  async setShared(
    isShared: boolean,
    { volume, ...options }: SharedVolumeOptions = {},
  ): Promise<ResourceStatus> {
    const state = isShared ? 1 : 0;
    return await settle<ResourceStatus>(
      {
        object: String(this),
        begin: (o) =>
          this.use((api, resource) =>
            volume === undefined
              ? api.changeCsvState({ resource, state }, o)
              : api.changeCsvStateEx({ resource, state, volumeName: volume }, o),
          ),
        look: (o) => this.status(o),
        watch: () => this.watch(),
        isPending: ({ state }) => pending.has(state),
        isDone: ({ state }) => state === "Online" || state === "Offline",
        isFailed: ({ state }) => state === "Failed",
        wanted: "at rest",
        tell: ({ state }) => state,
      },
      options,
    );
  }

  /** Has the cluster treat it as failed. */
  async fail(options?: CallOptions): Promise<void> {
    await this.use((api, resource) => api.failResource({ resource }, options));
  }

  /** Takes it offline, and brings it back to the state that it is meant to have. @throws ClusterError */
  async restart(options: SettleOptions<ResourceStatus> = {}): Promise<ResourceStatus> {
    const { state } = await this.status();
    return await this.#settle(
      state === "Offline" ? "Offline" : "Online",
      (api, resource, o) => api.restartResource({ resource, flags: 0 }, o),
      options,
    );
  }

  /** Has it need another resource of its group. */
  async addDependency(on: string, options?: CallOptions): Promise<void> {
    await this.#with(resourceKind, on, (api, resource, dependsOn) =>
      api.addResourceDependency({ resource, dependsOn }, options),
    );
  }

  async removeDependency(on: string, options?: CallOptions): Promise<void> {
    await this.#with(resourceKind, on, (api, resource, dependsOn) =>
      api.removeResourceDependency({ resource, dependsOn }, options),
    );
  }

  /** Whether it could need another resource: it may not where that needs it, or is of another group. */
  async canDependOn(other: string, options?: CallOptions): Promise<boolean> {
    try {
      await this.#with(resourceKind, other, (api, resource, dependsOn) =>
        api.canResourceBeDependent({ resource, resourceDependent: dependsOn }, options),
      );
      return true;
    } catch (error) {
      if (ClusterError.is(error) && error.operation === "ApiCanResourceBeDependent") return false;
      throw error;
    }
  }

  /** The name on the network that what needs it is found by: of the Network Name resource that it needs. */
  async networkName(options?: CallOptions): Promise<string> {
    const { name } = await this.use((api, resource) =>
      api.getResourceNetworkName({ resource }, options),
    );
    return name ?? "";
  }

  /** What it needs, as an expression of IDs: `([a] or [b]) and ([c])`; empty where it needs nothing. */
  async dependencyExpression(options?: CallOptions): Promise<string> {
    const { dependencyExpression } = await this.use((api, resource) =>
      api.getResourceDependencyExpression({ resource }, options),
    );
    return dependencyExpression ?? "";
  }

  /** The same, of names or IDs. */
  async setDependencyExpression(expression: string, options?: CallOptions): Promise<void> {
    const dependencyExpression = expression;
    await this.use((api, resource) =>
      api.setResourceDependencyExpression({ resource, dependencyExpression }, options),
    );
  }

  async addPossibleOwner(node: string, options?: CallOptions): Promise<void> {
    await this.#with(nodeKind, node, (api, resource, node) =>
      api.addResourceNode({ resource, node }, options),
    );
  }

  async removePossibleOwner(node: string, options?: CallOptions): Promise<void> {
    await this.#with(nodeKind, node, (api, resource, node) =>
      api.removeResourceNode({ resource, node }, options),
    );
  }

  /** Puts it into another group. */
  async moveToGroup(group: string, options?: CallOptions): Promise<void> {
    await this.#with(groupKind, group, (api, resource, group) =>
      api.changeResourceGroup({ resource, group }, options),
    );
  }

  async rename(to: string, options?: CallOptions): Promise<void> {
    await this.renameBy(
      (api, resource) => api.setResourceName({ resource, resourceName: to }, options),
      to,
    );
  }

  /** Deletes it, when it is offline or has failed and nothing needs it. */
  async delete(options?: CallOptions): Promise<void> {
    await this.deleteBy((api, resource) => api.deleteResource({ resource }, options));
  }

  /** A call that needs another object's handle too. */
  async #with<Other extends ContextHandle>(
    kind: ObjectKind<Other>,
    name: string,
    call: (api: Api, resource: ResourceHandle, other: Other) => Promise<void>,
  ): Promise<void> {
    await this.session.use(kind, name, async (_, other) =>
      this.use((api, resource) => call(api, resource, other)),
    );
  }

  async #list(type: number, options?: CallOptions): Promise<string[]> {
    const { returnEnum } = await this.use((api, resource) =>
      api.createResEnum({ resource, type }, options),
    );
    return namesIn(returnEnum);
  }

  async #settle(
    wanted: "Online" | "Offline",
    begin: (
      api: Api,
      resource: Opened<ResourceHandle>,
      options: CallOptions,
    ) => Promise<{ returnValue: number }>,
    options: SettleOptions<ResourceStatus>,
  ): Promise<ResourceStatus> {
    return await settle<ResourceStatus>(
      {
        object: String(this),
        begin: (o) => this.use((api, resource) => begin(api, resource, o)),
        look: (o) => this.status(o),
        watch: () => this.watch(),
        isPending: ({ state }) => pending.has(state),
        isDone: ({ state }) => state === wanted,
        isFailed: ({ state }) => state === "Failed",
        wanted,
        tell: ({ state }) => state,
      },
      options,
    );
  }
}

export interface ResourceOnlineOptions extends SettleOptions<ResourceStatus> {
  /** Default: none. What 2.0 doesn't know. */
  readonly flags?: readonly (keyof typeof ResourceOnlineFlags)[];
}

export interface ResourceOfflineOptions extends SettleOptions<ResourceStatus> {
  readonly flags?: readonly (keyof typeof ResourceOfflineFlags)[];
}

export interface SharedVolumeOptions extends SettleOptions<ResourceStatus> {
  /** The name of one volume. Default: all of the disk. */
  readonly volume?: string;
}

/** A group: resources that are online on one node together. */
import { GroupEnum, GroupState, Status } from "@msrpc/ms-cmrp";
import {
  type GroupHandle,
  GroupMoveFlags,
  GroupOfflineFlags,
  GroupOnlineFlags,
} from "@msrpc/ms-cmrp/clusapi3";
import type { CallOptions, Opened } from "@msrpc/rpc";
import { type Api, groupKind, groupSetKind, nodeKind } from "../session/kinds.ts";
import type { GroupProperties } from "../properties/known.ts";
import type { Session } from "../session/session.ts";
import { ClusterObject } from "./cluster-object.ts";
import { namesFrom, namesIn } from "./names.ts";
import { Resource } from "./resource.ts";
import { flagsIn, nothing } from "./flags.ts";
import { settle, type SettleOptions } from "./settle.ts";
import { type NameOf, nameOf } from "./state-name.ts";

export interface GroupStatus {
  readonly state: NameOf<typeof GroupState>;
  /** The node that it is on. */
  readonly owner: string;
}

/** Values that Windows has for what the document only names ([MS-CMRP] 3.1.4.3.3.20, 3.1.4.3.3.21). */
const providerCodes = { groups: 0x0300_2d75, groupSets: 0x0300_2d79 } as const;

export class Group extends ClusterObject<GroupHandle, GroupProperties> {
  constructor(session: Session, name: string) {
    super(session, groupKind, name);
  }

  async id(options?: CallOptions): Promise<string> {
    return (await this.use((api, group) => api.getGroupId({ group }, options))).id ?? "";
  }

  async status(options?: CallOptions): Promise<GroupStatus> {
    const { state, nodeName } = await this.use((api, group) =>
      api.getGroupState({ group }, options),
    );
    return { state: nameOf(GroupState, state), owner: nodeName ?? "" };
  }

  /** Its resources. */
  async *resources(options?: CallOptions): AsyncGenerator<Resource, void> {
    for (const name of await this.#list(GroupEnum.Contains, options)) {
      yield new Resource(this.session, name);
    }
  }

  /** Names of the nodes that it should be on, the best one first; none where any will do. */
  async preferredOwners(options?: CallOptions): Promise<readonly string[]> {
    return await this.#list(GroupEnum.Nodes, options);
  }

  /** The nodes that it should be on, the best one first. */
  async setPreferredOwners(nodes: readonly string[], options?: CallOptions): Promise<void> {
    const ids: string[] = [];
    for (const name of nodes) {
      const { id } = await this.session.use(nodeKind, name, (api, node) =>
        api.getNodeId({ node }, options),
      );
      ids.push(`${id ?? ""}\0`);
    }
    const nodeList = `${ids.join("")}\0`;
    await this.use((api, group) => api.setGroupNodeList({ group, nodeList }, options));
  }

  /** A resource in this group, offline. @throws ClusterError */
  async createResource(
    name: string,
    type: string,
    { separateMonitor = false, ...options }: CreateResourceOptions = {},
  ): Promise<Resource> {
    const flags = separateMonitor ? 1 : 0;
    await this.use(async (api, group) => {
      const request = { group, resourceName: name, resourceType: type, flags };
      await using _made = await api.createResource(request, options);
    });
    return new Resource(this.session, name);
  }

  /** Brings its resources online. @throws ClusterError, ClusterStateError */
  async online({ flags, ...options }: GroupOnlineOptions = {}): Promise<GroupStatus> {
    const onlineFlags = flagsIn(GroupOnlineFlags, flags);
    return await this.#settle(
      "Online",
      (api, group, o) =>
        onlineFlags === 0
          ? api.onlineGroup({ group }, o)
          : api.onlineGroupEx({ group, onlineFlags, inBuffer: nothing }, o),
      options,
    );
  }

  /** Takes its resources offline. @throws ClusterError, ClusterStateError */
  async offline({ flags, ...options }: GroupOfflineOptions = {}): Promise<GroupStatus> {
    const offlineFlags = flagsIn(GroupOfflineFlags, flags);
    return await this.#settle(
      "Offline",
      (api, group, o) =>
        offlineFlags === 0
          ? api.offlineGroup({ group }, o)
          : api.offlineGroupEx({ group, offlineFlags, inBuffer: nothing }, o),
      options,
    );
  }

  /** Moves it to a node, or to the best one. @throws ClusterError, ClusterStateError */
  async moveTo(
    node: string | null,
    { flags, ...options }: GroupMoveOptions = {},
  ): Promise<GroupStatus> {
    const moveFlags = flagsIn(GroupMoveFlags, flags);
    const { owner: before } = await this.status();
    const hasMoved = ({ owner }: GroupStatus): boolean =>
      node === null ? owner !== before : owner.toLowerCase() === node.toLowerCase();
    return await settle<GroupStatus>(
      {
        object: String(this),
        begin: (o) => this.#move(node, moveFlags, o),
        look: (o) => this.status(o),
        watch: () => this.watch(),
        isPending: ({ state }) => state === "Pending",
        isDone: (status) => hasMoved(status) && status.state !== "Pending",
        isFailed: ({ state }) => state === "Failed",
        wanted: `on ${node ?? "another node"}`,
        tell: ({ state, owner }) => `${state} on ${owner}`,
      },
      options,
    );
  }

  /**
   * Gives up a move that is under way, and waits until the group has come to rest.
   *
   * @throws ClusterError ERROR_INVALID_STATE where there is nothing that can be given up
   */
  async cancelMove(options: SettleOptions<GroupStatus> = {}): Promise<GroupStatus> {
    return await this.#rest(
      (o) =>
        this.use((api, group) => api.cancelClusterGroupOperation({ group, cancelFlags: 0 }, o)),
      options,
    );
  }

  /** Waits until it is no longer pending, whoever began what it does. @throws what looking at it throws */
  async settled(options: SettleOptions<GroupStatus> = {}): Promise<GroupStatus> {
    return await this.#rest(
      () => Promise.resolve({ returnValue: Status.ERROR_IO_PENDING }),
      options,
    );
  }

  /** Names of the groups and group sets that start before it. */
  async providers(
    options?: CallOptions,
  ): Promise<{ readonly groups: readonly string[]; readonly groupSets: readonly string[] }> {
    return {
      groups: namesFrom(await this.control(providerCodes.groups, null, options)),
      groupSets: namesFrom(await this.control(providerCodes.groupSets, null, options)),
    };
  }

  /** All groups that it is to start after: `[A] and [B]`; empty for none. */
  async setDependencyExpression(expression: string, options?: CallOptions): Promise<void> {
    await this.use((api, group) =>
      api.setGroupDependencyExpression({ group, dependencyExpression: expression }, options),
    );
  }

  async removeDependency(on: string, options?: CallOptions): Promise<void> {
    await this.session.use(groupKind, on, async (_, dependsOn) =>
      this.use((api, group) => api.removeClusterGroupDependency({ group, dependsOn }, options)),
    );
  }

  /** Has it start after the groups of a group set. */
  async addSetDependency(on: string, options?: CallOptions): Promise<void> {
    await this.session.use(groupSetKind, on, async (_, providerGroupSet) =>
      this.use((api, dependentGroup) =>
        api.addGroupToGroupSetDependency({ dependentGroup, providerGroupSet }, options),
      ),
    );
  }

  async removeSetDependency(on: string, options?: CallOptions): Promise<void> {
    await this.session.use(groupSetKind, on, async (_, dependsOn) =>
      this.use((api, group) =>
        api.removeClusterGroupToGroupSetDependency({ group, dependsOn }, options),
      ),
    );
  }

  async rename(to: string, options?: CallOptions): Promise<void> {
    await this.renameBy((api, group) => api.setGroupName({ group, groupName: to }, options), to);
  }

  /** Deletes it: when it is empty, or by `force` with its resources. */
  async delete({ force = false, ...options }: DeleteGroupOptions = {}): Promise<void> {
    const flag = force ? 1 : 0;
    await this.deleteBy((api, group) => api.deleteGroup({ group, force: flag }, options));
  }

  async #list(type: number, options?: CallOptions): Promise<string[]> {
    const { returnEnum } = await this.use((api, group) =>
      api.createGroupResourceEnum({ group, type }, options),
    );
    return namesIn(returnEnum);
  }

  async #move(
    node: string | null,
    moveFlags: number,
    options: CallOptions,
  ): Promise<{ returnValue: number }> {
    const flags = { moveFlags, inBuffer: nothing };
    if (node === null) {
      return await this.use((api, group) =>
        moveFlags === 0
          ? api.moveGroup({ group }, options)
          : api.moveGroupEx({ group, ...flags }, options),
      );
    }
    return await this.session.use(nodeKind, node, async (_, handle) =>
      this.use((api, group) =>
        moveFlags === 0
          ? api.moveGroupToNode({ group, node: handle }, options)
          : api.moveGroupToNodeEx({ group, node: handle, ...flags }, options),
      ),
    );
  }

  async #rest(
    begin: (options: CallOptions) => Promise<{ returnValue: number }>,
    options: SettleOptions<GroupStatus>,
  ): Promise<GroupStatus> {
    return await settle<GroupStatus>(
      {
        object: String(this),
        begin,
        look: (o) => this.status(o),
        watch: () => this.watch(),
        isPending: ({ state }) => state === "Pending",
        isDone: ({ state }) => state !== "Pending",
        isFailed: () => false,
        wanted: "at rest",
        tell: ({ state, owner }) => `${state} on ${owner}`,
      },
      options,
    );
  }

  async #settle(
    wanted: "Online" | "Offline",
    begin: (
      api: Api,
      group: Opened<GroupHandle>,
      options: CallOptions,
    ) => Promise<{ returnValue: number }>,
    options: SettleOptions<GroupStatus>,
  ): Promise<GroupStatus> {
    return await settle<GroupStatus>(
      {
        object: String(this),
        begin: (o) => this.use((api, group) => begin(api, group, o)),
        look: (o) => this.status(o),
        watch: () => this.watch(),
        isPending: ({ state }) => state === "Pending",
        isDone: ({ state }) => state === wanted,
        isFailed: ({ state }) => state === "Failed",
        wanted,
        tell: ({ state }) => state,
      },
      options,
    );
  }
}

export interface GroupOnlineOptions extends SettleOptions<GroupStatus> {
  /** Default: none. What 2.0 doesn't know. */
  readonly flags?: readonly (keyof typeof GroupOnlineFlags)[];
}

export interface GroupOfflineOptions extends SettleOptions<GroupStatus> {
  readonly flags?: readonly (keyof typeof GroupOfflineFlags)[];
}

export interface GroupMoveOptions extends SettleOptions<GroupStatus> {
  readonly flags?: readonly (keyof typeof GroupMoveFlags)[];
}

export interface CreateResourceOptions extends CallOptions {
  /** It runs in a process of its own. Default: false. */
  readonly separateMonitor?: boolean;
}

export interface DeleteGroupOptions extends CallOptions {
  /** Default: false. */
  readonly force?: boolean;
}

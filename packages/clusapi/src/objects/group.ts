/** A group: resources that are online on one node together. */
import { GroupEnum, GroupState } from "@msrpc/ms-cmrp";
import type { GroupHandle } from "@msrpc/ms-cmrp/clusapi3";
import type { CallOptions, Opened } from "@msrpc/rpc";
import { type Api, groupKind, nodeKind } from "../session/kinds.ts";
import type { GroupProperties } from "../properties/known.ts";
import type { Session } from "../session/session.ts";
import { ClusterObject } from "./cluster-object.ts";
import { namesIn } from "./names.ts";
import { Resource } from "./resource.ts";
import { settle, type SettleOptions } from "./settle.ts";
import { type NameOf, nameOf } from "./state-name.ts";

export interface GroupStatus {
  readonly state: NameOf<typeof GroupState>;
  /** The node that it is on. */
  readonly owner: string;
}

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
  async online(options: SettleOptions<GroupStatus> = {}): Promise<GroupStatus> {
    return await this.#settle("Online", (api, group, o) => api.onlineGroup({ group }, o), options);
  }

  /** Takes its resources offline. @throws ClusterError, ClusterStateError */
  async offline(options: SettleOptions<GroupStatus> = {}): Promise<GroupStatus> {
    return await this.#settle(
      "Offline",
      (api, group, o) => api.offlineGroup({ group }, o),
      options,
    );
  }

  /** Moves it to a node, or to the best one. @throws ClusterError, ClusterStateError */
  async moveTo(
    node: string | null,
    options: SettleOptions<GroupStatus> = {},
  ): Promise<GroupStatus> {
    const { owner: before } = await this.status();
    const hasMoved = ({ owner }: GroupStatus): boolean =>
      node === null ? owner !== before : owner.toLowerCase() === node.toLowerCase();
    return await settle<GroupStatus>(
      {
        object: String(this),
        begin: (o) => this.#move(node, o),
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

  async #move(node: string | null, options: CallOptions): Promise<{ returnValue: number }> {
    if (node === null) return await this.use((api, group) => api.moveGroup({ group }, options));
    return await this.session.use(nodeKind, node, async (_, handle) =>
      this.use((api, group) => api.moveGroupToNode({ group, node: handle }, options)),
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

export interface CreateResourceOptions extends CallOptions {
  /** It runs in a process of its own. Default: false. */
  readonly separateMonitor?: boolean;
}

export interface DeleteGroupOptions extends CallOptions {
  /** Default: false. */
  readonly force?: boolean;
}

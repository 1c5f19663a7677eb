/** A cluster, as one manages it. */
import { Status } from "@msrpc/ms-cmrp";
import { ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import type { CallOptions, Transport } from "@msrpc/rpc";
import { type ConnectOptions, open, openOver } from "./session/connect.ts";
import type { Session } from "./session/session.ts";
import { type EventOptions, EventStream } from "./events/stream.ts";
import { ClusterError } from "./errors/cluster-error.ts";
import { AffinityRule, type AffinityType } from "./objects/affinity-rule.ts";
import { Group } from "./objects/group.ts";
import { GroupSet } from "./objects/group-set.ts";
import { NetInterface, Network } from "./objects/network.ts";
import { ClusterNode } from "./objects/node.ts";
import { Resource } from "./objects/resource.ts";
import {
  type PasswordOutcome,
  type ServicePasswordOptions,
  setServicePassword,
} from "./objects/service-password.ts";
import { ResourceType } from "./objects/resource-type.ts";
import { logSizeOf, type Quorum, type QuorumChange, quorumOf } from "./objects/quorum.ts";
import {
  type ListedGroup,
  type ListedResource,
  listedGroups,
  listedResources,
  type ListingOptions,
} from "./objects/listing.ts";
import { namesFrom, namesIn } from "./objects/names.ts";
import { control, type ControlOptions } from "./properties/control.ts";
import { PropertyBag } from "./properties/bag.ts";
import type { ClusterProperties } from "./properties/known.ts";
import { clusterKind, resourceKind } from "./session/kinds.ts";
import { rootKey, type RegistryKey } from "./registry/key.ts";

/** CLUSCTL_CLUSTER_ENUM_AFFINITY_RULE_NAMES ([MS-CMRP] 3.1.4.3.7.29). */
const enumAffinityRules = 0x0940_2ddd;

export interface ClusterVersion {
  /** Of the system of the node that answers: `10.0.20348`. */
  readonly system: string;
  readonly vendor: string;
  /** The highest version that all nodes know, and the lowest that they work with: 11.3 for Windows Server 2022. */
  readonly highest: string | null;
  readonly lowest: string | null;
}

export interface CreateGroupOptions extends CallOptions {
  /** Its property GroupType: 107 is a generic service. Default: 9999, which is unknown. What 2.0 doesn't know. */
  readonly type?: number;
}

export interface ResourceTypeOptions extends CallOptions {
  /** Default: the name. */
  readonly displayName?: string;
  /** Milliseconds between quick checks and between thorough ones. Default: 5,000 and 60,000. */
  readonly looksAlive?: number;
  readonly isAlive?: number;
}

export class Cluster implements AsyncDisposable {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Connects to a node, logs on and looks who answers. Calls are sealed ([MS-CMRP] 2.1).
   *
   * @param binding `ncacn_ip_tcp:host`, with a port where the endpoint mapper isn't to be asked for it
   * @throws ClusterError, TransportError, RpcFault; SyntaxError for what is no binding
   */
  static async connect(binding: string, options: ConnectOptions = {}): Promise<Cluster> {
    return new Cluster(await open(binding, options));
  }

  /** The same over a transport that is there already: its credentials and level are used, and it is disposed of here. */
  static async over(
    transport: Transport & Partial<AsyncDisposable>,
    options: Omit<ConnectOptions, "credentials" | "candidates"> = {},
  ): Promise<Cluster> {
    return new Cluster(await openOver(transport, options));
  }

  /** Its name, and the node that answers. */
  async names(options?: CallOptions): Promise<{ name: string; answeringNode: string }> {
    const { clusterName, nodeName } = await this.#session.call("the cluster", (api) =>
      api.getClusterName({}, options),
    );
    return { name: clusterName ?? "", answeringNode: nodeName ?? "" };
  }

  async version(options?: CallOptions): Promise<ClusterVersion> {
    const found = await this.#session.call("the cluster", (api) =>
      api.getClusterVersion2({}, options),
    );
    const versions = found.clusterOpVerInfo;
    return {
      system: `${found.majorVersion}.${found.minorVersion}.${found.buildNumber}`,
      vendor: found.vendorId ?? "",
      highest: versions && versionText(versions.clusterHighestVersion),
      lowest: versions && versionText(versions.clusterLowestVersion),
    };
  }

  /** A node by its name or ID. Nothing is asked until it is used: so it is with all objects. */
  node(name: string): ClusterNode {
    return new ClusterNode(this.#session, name);
  }

  group(name: string): Group {
    return new Group(this.#session, name);
  }

  groupSet(name: string): GroupSet {
    return new GroupSet(this.#session, name);
  }

  resource(name: string): Resource {
    return new Resource(this.#session, name);
  }

  network(name: string): Network {
    return new Network(this.#session, name);
  }

  netInterface(name: string): NetInterface {
    return new NetInterface(this.#session, name);
  }

  /** Properties that every cluster has. */
  get common(): PropertyBag<ClusterProperties> {
    return new PropertyBag(this.#session, clusterKind, () => "", "common");
  }

  /** Properties that somebody added to the cluster. */
  get private(): PropertyBag<unknown> {
    return new PropertyBag(this.#session, clusterKind, () => "", "private");
  }

  /** The root of the cluster's registry. */
  get registry(): RegistryKey {
    return rootKey(this.#session);
  }

  async *nodes(options?: CallOptions): AsyncGenerator<ClusterNode, void> {
    for (const name of await this.#list(ClusterEnum.Node, options)) yield this.node(name);
  }

  async *groups(options?: CallOptions): AsyncGenerator<Group, void> {
    for (const name of await this.#list(ClusterEnum.Group, options)) yield this.group(name);
  }

  /** Windows has group sets since Server 2016. */
  async *groupSets(options?: CallOptions): AsyncGenerator<GroupSet, void> {
    const { returnEnum } = await this.#session.use(clusterKind, "", (api, cluster) =>
      api.createGroupSetEnum({ cluster }, options),
    );
    for (const name of namesIn(returnEnum)) yield this.groupSet(name);
  }

  async *resources(options?: CallOptions): AsyncGenerator<Resource, void> {
    for (const name of await this.#list(ClusterEnum.Resource, options)) yield this.resource(name);
  }

  async *resourceTypes(options?: CallOptions): AsyncGenerator<ResourceType, void> {
    for (const name of await this.#list(ClusterEnum.ResType, options)) {
      yield this.resourceType(name);
    }
  }

  async *networks(options?: CallOptions): AsyncGenerator<Network, void> {
    for (const name of await this.#list(ClusterEnum.Network, options)) yield this.network(name);
  }

  /** Networks that carry what nodes tell each other, in the order in which they are used. */
  async *internalNetworks(options?: CallOptions): AsyncGenerator<Network, void> {
    for (const name of await this.#list(ClusterEnum.InternalNetwork, options)) {
      yield this.network(name);
    }
  }

  async *netInterfaces(options?: CallOptions): AsyncGenerator<NetInterface, void> {
    for (const name of await this.#list(ClusterEnum.NetInterface, options)) {
      yield this.netInterface(name);
    }
  }

  /**
   * All groups with their states and the properties that are asked for, in one answer: what takes several calls for each
   * otherwise.
   *
   * @throws ClusterError ERROR_INVALID_PARAMETER for a property that groups don't have
   */
  async listGroups(options: ListingOptions = {}): Promise<ListedGroup[]> {
    return await listedGroups(this.#session, options);
  }

  /** The same of resources. */
  async listResources(options: ListingOptions = {}): Promise<ListedResource[]> {
    return await listedResources(this.#session, options);
  }

  /** Runs a control code on the cluster itself. @throws ClusterError ERROR_INVALID_FUNCTION for one that clusters don't have */
  async control(
    controlCode: number,
    input: Uint8Array | null = null,
    options?: ControlOptions,
  ): Promise<Uint8Array> {
    return await control(this.#session, clusterKind, "", controlCode, input, options);
  }

  /**
   * Says in which order nodes use the networks that carry what they tell each other, the first one first: all of them.
   * Clusters since Windows Server 2008 decide that by themselves.
   *
   * @throws ClusterError RPC_S_PROCNUM_OUT_OF_RANGE, ERROR_CALL_NOT_IMPLEMENTED of those; ERROR_INVALID_PARAMETER
   */
  async setNetworkPriority(networks: readonly string[], options?: CallOptions): Promise<void> {
    const networkIdList = await Promise.all(networks.map((name) => this.network(name).id(options)));
    await this.#session.call("the networks' order", (api) =>
      api.setNetworkPriorityOrder({ networkIdList }, options),
    );
  }

  /**
   * Gives the account that the cluster service runs as another password, on all nodes. Clusters since Windows Server 2008 have
   * no such account.
   *
   * @throws ClusterError ERROR_CALL_NOT_IMPLEMENTED of those; ERROR_ALL_NODES_NOT_AVAILABLE where a node is down, unless
   *   `mayMissNodes`
   */
  async setServicePassword(
    newPassword: string,
    options?: ServicePasswordOptions,
  ): Promise<PasswordOutcome[]> {
    return await setServicePassword(this.#session, newPassword, options);
  }

  /** What happens in the cluster: `for await (const event of cluster.events({ about: ["Group"] }))`. */
  events(options: EventOptions = {}): EventStream {
    return new EventStream(this.#session, options);
  }

  /** The interface of a node to a network. @throws ClusterError ERROR_CLUSTER_NETINTERFACE_NOT_FOUND */
  async netInterfaceOf(
    node: string,
    network: string,
    options?: CallOptions,
  ): Promise<NetInterface> {
    const request = { nodeName: node, networkName: network };
    const { interfaceName } = await this.#session.call(
      `the network interface of node "${node}" to network "${network}"`,
      (api) => api.getNetInterface(request, options),
    );
    return this.netInterface(interfaceName ?? "");
  }

  /** A group with nothing in it. @throws ClusterError ERROR_OBJECT_ALREADY_EXISTS */
  async createGroup(name: string, { type, ...options }: CreateGroupOptions = {}): Promise<Group> {
    const groupInfo = type === undefined ? null : { version: 1, groupType: type };
    await this.#session.call(`group "${name}"`, async (api) => {
      await using _made =
        groupInfo === null
          ? await api.createGroup({ groupName: name }, options)
          : await api.createGroupEx({ groupName: name, groupInfo }, options);
    });
    return this.group(name);
  }

  /** A group set with nothing in it. @throws ClusterError ERROR_OBJECT_ALREADY_EXISTS */
  async createGroupSet(name: string, options?: CallOptions): Promise<GroupSet> {
    await this.#session.call(`group set "${name}"`, async (api) => {
      await using _made = await api.createGroupSet({ groupSetName: name }, options);
    });
    return this.groupSet(name);
  }

  /** A rule that keeps groups together or apart, by its name. */
  affinityRule(name: string): AffinityRule {
    return new AffinityRule(this.#session, name);
  }

  /** Windows has such rules since Server 2022. */
  async *affinityRules(options?: CallOptions): AsyncGenerator<AffinityRule, void> {
    const names = namesFrom(await this.control(enumAffinityRules, null, options));
    for (const name of names) yield this.affinityRule(name);
  }

  /**
   * A rule with no groups yet.
   *
   * @throws ClusterBatchError ERROR_ALREADY_EXISTS; ClusterError ERROR_CALL_NOT_IMPLEMENTED of a server that keeps its rules
   *   elsewhere than in the registry, as Windows does: then nothing has changed
   */
  async createAffinityRule(
    name: string,
    type: AffinityType,
    options?: CallOptions,
  ): Promise<AffinityRule> {
    const rule = this.affinityRule(name);
    await rule.create(type, options);
    for await (const one of this.affinityRules(options)) {
      if (one.name.toLowerCase() === name.toLowerCase()) return rule;
    }
    await rule.delete(options);
    throw new ClusterError(Status.ERROR_CALL_NOT_IMPLEMENTED, {
      codeName: "ERROR_CALL_NOT_IMPLEMENTED",
      operation: "ApiExecuteBatch",
      object: String(rule),
    });
  }

  resourceType(name: string): ResourceType {
    return new ResourceType(this.#session, name);
  }

  /** A type of resources, whose DLL every node has to have. */
  async createResourceType(
    name: string,
    dllName: string,
    {
      displayName = name,
      looksAlive = 5000,
      isAlive = 60_000,
      ...options
    }: ResourceTypeOptions = {},
  ): Promise<ResourceType> {
    const request = { typeName: name, displayName, dllName, looksAlive, isAlive };
    await this.#session.call(`resource type "${name}"`, (api) =>
      api.createResourceType(request, options),
    );
    return this.resourceType(name);
  }

  /** What counts for its quorum. */
  async quorum(options?: CallOptions): Promise<Quorum> {
    return quorumOf(
      await this.#session.call("the quorum", (api) => api.getQuorumResource({}, options)),
    );
  }

  /**
   * Has other things count for its quorum.
   *
   * @throws ClusterError ERROR_NOT_QUORUM_CAPABLE, ERROR_RESOURCE_NOT_ONLINE
   */
  async setQuorum(change: QuorumChange, options?: CallOptions): Promise<void> {
    const { resource, path = "" } = { resource: undefined, path: undefined, ...change };
    // The operation wants some resource also where none is to count.
    const name = resource ?? (await this.#list(ClusterEnum.Resource, options))[0] ?? "";
    const request = { deviceName: path, maxQuorumLogSize: logSizeOf(change) };
    await this.#session.use(resourceKind, name, (api, resource) =>
      api.setQuorumResource({ resource, ...request }, options),
    );
  }

  /**
   * Gives it another name. What is `"stored"` has its effect when the resource that stands for its name comes online
   * the next time.
   */
  async rename(to: string, options?: CallOptions): Promise<"applied" | "stored"> {
    const { returnValue } = await this.#session.call("the cluster", (api) =>
      api.setClusterName({ newClusterName: to }, options),
    );
    return returnValue === Status.ERROR_RESOURCE_PROPERTIES_STORED ? "stored" : "applied";
  }

  /** Closes every handle, and the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  async #list(type: number, options?: CallOptions): Promise<string[]> {
    const { returnEnum } = await this.#session.call("the cluster", (api) =>
      api.createEnum({ type }, options),
    );
    return namesIn(returnEnum);
  }
}

/** CLUSTER_OPERATIONAL_VERSION: the major number in the upper half ([MS-CMRP] 2.2.3.1). */
function versionText(version: number): string {
  return `${version >>> 16}.${version & 0xffff}`;
}

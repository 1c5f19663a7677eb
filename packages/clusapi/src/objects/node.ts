/** A node: a machine of the cluster. */
import { NodeState } from "@msrpc/ms-cmrp";
import { NodeEnum, type NodeHandle, PauseFlags } from "@msrpc/ms-cmrp/clusapi3";
import type { CallOptions } from "@msrpc/rpc";
import { nodeKind } from "../session/kinds.ts";
import type { NodeProperties } from "../properties/known.ts";
import type { Session } from "../session/session.ts";
import { ClusterObject } from "./cluster-object.ts";
import { namesIn } from "./names.ts";
import { NetInterface } from "./network.ts";
import { settle, type SettleOptions } from "./settle.ts";
import { type NameOf, nameOf } from "./state-name.ts";

export class ClusterNode extends ClusterObject<NodeHandle, NodeProperties> {
  constructor(session: Session, name: string) {
    super(session, nodeKind, name);
  }

  async id(options?: CallOptions): Promise<string> {
    return (await this.use((api, node) => api.getNodeId({ node }, options))).id ?? "";
  }

  async state(options?: CallOptions): Promise<NameOf<typeof NodeState>> {
    const { state } = await this.use((api, node) => api.getNodeState({ node }, options));
    return nameOf(NodeState, state);
  }

  /** Its interfaces to networks. */
  async *netInterfaces(options?: CallOptions): AsyncGenerator<NetInterface, void> {
    const { returnEnum } = await this.use((api, node) =>
      api.createNodeEnum({ node, type: NodeEnum.NetInterfaces }, options),
    );
    for (const name of namesIn(returnEnum)) yield new NetInterface(this.session, name);
  }

  /** Has it take no more groups; those that it has stay. */
  async pause(options?: CallOptions): Promise<void> {
    await this.use((api, node) => api.pauseNode({ node }, options));
  }

  /**
   * Pauses it and moves its groups away, to the nodes that suit them best or to one of them, and waits until it is done.
   * Groups that can't run elsewhere stay, and then its drain has failed.
   *
   * @throws ClusterError, ClusterStateError
   */
  async drain({ to, ...options }: DrainOptions = {}): Promise<DrainStatus> {
    const pauseFlags = PauseFlags.RemainOnPausedNodeOnMoveError;
    return await settle<DrainStatus>(
      {
        object: String(this),
        begin: async (o) => {
          if (to === undefined) {
            return await this.use((api, node) =>
              api.pauseNodeEx({ node, drainNode: 1, pauseFlags }, o),
            );
          }
          return await this.session.use(nodeKind, to, async (_, nodeDrainTarget) =>
            this.use((api, node) =>
              api.pauseNodeWithDrainTarget({ node, pauseFlags, nodeDrainTarget }, o),
            ),
          );
        },
        look: async (o) => {
          const { NodeDrainStatus } = await this.common.get(o);
          return { state: await this.state(o), drain: drains[NodeDrainStatus ?? 0] ?? "None" };
        },
        watch: () => this.watch(),
        isPending: ({ drain }) => drain === "InProgress",
        isDone: ({ state, drain }) =>
          state === "Paused" && drain !== "InProgress" && drain !== "Failed",
        isFailed: ({ drain }) => drain === "Failed",
        wanted: "drained",
        tell: ({ state, drain }) => `${state}, with its drain ${drain}`,
      },
      options,
    );
  }

  /** Ends a pause. `failback` has groups that were moved away come back: all of them, or those whose policy it is. */
  async resume({ failback = "none", ...options }: ResumeOptions = {}): Promise<void> {
    const request = { resumeFailbackType: failbacks[failback], resumeFlagsReserved: 0 };
    await this.use((api, node) => api.resumeNodeEx({ node, ...request }, options));
  }

  /** Takes it out of the cluster. */
  async evict(options?: CallOptions): Promise<void> {
    await this.deleteBy((api, node) => api.evictNode({ node }, options));
  }
}

/** Of the property NodeDrainStatus. */
const drains = ["None", "InProgress", "Completed", "Failed"] as const;
/** [MS-CMRP] 3.1.4.2.127. */
const failbacks = { none: 0, all: 1, byPolicy: 2 } as const;

export interface DrainStatus {
  readonly state: NameOf<typeof NodeState>;
  readonly drain: (typeof drains)[number];
}

export interface DrainOptions extends SettleOptions<DrainStatus> {
  /** The node that its groups go to. Default: the one that suits each best. */
  readonly to?: string;
}

export interface ResumeOptions extends CallOptions {
  /** Default: "none". */
  readonly failback?: keyof typeof failbacks;
}

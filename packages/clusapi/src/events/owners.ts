/** Names of the nodes that events only have the IDs of. */
import { ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import { namesIn } from "../objects/names.ts";
import { nodeKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
import type { ClusterEvent } from "./changes.ts";

export class Owners {
  readonly #session: Session;
  /** By ID, as of the last time that one wasn't known. */
  #names: ReadonlyMap<string, string> = new Map();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The event, with the name of the node that a group is on where that is what it tells. */
  async named(event: ClusterEvent): Promise<ClusterEvent> {
    const { kind, what, parentId: id } = event;
    if (kind !== "Group" || what !== "OwnerNode" || id === "") return event;
    // Who only hears of events, and may ask nothing, hears of them without names.
    if (!this.#names.has(id)) this.#names = await this.#ask().catch(() => this.#names);
    return { ...event, owner: this.#names.get(id) ?? null };
  }

  async #ask(): Promise<Map<string, string>> {
    const { returnEnum } = await this.#session.call("the cluster", (api) =>
      api.createEnum({ type: ClusterEnum.Node }),
    );
    const pairs = namesIn(returnEnum).map(async (name) => {
      const { id } = await this.#session.use(nodeKind, name, (api, node) =>
        api.getNodeId({ node }),
      );
      return [id ?? "", name] as const;
    });
    return new Map(await Promise.all(pairs));
  }
}

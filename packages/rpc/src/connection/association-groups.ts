/** Association groups: the connections of one client, which share their context handles ([MS-RPCE] 3.3.1.5.7). */
import { type HandleLimits, HandleRoom } from "../handle-room.ts";
import type { Router } from "../router.ts";
import type { ServerAssociation } from "../server-association.ts";
import type { ClientAddress } from "./server-link.ts";

type Origin = Pick<ClientAddress, "transport" | "host">;

export interface AssociationGroup {
  /** assoc_group_id; never 0. */
  readonly id: number;
  readonly association: ServerAssociation;
  /** Where its connections come from. */
  readonly origin: Origin;
}

export class AssociationGroups {
  readonly #router: Router;
  readonly #room: HandleRoom;
  readonly #groups = new Map<number, { readonly group: AssociationGroup; connections: number }>();

  constructor(router: Router, limits: HandleLimits) {
    this.#router = router;
    this.#room = new HandleRoom(limits);
  }

  get size(): number {
    return this.#groups.size;
  }

  /** Context handles of all of them. */
  get handles(): number {
    return this.#room.size;
  }

  /** The group that a bind asks for: a new one for 0, null for one that isn't there or is another host's. */
  join(id: number, origin: Origin): AssociationGroup | null {
    if (id === 0) return this.#create(origin);
    const entry = this.#groups.get(id);
    if (entry === undefined || !isSame(entry.group.origin, origin)) return null;
    entry.connections++;
    return entry.group;
  }

  /** With its last connection a group ends, and its handles are run down. */
  async leave({ id }: AssociationGroup): Promise<void> {
    const entry = this.#groups.get(id);
    if (entry === undefined || --entry.connections > 0) return;
    this.#groups.delete(id);
    await entry.group.association.close();
  }

  #create(origin: Origin): AssociationGroup {
    let id = 0;
    while (id === 0 || this.#groups.has(id)) {
      id = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    }
    const group = { id, association: this.#router.open(this.#room), origin };
    this.#groups.set(id, { group, connections: 1 });
    return group;
  }
}

function isSame(one: Origin, other: Origin): boolean {
  return one.transport === other.transport && one.host === other.host;
}

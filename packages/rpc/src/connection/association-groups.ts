/** Association groups: the connections of one client, which share their context handles ([MS-RPCE] 3.3.1.5.7). */
import type { Router } from "../router.ts";
import type { ServerAssociation } from "../server-association.ts";

export interface AssociationGroup {
  /** assoc_group_id; never 0. */
  readonly id: number;
  readonly association: ServerAssociation;
  /** Host that its connections come from. */
  readonly host: string;
}

export class AssociationGroups {
  readonly #router: Router;
  readonly #groups = new Map<number, { readonly group: AssociationGroup; connections: number }>();

  constructor(router: Router) {
    this.#router = router;
  }

  get size(): number {
    return this.#groups.size;
  }

  /** The group that a bind asks for: a new one for 0, null for one that isn't there or is another host's. */
  join(id: number, host: string): AssociationGroup | null {
    if (id === 0) return this.#create(host);
    const entry = this.#groups.get(id);
    if (entry === undefined || entry.group.host !== host) return null;
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

  #create(host: string): AssociationGroup {
    let id = 0;
    while (id === 0 || this.#groups.has(id)) {
      id = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    }
    const group = { id, association: this.#router.open(), host };
    this.#groups.set(id, { group, connections: 1 });
    return group;
  }
}

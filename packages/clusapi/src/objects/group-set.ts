/** A group set: groups of which others say that they start after them ([MS-CMRP] 3.1.1.1.10). */
import { fromUtf16 } from "@msrpc/cluster-data";
import type { GroupSetHandle } from "@msrpc/ms-cmrp/clusapi3";
import type { CallOptions } from "@msrpc/rpc";
import type { GroupSetProperties } from "../properties/known.ts";
import { groupKind, groupSetKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
import { ClusterObject } from "./cluster-object.ts";
import { Group } from "./group.ts";
import { namesFrom } from "./names.ts";

/** What is asked of a group set, or of a group without its kind ([MS-CMRP] 3.1.4.3.8). */
const codes = { id: 0x39, groups: 0x2d71, providerSets: 0x2d79 } as const;

export interface GroupSetDomains {
  /** What its groups shouldn't all be on, by number, and in which turn they are updated. */
  readonly faultDomain: number;
  readonly updateDomain: number;
}

export interface AddGroupOptions extends CallOptions {
  /** Default: none. */
  readonly domains?: GroupSetDomains;
}

/** Of Windows Server 2016 and later. It has no private properties. */
export class GroupSet extends ClusterObject<GroupSetHandle, GroupSetProperties> {
  constructor(session: Session, name: string) {
    super(session, groupSetKind, name);
  }

  async id(options?: CallOptions): Promise<string> {
    const octets = await this.#ask(codes.id, options);
    return fromUtf16(octets).replace(/\0.*$/s, "");
  }

  /** The groups in it. */
  async *groups(options?: CallOptions): AsyncGenerator<Group, void> {
    const names = namesFrom(await this.#ask(codes.groups, options));
    for (const name of names) yield new Group(this.session, name);
  }

  /** The group sets that start before it. */
  async *providers(options?: CallOptions): AsyncGenerator<GroupSet, void> {
    const names = namesFrom(await this.#ask(codes.providerSets, options));
    for (const name of names) yield new GroupSet(this.session, name);
  }

  /** Puts a group into it that is in no other one. */
  async add(group: string, { domains, ...options }: AddGroupOptions = {}): Promise<void> {
    await this.session.use(groupKind, group, async (_, handle) =>
      this.use((api, groupSet) =>
        domains === undefined
          ? api.addGroupToGroupSet({ groupSet, group: handle }, options)
          : api.addGroupToGroupSetEx(
              { groupSet, group: handle, ...domains, useDomains: 1, reserved: 0 },
              options,
            ),
      ),
    );
  }

  /** Has a group go from the group set that it is in to this one. */
  async take(group: string, options?: CallOptions): Promise<void> {
    await this.session.use(groupKind, group, async (_, handle) =>
      this.use((api, groupSet) => api.moveGroupToGroupSet({ groupSet, group: handle }, options)),
    );
  }

  /** Takes a group out of it. */
  async remove(group: string, options?: CallOptions): Promise<void> {
    await this.session.use(groupKind, group, (api, handle) =>
      api.removeGroupFromGroupSet({ group: handle }, options),
    );
  }

  /** Has it start after another group set; both have to have groups. */
  async addDependency(on: string, options?: CallOptions): Promise<void> {
    await this.session.use(groupSetKind, on, async (_, providerGroupSet) =>
      this.use((api, dependentGroupSet) =>
        api.addGroupSetDependency({ dependentGroupSet, providerGroupSet }, options),
      ),
    );
  }

  async removeDependency(on: string, options?: CallOptions): Promise<void> {
    await this.session.use(groupSetKind, on, async (_, dependsOn) =>
      this.use((api, groupSet) => api.removeGroupSetDependency({ groupSet, dependsOn }, options)),
    );
  }

  /** All that it is to start after: `[A] and [B]`; empty for nothing. */
  async setDependencyExpression(expression: string, options?: CallOptions): Promise<void> {
    await this.use((api, groupSet) =>
      api.setGroupSetDependencyExpression({ groupSet, dependencyExpression: expression }, options),
    );
  }

  async delete(options?: CallOptions): Promise<void> {
    await this.deleteBy((api, groupSet) => api.deleteGroupSet({ groupSet }, options));
  }

  async #ask(code: number, options?: CallOptions): Promise<Uint8Array> {
    return await this.control(this.kind.controlObject * 0x100_0000 + code, null, options);
  }
}

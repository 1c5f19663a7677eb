/**
 * Rules that keep groups together or apart ([MS-CMRP] 3.1.1.1.4). The document has a control code that names them, and no
 * operation that makes one: the servers of this project keep them in the cluster's registry, where clients make and change them.
 * What Windows does for its own tools isn't documented, so that there they can be listed only.
 */
import type { CallOptions } from "@msrpc/rpc";
import type { Session } from "../session/session.ts";
import { type RegistryKey, rootKey } from "../registry/key.ts";
import type { RegistryValue } from "../registry/value.ts";
import { Group } from "./group.ts";

const types = {
  sameFaultDomain: 1,
  sameNode: 2,
  differentFaultDomain: 3,
  differentNode: 4,
} as const;

export type AffinityType = keyof typeof types;

export interface AffinityRuleStatus {
  /** Null for one that says nothing. */
  readonly type: AffinityType | null;
  /** Names. */
  readonly groups: readonly string[];
  readonly isEnabled: boolean;
  /** It gives way where there is no node for a group otherwise. */
  readonly isSoft: boolean;
}

export type AffinityRuleChanges = Partial<
  Pick<AffinityRuleStatus, "isEnabled" | "isSoft"> & { readonly type: AffinityType }
>;

/** The key that has one for each rule. */
const affinityRulesKey = "AffinityRules";

const groupsValue = "Groups";
const dword = (value: number): RegistryValue => ({ type: "Dword", value });

export class AffinityRule {
  readonly #session: Session;
  readonly name: string;

  constructor(session: Session, name: string) {
    this.#session = session;
    this.name = name;
  }

  /** @throws ClusterError ERROR_FILE_NOT_FOUND where there is none of that name */
  async status(options?: CallOptions): Promise<AffinityRuleStatus> {
    const names = ["RuleType", "Enabled", "SoftAntiAffinity"];
    await using key = this.#key;
    const found = await key.read(
      names.map((name) => ({ name })),
      options,
    );
    const [type, enabled, soft] = found.map((one) => (one.type === "Dword" ? one.value : null));
    const groups = (await groupsOf(key, options)).map(
      async (group) => await this.#nameOf(group, options),
    );
    return {
      type: (Object.keys(types) as AffinityType[]).find((one) => types[one] === type) ?? null,
      groups: await Promise.all(groups),
      isEnabled: enabled !== 0,
      isSoft: (soft ?? 0) !== 0,
    };
  }

  async set(changes: AffinityRuleChanges, options?: CallOptions): Promise<void> {
    await using key = this.#key;
    const batch = key.batch();
    const { type, isEnabled, isSoft } = changes;
    if (type !== undefined) batch.set("RuleType", dword(types[type]));
    if (isEnabled !== undefined) batch.set("Enabled", dword(isEnabled ? 1 : 0));
    if (isSoft !== undefined) batch.set("SoftAntiAffinity", dword(isSoft ? 1 : 0));
    await batch.execute(options);
  }

  /** Has it count for a group as well. @throws ClusterError ERROR_GROUP_NOT_FOUND */
  async add(group: string, options?: CallOptions): Promise<void> {
    const id = await new Group(this.#session, group).id(options);
    await this.#change((groups) => (groups.includes(id) ? groups : [...groups, id]), options);
  }

  /** Has it count for a group no more. */
  async remove(group: string, options?: CallOptions): Promise<void> {
    const id = await new Group(this.#session, group).id(options);
    const called = new Set([id.toLowerCase(), group.toLowerCase()]);
    await this.#change((groups) => groups.filter((one) => !called.has(one.toLowerCase())), options);
  }

  /** @throws ClusterError ERROR_FILE_NOT_FOUND */
  async delete(options?: CallOptions): Promise<void> {
    await rootKey(this.#session).key(affinityRulesKey).delete(this.name, options);
  }

  /**
   * Makes it, with no groups yet.
   *
   * @throws ClusterBatchError ERROR_ALREADY_EXISTS
   */
  async create(type: AffinityType, options?: CallOptions): Promise<void> {
    const path = `${affinityRulesKey}\\${this.name}`;
    const batch = rootKey(this.#session).batch().onlyIfKey(path, "missing").key(path);
    batch.set("RuleType", dword(types[type])).set(groupsValue, { type: "MultiSz", value: [] });
    batch.set("Enabled", dword(1)).set("SoftAntiAffinity", dword(0));
    await batch.execute(options);
  }

  toString(): string {
    return `affinity rule "${this.name}"`;
  }

  get #key(): RegistryKey {
    return rootKey(this.#session).key(`${affinityRulesKey}\\${this.name}`);
  }

  /** Whoever changes them at the same time isn't lost: then nothing is changed here. */
  async #change(
    change: (groups: readonly string[]) => readonly string[],
    options?: CallOptions,
  ): Promise<void> {
    await using key = this.#key;
    const before = await key.get(groupsValue, options);
    const groups = change(await groupsOf(key, options));
    const batch = key.batch();
    if (before === null) batch.onlyIfValue(groupsValue, "missing");
    else batch.onlyIf(groupsValue, "equal", before);
    await batch.set(groupsValue, { type: "MultiSz", value: groups }).execute(options);
  }

  /** Groups are kept by their IDs. One that is gone is called by what is kept. */
  async #nameOf(group: string, options?: CallOptions): Promise<string> {
    const [found] = await rootKey(this.#session).read(
      [{ path: `Groups\\${group}`, name: "Name" }],
      options,
    );
    return found?.type === "Sz" ? found.value : group;
  }
}

async function groupsOf(key: RegistryKey, options?: CallOptions): Promise<readonly string[]> {
  const found = await key.get(groupsValue, options);
  return found?.type === "MultiSz" ? found.value : [];
}

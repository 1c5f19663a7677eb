/**
 * A command's view of the cluster: what it changes, in the registry and in memory, is all done or all undone. Commands
 * are functions of a transaction alone: time and new IDs come from it, so that they can be run again to the same effect.
 */
import { randomUUID } from "node:crypto";
import { type RegistryValue, sameValue } from "@msrpc/cluster-data";
import { byKind, type ByKind } from "../model/by-kind.ts";
import type { Identified } from "../model/collection.ts";
import { isAmongRules } from "../model/affinity.ts";
import { noteDue } from "../model/due.ts";
import type { Resource } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import type { RegistryChange } from "../registry/change.ts";
import {
  fold,
  namesIn,
  newKey,
  pathOf,
  type NamedValue,
  type RegistryKey,
  valueOf,
} from "../registry/key.ts";
import { Removals } from "../registry/ordered.ts";
import type { Effect } from "./effect.ts";
import type { ClusterEvent, EventValue, Happenings } from "./event.ts";
import { changed, comeOrGone, configured, entered, eventOf, ofCluster } from "./tell.ts";

/** Where time and IDs come from. */
export interface Surroundings {
  /** Milliseconds since 1970, by a clock that may be set. */
  readonly now: () => number;
  /**
   * Milliseconds by a clock that nobody sets, since whenever: what delays, periods and time-outs are measured by. Default: `now`.
   */
  readonly steady?: () => number;
  /** GUIDs without braces. */
  readonly newId: () => string;
}

/** The system's clocks, and random GUIDs. */
export const systemSurroundings: Surroundings = {
  now: () => Date.now(),
  steady: () => performance.now(),
  newId: randomUUID,
};

export class Transaction {
  readonly state: ClusterState;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds by a clock that nobody sets. */
  readonly steady: number;
  /** What a store has to keep. */
  readonly changes: RegistryChange[] = [];
  readonly events: ClusterEvent[] = [];
  /** What hosts of resources have to do when all of it is kept. */
  readonly effects: Effect[] = [];
  readonly newId: () => string;
  readonly #undo: (() => void)[] = [];
  readonly #removals = new Removals();

  constructor(state: ClusterState, { now, steady = now, newId }: Surroundings) {
    this.state = state;
    this.now = now();
    this.steady = steady();
    this.newId = newId;
  }

  /** Puts everything back as it was. */
  rollback(): void {
    for (const undo of this.#undo.toReversed()) undo();
    this.#removals.restoreOrder();
    this.#undo.length = 0;
    this.changes.length = 0;
    this.events.length = 0;
    this.effects.length = 0;
  }

  // ---- objects -----------------------------------------------------------------------------------

  /** Takes in an object, with its key and the members that last. */
  insert<K extends keyof ByKind>(kind: K, object: ByKind[K]): void {
    const { collection, keys } = byKind[kind];
    const objects = collection(this.state);
    objects.add(object);
    this.#undo.push(() => objects.remove(object));
    this.#noteDue(kind, object, true);
    const key = this.createKey(this.state.registry, `${keys.key}\\${object.id}`);
    for (const [member, field] of keys.fields) {
      this.setValue(key, field.value, field.write(object[member]));
    }
    this.#emitAll(comeOrGone(this.state, kind, "added", object));
  }

  /** Changes members of an object, and the values of those that last. Says what it was before. */
  update<K extends keyof ByKind>(
    kind: K,
    object: ByKind[K],
    members: Partial<ByKind[K]>,
  ): ByKind[K] {
    const before = this.#assign(kind, object, members);
    const key = this.keyOf(kind, object);
    for (const [member, field] of byKind[kind].keys.fields) {
      if (member in members) this.setValue(key, field.value, field.write(object[member]));
    }
    this.#emitAll(changed(this.state, kind, object, before));
    return before;
  }

  /** Takes over the members of an object whose values were changed by themselves, and tells of these. */
  reread<K extends keyof ByKind>(
    kind: K,
    object: ByKind[K],
    properties: readonly NamedValue[],
  ): void {
    const key = this.keyOf(kind, object);
    const members: Partial<ByKind[K]> = {};
    for (const [member, field] of byKind[kind].keys.fields) {
      Object.assign(members, { [member]: field.read(valueOf(key, field.value)) });
    }
    const before = this.#assign(kind, object, members);
    this.#emitAll(changed(this.state, kind, object, before));
    this.tell(kind, "property", object, { properties });
  }

  /** As `update`, and tells of changed properties. */
  configure<K extends keyof ByKind>(kind: K, object: ByKind[K], members: Partial<ByKind[K]>): void {
    const before = this.update(kind, object, members);
    this.#emitAll(configured(kind, object, before));
  }

  /** As `update`, for a change of state: it has the next sequence number. */
  enter<K extends Exclude<keyof ByKind, "resourceType" | "groupSet">>(
    kind: K,
    object: ByKind[K],
    members: Partial<ByKind[K]>,
  ): void {
    const when = kind === "resource" ? { stateChanged: this.now } : {};
    this.update(kind, object, { ...members, ...when, sequence: object.sequence + 1 });
    this.#emitAll(entered(this.state, kind, object));
  }

  /** Takes an object out, with its key and all below it. */
  remove<K extends keyof ByKind>(kind: K, object: ByKind[K]): void {
    const objects = byKind[kind].collection(this.state);
    this.deleteKey(this.keyOf(kind, object));
    this.#undo.push(objects.remove(object, this.#removals));
    this.#noteDue(kind, object, false);
    this.#emitAll(comeOrGone(this.state, kind, "deleted", object));
  }

  /** The key that an object is kept under. */
  keyOf(kind: keyof ByKind, { id }: Identified): RegistryKey {
    return this.createKey(this.state.registry, `${byKind[kind].keys.key}\\${id}`);
  }

  /** Changes what the cluster itself is, without a trace in the registry. */
  assign(members: Partial<Pick<ClusterState, "name">>): void {
    const before = { name: this.state.name };
    Object.assign(this.state, members);
    this.#undo.push(() => Object.assign(this.state, before));
    if (this.state.name !== before.name) this.tellCluster("renamed");
  }

  /** Has a group wait until a time at most, or have waited long enough (null), or wait no more (undefined). */
  hold({ id }: Identified, until: number | null | undefined): void {
    const { held } = this.state;
    const before = held.get(id);
    if (before === until) return;
    const set = (value: number | null | undefined): void => {
      if (value === undefined) held.delete(id);
      else held.set(id, value);
    };
    set(until);
    this.#undo.push(() => set(before));
  }

  /** Tells what happened to an object without a change of its members. */
  tell<K extends keyof ByKind>(
    kind: K,
    what: Happenings[K],
    object: ByKind[K],
    value?: EventValue,
  ): void {
    this.emit(eventOf(kind, what, object, value));
  }

  /** Tells what happened to the cluster itself. */
  tellCluster(what: Happenings["cluster"], value?: EventValue): void {
    this.emit(ofCluster(this.state, what, value));
  }

  emit(event: ClusterEvent): void {
    this.events.push(event);
  }

  // ---- the registry ------------------------------------------------------------------------------

  /** The key at a path, made where it isn't there. */
  createKey(from: RegistryKey, wanted: string): RegistryKey {
    let at = from;
    for (const name of namesIn(wanted)) {
      const parent = at;
      const found = parent.subkeys.get(fold(name));
      if (found !== undefined) {
        at = found;
        continue;
      }
      const made = newKey(parent, name, this.now);
      parent.subkeys.set(fold(name), made);
      this.#undo.push(() => {
        parent.subkeys.delete(fold(name));
        made.deleted = true;
      });
      this.#touch(parent);
      const path = pathOf(made);
      this.changes.push({ type: "createKey", path });
      this.emit({ kind: "key", what: "added", path, name: "" });
      at = made;
    }
    return at;
  }

  /** Deletes a key with all below it. The root stays. */
  deleteKey(key: RegistryKey): void {
    const { parent } = key;
    if (parent === null) return;
    const path = pathOf(key);
    for (const below of key.subkeys.values()) this.deleteKey(below);
    const putBack = this.#removals.remove(parent.subkeys, fold(key.name));
    key.deleted = true;
    this.#undo.push(() => {
      putBack();
      key.deleted = false;
    });
    this.#touch(parent);
    this.changes.push({ type: "deleteKey", path });
    this.emit({ kind: "key", what: "deleted", path, name: "" });
  }

  /** Sets a value. One that is the same already is left alone. */
  setValue(key: RegistryKey, name: string, { type, data }: RegistryValue): void {
    const before = valueOf(key, name);
    if (before !== undefined && sameValue(before, { type, data })) return;
    const folded = fold(name);
    key.values.set(folded, { name: before?.name ?? name, type, data });
    this.#undo.push(() => {
      if (before === undefined) key.values.delete(folded);
      else key.values.set(folded, before);
    });
    this.#touch(key);
    const path = pathOf(key);
    this.changes.push({ type: "setValue", path, name, value: { type, data } });
    this.emit({ kind: "key", what: "value", path, name, ...(before && { before }) });
  }

  /** Says whether there was one. */
  deleteValue(key: RegistryKey, name: string): boolean {
    const before = valueOf(key, name);
    if (before === undefined) return false;
    this.#undo.push(this.#removals.remove(key.values, fold(name)));
    this.#touch(key);
    const path = pathOf(key);
    this.changes.push({ type: "deleteValue", path, name });
    this.emit({ kind: "key", what: "value", path, name, before });
    return true;
  }

  setSecurity(key: RegistryKey, security: Uint8Array | null): void {
    const before = key.security;
    key.security = security;
    this.#undo.push(() => {
      key.security = before;
    });
    this.#touch(key);
    const path = pathOf(key);
    this.changes.push({ type: "setSecurity", path, security });
    this.emit({ kind: "key", what: "security", path, name: "" });
  }

  #touch(key: RegistryKey): void {
    if (isAmongRules(key)) this.state.rulesByGroup = null;
    const { lastWrite } = key;
    key.lastWrite = this.now;
    this.#undo.push(() => {
      key.lastWrite = lastWrite;
      if (isAmongRules(key)) this.state.rulesByGroup = null;
    });
  }

  #assign<K extends keyof ByKind>(
    kind: K,
    object: ByKind[K],
    members: Partial<ByKind[K]>,
  ): ByKind[K] {
    const objects = byKind[kind].collection(this.state);
    const before = { ...object };
    const assign = (values: Partial<ByKind[K]>): void => {
      const { name } = object;
      Object.assign(object, values);
      objects.rename(object, name);
    };
    assign(members);
    this.#undo.push(() => assign(before));
    this.#noteDue(kind, object, true);
    return before;
  }

  /** Undone last to first, the last note is of what was before. */
  #noteDue<K extends keyof ByKind>(kind: K, object: ByKind[K], isThere: boolean): void {
    if (kind !== "resource") return;
    const resource = object as Resource;
    const wasTimed = this.state.timed.has(resource);
    noteDue(this.state, resource, isThere);
    if (this.state.timed.has(resource) === wasTimed) return;
    this.#undo.push(() => {
      if (wasTimed) this.state.timed.add(resource);
      else this.state.timed.delete(resource);
    });
  }

  #emitAll(events: readonly ClusterEvent[]): void {
    this.events.push(...events);
  }
}

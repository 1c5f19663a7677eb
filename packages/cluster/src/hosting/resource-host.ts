/** Hosts resources by the code of their types; those of types without code are nothing but their state. */
import { textOf } from "@msrpc/cluster-data";
import type { Cluster } from "../core/cluster.ts";
import type { Effect } from "../core/effect.ts";
import { type Host, softwareHost } from "../core/host.ts";
import { lockResource } from "../core/online.ts";
import { hostFailed, wentOffline, wentOnline } from "../core/outcome.ts";
import type { Transaction } from "../core/transaction.ts";
import { never } from "../model/kinds.ts";
import type { Resource } from "../model/objects.ts";
import { findKey, fold, valueOf } from "../registry/key.ts";
import { watchHealth } from "./health.ts";
import type { HostingType, Running } from "./plugin.ts";

export interface ResourceHost extends Host {
  /** Ends all that it hosts, and says nothing more to the cluster. */
  close(): Promise<void>;
}

export interface ResourceHostOptions {
  readonly types: readonly HostingType[];
  /** Hears why resources failed, and what went wrong when the cluster was told. */
  readonly onError?: (error: unknown, resource: string) => void;
}

/** What is hosted for one resource. */
interface Slot {
  readonly controller: AbortController;
  running: Running | null;
  /** It was asked to go offline: that it ends is no failure. */
  isLeaving: boolean;
  stopWatching: () => void;
  /** Settles when what was begun for the resource has ended. */
  work: Promise<void>;
}

type Outcome = typeof wentOnline;

export function resourceHost({ types, onError }: ResourceHostOptions): ResourceHost {
  const byType = new Map(types.map((type) => [fold(type.type), type]));
  const slots = new Map<string, Slot>();
  let isClosed = false;

  const tell = (cluster: Cluster, resource: string, command: (tx: Transaction) => void): void => {
    if (isClosed) return;
    try {
      cluster.run(command);
    } catch (error) {
      onError?.(error, resource);
    }
  };
  const answer = (cluster: Cluster, { resource, attempt }: Effect, outcome: Outcome): void =>
    tell(cluster, resource, (tx) => outcome(tx, resource, attempt));

  const start = async (
    type: HostingType,
    resource: Resource,
    effect: Effect,
    cluster: Cluster,
    slot: Slot,
  ): Promise<void> => {
    const { signal } = slot.controller;
    const fail = (): void => {
      if (!signal.aborted && !slot.isLeaving) answer(cluster, effect, hostFailed);
    };
    try {
      const { id, name } = resource;
      const lock = (isLocked: boolean): void =>
        tell(cluster, id, (tx) => lockResource(tx, id, isLocked));
      const text = (value: string): string => textIn(cluster, id, value);
      const shown = { id, name, type: resource.type };
      const { parameters } = effect;
      const running = await type.online({ resource: shown, parameters, text, fail, lock }, signal);
      slot.running = running;
      if (signal.aborted) return;
      slot.stopWatching = watchHealth(running, intervals(cluster, resource), fail);
      answer(cluster, effect, wentOnline);
    } catch (error) {
      if (signal.aborted) return;
      onError?.(error, resource.id);
      fail();
    }
  };
  const stop = async (slot: Slot, effect: Effect, cluster: Cluster): Promise<void> => {
    try {
      await slot.running?.offline(effect.parameters);
      answer(cluster, effect, wentOffline);
    } catch (error) {
      onError?.(error, effect.resource);
      answer(cluster, effect, hostFailed);
    }
  };
  const terminate = (slot: Slot): void => {
    slot.controller.abort();
    slot.stopWatching();
    slot.running?.terminate();
    slot.work = slot.work.then(() => slot.running?.terminate());
  };
  /** Forgets what has ended, where nothing new has begun. */
  const forget = (slot: Slot, id: string): void => {
    slot.work = slot.work.then(() => {
      if (slots.get(id) === slot) slots.delete(id);
    });
  };

  return {
    perform(effect, cluster) {
      const { type, resource: id } = effect;
      const before = slots.get(id);
      const resource = cluster.state.resources.get(id);
      const hosting = byType.get(fold(resource?.type ?? ""));
      if (type === "online" && resource !== undefined && hosting !== undefined) {
        const slot = emptySlot();
        slot.work = (before?.work ?? Promise.resolve()).then(() =>
          slot.controller.signal.aborted
            ? undefined
            : start(hosting, resource, effect, cluster, slot),
        );
        slots.set(id, slot);
      } else if (before === undefined) {
        softwareHost.perform(effect, cluster);
      } else if (type === "offline") {
        before.isLeaving = true;
        if (before.running === null) before.controller.abort();
        before.stopWatching();
        before.work = before.work.then(() => stop(before, effect, cluster));
        forget(before, id);
      } else {
        terminate(before);
        forget(before, id);
      }
    },
    async close() {
      isClosed = true;
      for (const slot of slots.values()) terminate(slot);
      await Promise.all(Array.from(slots.values(), ({ work }) => work));
    },
  };
}

function emptySlot(): Slot {
  return {
    controller: new AbortController(),
    running: null,
    isLeaving: false,
    stopWatching: () => undefined,
    work: Promise.resolve(),
  };
}

/** How often to look at a resource; its type says where it doesn't itself. */
function intervals(
  { state }: Cluster,
  resource: Resource,
): { readonly looksAlive: number; readonly isAlive: number } {
  const type = state.resourceTypes.find(resource.type);
  const { looksAliveInterval: looks, isAliveInterval: is } = resource;
  return {
    looksAlive: looks === never ? (type?.looksAliveInterval ?? never) : looks,
    isAlive: is === never ? (type?.isAliveInterval ?? never) : is,
  };
}

function textIn(cluster: Cluster, id: string, name: string): string {
  const key = findKey(cluster.state.registry, `Resources\\${id}\\Parameters`);
  const value = key === null ? undefined : valueOf(key, name);
  return (value === undefined ? null : textOf(value)) ?? "";
}

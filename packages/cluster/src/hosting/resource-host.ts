/** Hosts resources by the code of their types; those of types without code are nothing but their state. */
import { numberOf, type RegistryValue, textOf, textsOf } from "@msrpc/cluster-data";
import { RegistryType } from "@msrpc/ms-cmrp";
import type { Cluster } from "../core/cluster.ts";
import type { Effect } from "../core/effect.ts";
import { type Host, softwareHost } from "../core/host.ts";
import { lockResource } from "../core/online.ts";
import { hostFailed, wentOffline, wentOnline } from "../core/outcome.ts";
import type { Transaction } from "../core/transaction.ts";
import { never } from "../model/kinds.ts";
import type { Resource } from "../model/objects.ts";
import { sharedVariables } from "../property/environment.ts";
import { expand } from "../property/expand.ts";
import { schema } from "../property/schema.ts";
import { scopeOf } from "../property/scope.ts";
import { findKey, fold, valueOf } from "../registry/key.ts";
import { type Looks, watchHealth } from "./health.ts";
import { failureOf } from "./failure.ts";
import { boundedOutput, type BoundedOutput, type OutputStream } from "./output.ts";
import type { HostedResource, HostingType, Running } from "./plugin.ts";

export interface ResourceHost extends Host {
  /** Ends all that it hosts, for `patience` at most, and says nothing more to the cluster. */
  close(): Promise<void>;
}

export interface ResourceHostOptions {
  readonly types: readonly HostingType[];
  /** Hears why resources failed, and what went wrong when the cluster was told. */
  readonly onError?: (error: unknown, resource: string) => void;
  /** Hears what programs of resources print: lines of a thousand characters at most, a hundred of each resource in ten seconds. */
  readonly onOutput?: (line: string, from: OutputStream, resource: string) => void;
  /** Milliseconds that what is to end at once has for that, before whatever comes next goes on without it. Default: 10,000. */
  readonly patience?: number;
}

/** What is hosted for one resource. */
interface Slot {
  readonly controller: AbortController;
  /** Aborted when what was to end has not ended in time. */
  readonly givenUp: AbortController;
  running: Running | null;
  /** It was asked to go offline: that it ends is no failure. */
  isLeaving: boolean;
  stopWatching: () => void;
  readonly output: BoundedOutput;
  /** Settles when what was begun for the resource has ended. */
  work: Promise<void>;
}

type Outcome = typeof wentOnline;

export function resourceHost({
  types,
  onError,
  onOutput,
  patience = 10_000,
}: ResourceHostOptions): ResourceHost {
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

  const failed = (cluster: Cluster, { resource, attempt }: Effect, why: unknown): void => {
    if (isClosed) return;
    onError?.(why, resource);
    tell(cluster, resource, (tx) => hostFailed(tx, resource, attempt, failureOf(why)));
  };

  const start = async (
    type: HostingType,
    resource: Resource,
    effect: Effect,
    cluster: Cluster,
    slot: Slot,
  ): Promise<void> => {
    const { signal } = slot.controller;
    const { id, name } = resource;
    const fail = (why: unknown = "it said so"): void => {
      if (!signal.aborted && !slot.isLeaving) failed(cluster, effect, why);
    };
    try {
      const lock = (isLocked: boolean): void =>
        tell(cluster, id, (tx) => lockResource(tx, id, isLocked));
      const shown = { id, name, type: resource.type };
      const { parameters } = effect;
      const { line: printed } = slot.output;
      const { signal: givenUp } = slot.givenUp;
      const own = { resource: shown, parameters, fail, lock, printed, givenUp };
      const seen = { ...propertiesOf(cluster, resource), ...own };
      const running = await type.online(seen, signal);
      slot.running = running;
      if (signal.aborted) return;
      slot.stopWatching = watchHealth(running, () => looksAt(cluster, resource), fail);
      answer(cluster, effect, wentOnline);
    } catch (error) {
      fail(error);
    }
  };
  const stop = async (slot: Slot, effect: Effect, cluster: Cluster): Promise<void> => {
    try {
      await slot.running?.offline(effect.parameters);
      answer(cluster, effect, wentOffline);
    } catch (error) {
      failed(cluster, effect, error);
    }
    slot.output.end();
  };
  const terminate = (slot: Slot, id: string): void => {
    slot.controller.abort();
    slot.stopWatching();
    const end = async (): Promise<void> => {
      try {
        await slot.running?.terminate();
      } catch (error) {
        onError?.(error, id);
      }
    };
    // Also what comes of a start that is still at it.
    const ending = Promise.all([end(), slot.work.then(end)]);
    slot.work = inTime(ending, patience, slot.givenUp);
    slot.output.end();
  };
  /** Forgets what has ended, where nothing new has begun. */
  const forget = (slot: Slot, id: string): void => {
    slot.work = slot.work.then(() => {
      if (slots.get(id) === slot) slots.delete(id);
    });
  };

  const withProperties = types.flatMap(({ type, properties }) =>
    properties === undefined ? [] : [[fold(type), schema(...properties)] as const],
  );
  return {
    schemas: new Map(withProperties),
    perform(effect, cluster) {
      const { type, resource: id } = effect;
      const before = slots.get(id);
      const resource = cluster.state.resources.get(id);
      const hosting = byType.get(fold(resource?.type ?? ""));
      if (type === "online" && resource !== undefined && hosting !== undefined) {
        const slot = emptySlot((line, from) => onOutput?.(line, from, id));
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
        terminate(before, id);
        forget(before, id);
      }
    },
    async close() {
      isClosed = true;
      for (const [id, slot] of slots) terminate(slot, id);
      await Promise.all(Array.from(slots.values(), ({ work }) => work));
    },
  };
}

/** Waits so many milliseconds for what ends, and no longer. */
async function inTime(
  ending: Promise<unknown>,
  patience: number,
  givenUp: AbortController,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      givenUp.abort();
      resolve();
    }, patience);
  });
  await Promise.race([ending, late]);
  clearTimeout(timer);
}

function emptySlot(tell: (line: string, from: OutputStream) => void): Slot {
  return {
    output: boundedOutput(tell, () => performance.now()),
    controller: new AbortController(),
    givenUp: new AbortController(),
    running: null,
    isLeaving: false,
    stopWatching: () => undefined,
    work: Promise.resolve(),
  };
}

/** How to look at a resource; its type says where it doesn't itself. */
function looksAt({ state }: Cluster, resource: Resource): Looks {
  const type = state.resourceTypes.find(resource.type);
  const { looksAliveInterval: looks, isAliveInterval: is, maintenance } = resource;
  const key = findKey(state.registry, `Resources\\${resource.id}`);
  const deadlock = key === null ? undefined : valueOf(key, "DeadlockTimeout");
  return {
    looksAlive: looks === never ? (type?.looksAliveInterval ?? never) : looks,
    isAlive: is === never ? (type?.isAliveInterval ?? never) : is,
    deadlock: (deadlock === undefined ? null : numberOf(deadlock)) ?? defaultDeadlock,
    isMaintained: maintenance !== 0,
  };
}

/** Milliseconds: the default of the property DeadlockTimeout. */
const defaultDeadlock = 300_000;

/** What a type's code sees of the properties of a resource. */
function propertiesOf(
  { state }: Cluster,
  resource: Resource,
): Pick<HostedResource, "cluster" | "text" | "texts" | "number"> {
  const value = (name: string): RegistryValue | null => {
    const { key, inherited } = scopeOf(state, { kind: "resource", object: resource }, "private");
    return (key && valueOf(key, name)) ?? (inherited && valueOf(inherited, name)) ?? null;
  };
  return {
    cluster: state.name,
    text(name) {
      const found = value(name);
      const text = (found && textOf(found)) ?? "";
      return found?.type === RegistryType.ExpandSz
        ? expand(text, sharedVariables(process.env))
        : text;
    },
    texts(name) {
      const found = value(name);
      return (found && textsOf(found)) ?? [];
    },
    number(name) {
      const found = value(name);
      return (found && numberOf(found)) ?? 0;
    },
  };
}

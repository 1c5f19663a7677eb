/** Has the states of network interfaces follow what can be reached ([MS-CMRP] 3.1.4.2.94). */
import { Format } from "@msrpc/cluster-data";
import { NetInterfaceState } from "@msrpc/ms-cmrp";
import type { Cluster } from "../core/cluster.ts";
import { type FoundState, foundInterface } from "../core/networks.ts";
import type { NetInterface } from "../model/objects.ts";
import { currentValue, scopeOf } from "../property/scope.ts";
import { fold } from "../registry/key.ts";
import type { NetworkDefinition } from "../definition/definition.ts";
import { takeNetworks } from "./take-networks.ts";
import { type Probes, systemProbes } from "./probe.ts";

export interface NetworkWatchOptions {
  /** Default: by the system's interfaces and TCP. */
  readonly probes?: Probes;
  /** The networks that this machine is on. Default: nobody looks, and the cluster keeps those that it has. */
  readonly local?: () => readonly NetworkDefinition[];
  /** Hears when a state can't be kept. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Looks at each interface every SameSubnetDelay milliseconds. One of this node that its machine doesn't have has failed at
 * once; one that SameSubnetThreshold probes one after the other didn't reach is unreachable, and up again with the first
 * answer. Networks that this machine has come to be on are taken in. Gives back how to stop.
 */
export function watchNetworks(
  cluster: Cluster,
  { probes = systemProbes, local, onError }: NetworkWatchOptions = {},
): () => void {
  const missed = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const look = async (one: NetInterface, delay: number): Promise<void> => {
    const found = await stateOf(one, delay);
    if (isOver || found === null || found === one.state) return;
    try {
      cluster.run((tx) => foundInterface(tx, one, found));
    } catch (error) {
      onError?.(error);
    }
  };
  /** Null as long as it isn't known. */
  const stateOf = async (one: NetInterface, delay: number): Promise<FoundState | null> => {
    const { address, node, id } = one;
    if (node === cluster.state.localNode && !probes.isHere(address)) {
      return NetInterfaceState.Failed;
    }
    if (await probes.answers(address, delay)) {
      missed.delete(id);
      return NetInterfaceState.Up;
    }
    const count = (missed.get(id) ?? 0) + 1;
    missed.set(id, count);
    return count < setting(cluster, "SameSubnetThreshold") ? null : NetInterfaceState.Unreachable;
  };
  let before = "";
  const takeLocal = (): void => {
    const found = local?.() ?? [];
    const said = JSON.stringify(found);
    if (said === before) return;
    try {
      cluster.run((tx) => takeNetworks(tx, found));
      before = said;
    } catch (error) {
      onError?.(error);
    }
  };
  const round = async (): Promise<void> => {
    takeLocal();
    const delay = setting(cluster, "SameSubnetDelay");
    const all = Array.from(cluster.state.netInterfaces, (one) => look(one, delay));
    await Promise.all(all);
    if (!isOver) timer = setTimeout(() => void round(), delay).unref();
  };
  void round();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** A common property of the cluster that is a DWORD. */
function setting({ state }: Cluster, name: string): number {
  const scope = scopeOf(state, { kind: "cluster", object: state }, "common");
  const definition = scope.schema.get(fold(name));
  const value = definition && currentValue(scope, definition);
  return value?.format === Format.Dword ? value.number : 0;
}

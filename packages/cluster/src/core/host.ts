/** What resources stand for: programs, addresses, or nothing but a state. */
import type { ClusterState } from "../model/state.ts";
import type { Schema } from "../property/schema.ts";
import type { Cluster } from "./cluster.ts";
import type { Effect } from "./effect.ts";
import { wentOffline, wentOnline } from "./outcome.ts";

export interface Host {
  /** Private properties of the types that it has code of, by the folded name. Default: those that are known. */
  readonly schemas?: ReadonlyMap<string, Schema>;
  /** Sees to an effect, at once or in time, and answers with a command of `outcome.ts`. It must not throw. */
  perform(effect: Effect, cluster: Cluster): void;
}

/** Resources that are nothing but their state, so that whatever is asked of them is done at once. */
export const softwareHost: Host = {
  perform({ type, resource, attempt }, cluster) {
    if (type === "online") cluster.run((tx) => wentOnline(tx, resource, attempt));
    if (type === "offline") cluster.run((tx) => wentOffline(tx, resource, attempt));
  },
};

/** Has a state know the properties that a host's types have. */
export function addSchemas({ schemas }: ClusterState, host: Host): void {
  for (const [type, schema] of host.schemas ?? []) schemas.set(type, schema);
}

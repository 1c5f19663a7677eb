/** What resources stand for: programs, addresses, or nothing but a state. */
import type { Cluster } from "./cluster.ts";
import type { Effect } from "./effect.ts";
import { wentOffline, wentOnline } from "./outcome.ts";

export interface Host {
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

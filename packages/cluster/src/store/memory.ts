/** A store that lasts as long as the process, for tests and for clusters that are to be forgotten. */
import type { StateStore } from "../core/cluster.ts";
import { applyChange } from "../registry/apply.ts";
import { copyOf, newKey, type RegistryKey } from "../registry/key.ts";

/** What it gives to load is a copy: a cluster that is opened from it twice is two. */
export function memoryStore(): StateStore & Disposable {
  let root: RegistryKey | null = null;
  return {
    load: () => root && copyOf(root, null),
    commit(changes, now) {
      root ??= newKey(null, "", now);
      for (const change of changes) applyChange(root, change, now);
    },
    [Symbol.dispose]() {},
  };
}

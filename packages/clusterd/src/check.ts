/** Looks at the files of a cluster without serving it. */
import { existsSync } from "node:fs";
import { type ClusterState, defineCluster, readState } from "@msrpc/cluster";
import { definitionOf } from "./definition/chosen.ts";
import type { Options } from "./options.ts";
import { inMemory, openStore } from "./store.ts";

/**
 * What is in each of the files: a sentence each.
 *
 * @throws DefinitionFileError, StoreError for what is wrong with them; TypeError where there is none to look at
 */
export function checkFiles(options: Options): string[] {
  const { definition: file, store: kept } = options;
  const found: string[] = [];
  if (file !== null) {
    const surroundings = { now: () => 0, newId: () => crypto.randomUUID() };
    found.push(`${file}: ${contentOf(defineCluster(definitionOf(options), surroundings))}`);
  }
  if (kept !== inMemory) {
    // Looking doesn't make one.
    if (!existsSync(kept)) throw new Error(`there is no store ${kept}`);
    using store = openStore(kept);
    const registry = store.load();
    found.push(`${kept}: ${registry === null ? "empty" : contentOf(readState(registry))}`);
  }
  if (found.length === 0) throw new TypeError("--check looks at --definition and --store");
  return found;
}

function contentOf({ name, nodes, groups, resources }: ClusterState): string {
  return `${name}, ${nodes.size} nodes, ${groups.size} groups, ${resources.size} resources`;
}

/** Looks at the files of a cluster without serving it. */
import { type ClusterState, defineCluster, readState, resourceHost } from "@msrpc/cluster";
import { definitionOf } from "./definition/chosen.ts";
import { typesOf } from "./hosting.ts";
import type { Options } from "./options.ts";
import { openExisting } from "./store.ts";

/**
 * What is in each of the files: a sentence each.
 *
 * @throws DefinitionFileError, StoreError for what is wrong with them; TypeError where there is none to look at
 */
export async function checkFiles(options: Options): Promise<string[]> {
  const { definition: file, store: kept } = options;
  const found: string[] = [];
  if (file !== null) {
    const types = await typesOf(options);
    const surroundings = { now: () => 0, newId: () => crypto.randomUUID() };
    const host = resourceHost({ types });
    const state = defineCluster(definitionOf(options, types), surroundings, host);
    found.push(`${file}: ${contentOf(state)}`);
  }
  if (file === null || kept !== "memory:") {
    using store = openExisting(kept);
    const registry = store.load();
    found.push(`${kept}: ${registry === null ? "empty" : contentOf(readState(registry))}`);
  }
  return found;
}

function contentOf({ name, nodes, groups, resources }: ClusterState): string {
  return `${name}, nodes: ${nodes.size}, groups: ${groups.size}, resources: ${resources.size}`;
}

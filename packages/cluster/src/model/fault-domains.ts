/**
 * Where nodes stand. The document knows fault domains of availability sets alone ([MS-CMRP] 3.1.4.2.165); those of nodes are
 * a property of Windows, and what it holds is settled here: the places that a node is in, the widest first, as `Site:Paris` or
 * as a bare name. Its site, or else the widest place, is its fault domain; a node of which nothing is said is one by itself.
 */
import { textOf } from "@msrpc/cluster-data";
import { fold, valueOf } from "../registry/key.ts";
import type { Group, Node } from "./objects.ts";
import type { ClusterState } from "./state.ts";

const sitePrefix = fold("Site:");

/** The name of a node's fault domain, folded; null where nothing is said of it. */
export function siteOf({ places }: Node): string | null {
  const folded = places.map(fold);
  const site = folded.find((place) => place.startsWith(sitePrefix)) ?? folded[0];
  return site === undefined ? null : withoutPrefix(site);
}

/** Whether two nodes are in the same fault domain. */
export function shareDomain(a: Node, b: Node): boolean {
  const site = siteOf(a);
  return a === b || (site !== null && site === siteOf(b));
}

/**
 * The site that a group is to be in, folded: the one that it prefers, or else the cluster, or else the one where it is. Null for
 * any.
 */
export function homeOf({ registry, nodes }: ClusterState, group: Group): string | null {
  const ofCluster = valueOf(registry, "PreferredSite");
  const preferred =
    group.preferredSite || ((ofCluster === undefined ? null : textOf(ofCluster)) ?? "");
  if (preferred !== "") return withoutPrefix(fold(preferred));
  const owner = nodes.get(group.owner);
  return owner === undefined ? null : siteOf(owner);
}

function withoutPrefix(site: string): string {
  return site.startsWith(sitePrefix) ? site.slice(sitePrefix.length) : site;
}

/** The software that a cluster says it runs, and the versions of clusters that this works with ([MS-CMRP] 3.1.4.2.102). */

import { valueOf } from "../registry/key.ts";
import { type Field, number } from "./fields.ts";
import type { ClusterState } from "./state.ts";

/** Windows Server 2022. */
export const serverVersion = {
  majorVersion: 10,
  minorVersion: 0,
  buildNumber: 20_348,
  vendorId: "Microsoft(R) Cluster service",
  csdVersion: "",
};

/** Internal versions, by their major numbers: that of Windows Server 2022, and the oldest one that this works at. */
export const highestLevel = 11;
export const lowestLevel = 8;
const minor = 3;

/** Where the version is kept that the cluster works at; a cluster that nobody held back works at the highest. */
export const functionalLevel: Field<number> = number("ClusterFunctionalLevel", highestLevel);

/** The internal version that a cluster works at: its major number ([MS-CMRP] 3.1.1.12). */
export function levelOf({ registry }: Pick<ClusterState, "registry">): number {
  return functionalLevel.read(valueOf(registry, functionalLevel.value));
}

/** With the minor number in its lower half. */
export function versionAt(level: number): number {
  return ((level << 16) | minor) >>> 0;
}

/** CLUSTER_OPERATIONAL_VERSION_INFO. */
export function operationalVersion(state: Pick<ClusterState, "registry">): {
  readonly size: number;
  readonly clusterHighestVersion: number;
  readonly clusterLowestVersion: number;
  readonly flags: number;
  readonly reserved: number;
} {
  const version = versionAt(levelOf(state));
  return {
    size: 20,
    clusterHighestVersion: version,
    clusterLowestVersion: version,
    flags: 0,
    reserved: 0,
  };
}

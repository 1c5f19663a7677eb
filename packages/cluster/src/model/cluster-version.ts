/** The software that a cluster says it runs, and the versions of clusters that this works with ([MS-CMRP] 3.1.4.2.102). */

/** Windows Server 2022. */
export const serverVersion = {
  majorVersion: 10,
  minorVersion: 0,
  buildNumber: 20_348,
  vendorId: "Microsoft(R) Cluster service",
  csdVersion: "",
};

/** CLUSTER_OPERATIONAL_VERSION_INFO: internal version 11 as that of Windows Server 2022. */
export const operationalVersion = {
  size: 20,
  clusterHighestVersion: 0x000b_0003,
  clusterLowestVersion: 0x000b_0003,
  flags: 0,
  reserved: 0,
};

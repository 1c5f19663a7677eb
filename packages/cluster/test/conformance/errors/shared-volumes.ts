/** Errors of the methods that share the volumes of disks. */
import { ResourceState } from "@msrpc/ms-cmrp";
import type { Scene } from "../scene.ts";
import { type ErrorCase, inState, known } from "./case.ts";

/** The service needs the disk. */
function serviceNeedsDisk({ cluster }: Scene): void {
  const { resources } = cluster.state;
  const dependencies = [known(resources.find("Disk")).id];
  cluster.run((tx) => tx.configure("resource", known(resources.find("Service")), { dependencies }));
}

const sharing: ErrorCase["keys"] = ["changeCsvState", "changeCsvStateEx"];

export const sharedVolumeErrors: readonly ErrorCase[] = [
  {
    keys: sharing,
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ state: 2 }),
  },
  {
    keys: sharing,
    error: "ERROR_CLUSTER_INVALID_REQUEST",
    but: () => ({ state: 0 }),
  },
  {
    keys: sharing,
    error: "ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED",
    but: ({ address: resource }) => ({ resource }),
  },
  {
    keys: sharing,
    error: "ERROR_RESOURCE_NOT_ONLINE",
    given: inState("Volume", ResourceState.Offline),
  },
  {
    keys: ["changeCsvStateEx"],
    error: "ERROR_DEPENDENT_RESOURCE_EXISTS",
    given: serviceNeedsDisk,
    but: ({ disk: resource }) => ({ resource }),
  },
  {
    keys: ["changeCsvStateEx"],
    error: "ERROR_RESOURCE_NOT_IN_AVAILABLE_STORAGE",
    but: ({ disk: resource }) => ({ resource }),
  },
];

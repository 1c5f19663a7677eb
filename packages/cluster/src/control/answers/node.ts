/** Answers to the control codes of nodes ([MS-CMRP] 3.1.4.3.4). Their storage and caches aren't the cluster's. */
import { Format } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { givenProperties } from "../../property/check.ts";
import { fold } from "../../registry/key.ts";
import { type Answers, unsupported } from "../answer.ts";
import { identityAnswers } from "./identity.ts";
import { noProperties, propertyAnswers } from "./properties.ts";

/** What the result of a migration says, with the formats of it. */
const placement: readonly (readonly [name: string, format: number])[] = [
  ["CLUSREG_NAME_RES_VM_ID", Format.Sz],
  ["SCALEOUT_PLACEMENT_RESULT_VM_MIGRATION_RESULT", Format.Dword],
];

export const nodeAnswers: Answers<"node"> = {
  ...identityAnswers<"node">("NODE"),
  ...propertyAnswers<"node">("NODE"),
  NODE_GET_RO_PRIVATE_PROPERTIES: noProperties,
  NODE_SCALEOUTNODE_PLACEMENT_UPDATE({ input }) {
    const given = givenProperties(input);
    for (const [name, format] of placement) {
      const found = given.find((one) => fold(one.name) === name);
      if (found?.value?.format !== format) throw new RpcError(Status.ERROR_INVALID_DATA);
    }
    return null;
  },
  // Windows Server 2012 and later don't say it.
  NODE_GET_CLUSTER_SERVICE_ACCOUNT_NAME: unsupported,
  NODE_GET_CLUSBFLT_PATHS: unsupported,
  NODE_GET_CLUSBFLT_PATHINFO_EX: unsupported,
  NODE_STORAGE_GET_PHYSICAL_DISK_INFO_EX: unsupported,
  NODE_GET_SBL_DISK_STATE_EX: unsupported,
  NODE_GET_SBL_CACHE_CONFIG_EX: unsupported,
};

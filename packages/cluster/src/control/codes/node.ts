/** The control codes of nodes ([MS-CMRP] 3.1.4.3.4). */
import { type ControlCode, controlCodes } from "../code.ts";

export const nodeCodes: readonly ControlCode[] = controlCodes("node", [
  [0x0400_0000, "NODE_UNKNOWN", 2, "readOnly", "none"],
  [0x0400_0005, "NODE_GET_CHARACTERISTICS", 2, "readOnly", "out"],
  [0x0400_0009, "NODE_GET_FLAGS", 2, "readOnly", "out"],
  [0x0400_0029, "NODE_GET_NAME", 2, "readOnly", "out"],
  [0x0400_0039, "NODE_GET_ID", 2, "readOnly", "out"],
  [0x0400_0041, "NODE_GET_CLUSTER_SERVICE_ACCOUNT_NAME", 2, "readOnly", "out"],
  [0x0400_0051, "NODE_ENUM_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0400_0055, "NODE_GET_RO_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0400_0059, "NODE_GET_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0440_005e, "NODE_SET_COMMON_PROPERTIES", 2, "readWrite", "in"],
  [0x0400_0061, "NODE_VALIDATE_COMMON_PROPERTIES", 2, "readOnly", "in"],
  [0x0400_0079, "NODE_ENUM_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0400_007d, "NODE_GET_RO_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0400_0081, "NODE_GET_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0440_0086, "NODE_SET_PRIVATE_PROPERTIES", 2, "readWrite", "in"],
  [0x0400_0089, "NODE_VALIDATE_PRIVATE_PROPERTIES", 2, "readOnly", "in"],
  [0x0400_02fd, "NODE_GET_CLUSBFLT_PATHS", 3, "readOnly", "inOut"],
  [0x4000_21f1, "NODE_GET_CLUSBFLT_PATHINFO_EX", 3, "readOnly", "inOut"],
  [0x4000_21e9, "NODE_STORAGE_GET_PHYSICAL_DISK_INFO_EX", 3, "readOnly", "inOut"],
  [0x4000_21dd, "NODE_GET_SBL_DISK_STATE_EX", 3, "readOnly", "inOut"],
  [0x4000_21e1, "NODE_GET_SBL_CACHE_CONFIG_EX", 3, "readOnly", "inOut"],
  [0x4000_2d2d, "NODE_SCALEOUTNODE_PLACEMENT_UPDATE", 3, "readWrite", "in"],
]);

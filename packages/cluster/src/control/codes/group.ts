/** The control codes of groups ([MS-CMRP] 3.1.4.3.3). The last two have no value in the document:
 * theirs are those of group sets, for groups. */
import { type ControlCode, controlCodes } from "../code.ts";

export const groupCodes: readonly ControlCode[] = controlCodes("group", [
  [0x0300_0000, "GROUP_UNKNOWN", 2, "readOnly", "none"],
  [0x0300_0005, "GROUP_GET_CHARACTERISTICS", 2, "readOnly", "out"],
  [0x0300_0009, "GROUP_GET_FLAGS", 2, "readOnly", "out"],
  [0x0300_0029, "GROUP_GET_NAME", 2, "readOnly", "out"],
  [0x0300_0039, "GROUP_GET_ID", 2, "readOnly", "out"],
  [0x0300_0051, "GROUP_ENUM_COMMON_PROPERTIES", 2, "readWrite", "out"],
  [0x0300_0055, "GROUP_GET_RO_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0300_0059, "GROUP_GET_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0340_005e, "GROUP_SET_COMMON_PROPERTIES", 2, "readWrite", "in"],
  [0x0300_0061, "GROUP_VALIDATE_COMMON_PROPERTIES", 2, "readOnly", "in"],
  [0x0300_0065, "GROUP_GET_COMMON_PROPERTY_FMTS", 3, "readOnly", "out"],
  [0x0300_0079, "GROUP_ENUM_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0300_007d, "GROUP_GET_RO_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0300_0081, "GROUP_GET_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0340_0086, "GROUP_SET_PRIVATE_PROPERTIES", 2, "readWrite", "in"],
  [0x0300_0089, "GROUP_VALIDATE_PRIVATE_PROPERTIES", 2, "readOnly", "in"],
  [0x0300_2d5d, "GROUP_GET_STATE_CHANGE_TIME", 3, "readOnly", "inOut"],
  [
    0x0300_228d,
    "GROUP_CHECK_FOR_STABLE_ONLINE_OR_TERMINAL_FAILED",
    3,
    "readOnly",
    "inOut",
    ["ERROR_IO_PENDING", "ERROR_RESMON_ONLINE_FAILED"],
  ],
  [0x0340_2d86, "GROUP_SET_CCF_FROM_MASTER", 3, "readWrite", "in"],
  [0x0300_2d75, "GROUP_GET_PROVIDER_GROUPS", 3, "readOnly", "out"],
  [0x0300_2d79, "GROUP_GET_PROVIDER_GROUPSETS", 3, "readOnly", "out"],
]);

/** The control codes of group sets ([MS-CMRP] 3.1.4.3.8). */
import { type ControlCode, controlCodes } from "../code.ts";

export const groupSetCodes: readonly ControlCode[] = controlCodes("groupSet", [
  [0x0800_0059, "GROUPSET_GET_COMMON_PROPERTIES", 3, "readOnly", "out"],
  [0x0800_0055, "GROUPSET_GET_RO_COMMON_PROPERTIES", 3, "readOnly", "out"],
  [
    0x0840_005e,
    "GROUPSET_SET_COMMON_PROPERTIES",
    3,
    "readWrite",
    "in",
    ["ERROR_DEPENDENCY_TREE_TOO_COMPLEX"],
  ],
  [0x0800_2d71, "GROUPSET_GET_GROUPS", 3, "readOnly", "out"],
  [0x0800_2d75, "GROUPSET_GET_PROVIDER_GROUPS", 3, "readOnly", "out"],
  [0x0800_2d79, "GROUPSET_GET_PROVIDER_GROUPSETS", 3, "readOnly", "out"],
  [0x0800_0039, "GROUPSET_GET_ID", 3, "readOnly", "out"],
]);

/** The control codes of networks ([MS-CMRP] 3.1.4.3.5). */
import { type ControlCode, controlCodes } from "../code.ts";

export const networkCodes: readonly ControlCode[] = controlCodes("network", [
  [0x0500_0000, "NETWORK_UNKNOWN", 2, "readOnly", "none"],
  [0x0500_0005, "NETWORK_GET_CHARACTERISTICS", 2, "readOnly", "out"],
  [0x0500_0009, "NETWORK_GET_FLAGS", 2, "readOnly", "out"],
  [0x0500_0029, "NETWORK_GET_NAME", 2, "readOnly", "out"],
  [0x0500_0039, "NETWORK_GET_ID", 2, "readOnly", "out"],
  [0x0500_0051, "NETWORK_ENUM_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0500_0055, "NETWORK_GET_RO_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0500_0059, "NETWORK_GET_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0540_005e, "NETWORK_SET_COMMON_PROPERTIES", 2, "readWrite", "in"],
  [0x0500_0061, "NETWORK_VALIDATE_COMMON_PROPERTIES", 2, "readOnly", "in"],
  [0x0500_0079, "NETWORK_ENUM_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0500_007d, "NETWORK_GET_RO_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0500_0081, "NETWORK_GET_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0540_0086, "NETWORK_SET_PRIVATE_PROPERTIES", 2, "readWrite", "in"],
  [0x0500_0089, "NETWORK_VALIDATE_PRIVATE_PROPERTIES", 2, "readOnly", "in"],
]);

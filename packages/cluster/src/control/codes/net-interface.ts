/** The control codes of network interfaces ([MS-CMRP] 3.1.4.3.6). */
import { type ControlCode, controlCodes } from "../code.ts";

export const netInterfaceCodes: readonly ControlCode[] = controlCodes("netInterface", [
  [0x0600_0000, "NETINTERFACE_UNKNOWN", 2, "readOnly", "none"],
  [0x0600_0005, "NETINTERFACE_GET_CHARACTERISTICS", 2, "readOnly", "out"],
  [0x0600_0009, "NETINTERFACE_GET_FLAGS", 2, "readOnly", "out"],
  [0x0600_0029, "NETINTERFACE_GET_NAME", 2, "readOnly", "out"],
  [0x0600_0031, "NETINTERFACE_GET_NODE", 2, "readOnly", "out"],
  [0x0600_0035, "NETINTERFACE_GET_NETWORK", 2, "readOnly", "out"],
  [0x0600_0039, "NETINTERFACE_GET_ID", 2, "readOnly", "out"],
  [0x0600_0051, "NETINTERFACE_ENUM_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0600_0055, "NETINTERFACE_GET_RO_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0600_0059, "NETINTERFACE_GET_COMMON_PROPERTIES", 2, "readOnly", "out"],
  [0x0640_005e, "NETINTERFACE_SET_COMMON_PROPERTIES", 2, "readWrite", "in"],
  [0x0600_0061, "NETINTERFACE_VALIDATE_COMMON_PROPERTIES", 2, "readOnly", "in"],
  [0x0600_0079, "NETINTERFACE_ENUM_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0600_007d, "NETINTERFACE_GET_RO_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0600_0081, "NETINTERFACE_GET_PRIVATE_PROPERTIES", 2, "readOnly", "out"],
  [0x0640_0086, "NETINTERFACE_SET_PRIVATE_PROPERTIES", 2, "readWrite", "in"],
  [0x0600_0089, "NETINTERFACE_VALIDATE_PRIVATE_PROPERTIES", 2, "readOnly", "in"],
]);

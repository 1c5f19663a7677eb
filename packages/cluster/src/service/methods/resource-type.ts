/** Methods on resource types. */
import type { MethodRow } from "./row.ts";

export const resourceTypeRows: readonly MethodRow[] = [
  {
    opnum: 26,
    name: "ApiCreateResourceType",
    access: "all",
    state: "readWrite",
    errors: ["ERROR_ALREADY_EXISTS", "ERROR_OBJECT_ALREADY_EXISTS"],
  },
  {
    opnum: 27,
    name: "ApiDeleteResourceType",
    access: "all",
    state: "readWrite",
    errors: ["ERROR_DIR_NOT_EMPTY"],
  },
  { opnum: 74, name: "ApiNodeResourceTypeControl", access: "byCode", state: "byCode", errors: [] },
  {
    opnum: 75,
    name: "ApiResourceTypeControl",
    access: "byCode",
    state: "byCode",
    errors: [
      "ERROR_INVALID_FUNCTION",
      "ERROR_INVALID_DATA",
      "ERROR_INVALID_PARAMETER",
      "ERROR_MORE_DATA",
      "ERROR_FILE_SHARE_RESOURCE_CONFLICT",
    ],
    two: {
      errors: [
        "ERROR_INVALID_FUNCTION",
        "ERROR_INVALID_DATA",
        "ERROR_INVALID_PARAMETER",
        "ERROR_MORE_DATA",
      ],
    },
  },
  {
    opnum: 103,
    name: "ApiCreateResTypeEnum",
    access: "read",
    state: "readOnly",
    errors: ["ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND"],
  },
];

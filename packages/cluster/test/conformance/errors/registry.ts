/** Errors of methods on the registry and on notification ports. */
import { BatchCommandType, writeBatch } from "@msrpc/cluster-data";
import type { ErrorCase } from "./case.ts";

const garbage = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
const noData = { valueType: 0, data: new Uint8Array(0) };
const descriptor = {
  securityDescriptor: garbage,
  inSecurityDescriptorSize: garbage.length,
  outSecurityDescriptorSize: garbage.length,
};
const missing = () => ({ subKey: "nothing", valueName: "nothing" });
/** From the root, which no path is; and longer than a name may be. */
const wrong = () => ({ subKey: "\\a", valueName: "a".repeat(16_384) });

function batch(type: number, name: string) {
  return writeBatch([{ type: type as BatchCommandType, name, ...noData }]);
}

export const registryErrors: readonly ErrorCase[] = [
  {
    keys: ["createKey"],
    error: "ERROR_INVALID_SECURITY_DESCR",
    but: () => ({
      securityAttributes: { length: 24, rpcSecurityDescriptor: descriptor, inheritHandle: 0 },
    }),
  },
  {
    keys: ["createKey"],
    error: "ERROR_INVALID_PARAMETER",
    version: 2,
    but: () => ({ options: 1 }),
  },
  {
    keys: ["openKey", "deleteKey", "deleteValue", "queryValue"],
    error: "ERROR_FILE_NOT_FOUND",
    but: missing,
  },
  {
    keys: ["createKey", "openKey", "deleteKey", "setValue", "deleteValue", "queryValue"],
    error: "ERROR_INVALID_PARAMETER",
    but: wrong,
  },
  { keys: ["enumKey", "enumValue"], error: "ERROR_NO_MORE_ITEMS", but: () => ({ index: 99 }) },
  { keys: ["queryValue", "enumValue"], error: "ERROR_MORE_DATA", but: () => ({ dataSize: 1 }) },
  {
    keys: ["setKeySecurity"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ securityDescriptor: descriptor }),
  },
  {
    keys: ["getKeySecurity"],
    error: "ERROR_INSUFFICIENT_BUFFER",
    but: () => ({
      securityDescriptor: {
        securityDescriptor: new Uint8Array(0),
        inSecurityDescriptorSize: 0,
        outSecurityDescriptorSize: 0,
      },
    }),
  },
  {
    keys: ["executeBatch", "executeReadBatch", "executeReadBatchEx"],
    error: "ERROR_INVALID_DATA",
    but: () => ({ data: garbage, inData: garbage }),
  },
  {
    keys: ["executeBatch"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ data: batch(BatchCommandType.CreateKey, "\\a") }),
  },
  {
    keys: ["executeReadBatch", "executeReadBatchEx"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ inData: batch(BatchCommandType.CreateKey, "a") }),
  },
  ...(
    [
      ["ERROR_FILE_NOT_FOUND", BatchCommandType.ConditionExists, "nothing"],
      ["ERROR_ALREADY_EXISTS", BatchCommandType.ConditionNotExists, "value"],
      ["ERROR_ASSERTION_FAILURE", BatchCommandType.ConditionIsEqual, "value"],
    ] as const
  ).map(([error, type, name]): ErrorCase => ({
    keys: ["executeBatch"],
    error,
    but: () => ({ data: batch(type, name) }),
  })),
];

const filters: ErrorCase["keys"] = [
  "addNotifyCluster",
  "addNotifyNode",
  "addNotifyGroup",
  "addNotifyResource",
  "addNotifyKey",
  "addNotifyNetwork",
  "addNotifyNetInterface",
  "reAddNotifyNode",
  "reAddNotifyGroup",
  "reAddNotifyResource",
  "reAddNotifyNetwork",
  "reAddNotifyNetInterface",
];

export const notifyErrors: readonly ErrorCase[] = [
  { keys: filters, error: "ERROR_INVALID_PARAMETER", but: () => ({ filter: 0 }) },
  {
    keys: ["addNotifyV2", "addNotifyResourceTypeV2"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ version: 3 }),
  },
  {
    keys: ["addNotifyResourceTypeV2"],
    error: "ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND",
    but: () => ({ resTypeName: "nothing" }),
  },
  {
    keys: [...filters, "addNotifyV2", "addNotifyResourceTypeV2"],
    error: "ERROR_NOT_ENOUGH_QUOTA",
    options: { notifications: { maxFilters: 0 } },
  },
  {
    keys: ["addNotifyV2"],
    error: "ERROR_INVALID_HANDLE",
    but: ({ notify }) => ({ notify }),
  },
];

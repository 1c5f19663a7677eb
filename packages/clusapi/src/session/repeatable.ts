/** Which calls can be made again though they may have been served: those that find things as they left them. */
import type { Api } from "./kinds.ts";

/** Reading, opening and watching change nothing that lasts. */
const harmless =
  /^(?:get|open|close|query|enum|canResource|addNotify|reAddNotify|unblock|executeReadBatch|createNotify|createBatchPort|create\w*Enum)/;

/** The second time, the first has done it: a value is set, a group is on its node, a key is there. */
const settling: ReadonlySet<string> = new Set([
  "createKey",
  "setValue",
  "setKeySecurity",
  "setGroupNodeList",
  "setResourceDependencyExpression",
  "setGroupDependencyExpression",
  "setGroupSetDependencyExpression",
  "setQuorumResource",
  "onlineGroup",
  "onlineGroupEx",
  "onlineResource",
  "onlineResourceEx",
  "offlineGroup",
  "offlineGroupEx",
  "offlineResource",
  "offlineResourceEx",
  "moveGroupToNode",
  "moveGroupToNodeEx",
  "pauseNode",
  "setNetworkPriorityOrder",
]);

/** CLUSCTL_ACCESS_MODIFY: the code changes something. */
const modifies = 0x40_0000;
/** Codes that set properties, without their kind of object. */
const setProperties: ReadonlySet<number> = new Set([0x40_005e, 0x40_0086]);

/** A call that was made: its key in the descriptor, and what was asked. */
export interface MadeCall {
  readonly operation: string;
  readonly request: { readonly controlCode?: number };
}

export function isRepeatable({ operation, request }: MadeCall): boolean {
  if (harmless.test(operation) || settling.has(operation)) return true;
  const { controlCode } = request;
  if (controlCode === undefined) return false;
  return (controlCode & modifies) === 0 || setProperties.has(controlCode & 0xff_ffff);
}

/** The same operations, which tell of a call that fails. */
export function told(api: Api, onFailure: (call: MadeCall) => void): Api {
  return new Proxy(api, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key);
      if (typeof key !== "string" || typeof method !== "function") return method;
      return async (request: MadeCall["request"] = {}, ...rest: unknown[]): Promise<unknown> => {
        try {
          return await (method as (...args: unknown[]) => Promise<unknown>)(request, ...rest);
        } catch (error) {
          onFailure({ operation: key, request });
          throw error;
        }
      };
    },
  });
}

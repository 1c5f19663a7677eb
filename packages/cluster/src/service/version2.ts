/** Version 2.0 by the operations of 3.0, which do the same but for what stands here ([MS-CMRP] 3.1.4.1). */
import { clusapi2, ClusterSetPasswordFlags, NodeState, Status } from "@msrpc/ms-cmrp";
import {
  type AuthLevel,
  authLevels,
  type CallContext,
  type Handlers,
  RpcError,
  type ServerInterceptor,
} from "@msrpc/rpc";
import { setNetworkPriority } from "../core/network-priority.ts";
import type { Node } from "../model/objects.ts";
import { serverVersion } from "../model/cluster-version.ts";
import { type AccessPolicy, demandAccess } from "./opened.ts";
import { type Handlers3, invalidParameter, type Served } from "./served.ts";
import { strictHandlers } from "./version2-states.ts";

export type Handlers2 = Handlers<(typeof clusapi2)["operations"]>;

export interface Options2 {
  /** The least protection of calls that carry a password. */
  readonly passwordLevel: AuthLevel;
  /** Changes the password of the account that the service runs under, and gives a status. */
  readonly setServicePassword?: (password: string) => number;
}

export function handlers2(three: Handlers3, served: Served, options: Options2): Handlers2 {
  const { cluster } = served;
  const { state } = cluster;
  const { deleteGroup, setGroupNodeList, getNotify } = three;
  const same = Object.entries(strictHandlers(three, served)).filter(
    ([key]) => Object.hasOwn(clusapi2.operations, key) && !different.has(key),
  );
  return {
    ...(Object.fromEntries(same) as Handlers2),
    getClusterVersion: () => serverVersion,
    setNetworkPriorityOrder({ networkIdList }) {
      cluster.run((tx) => setNetworkPriority(tx, networkIdList));
    },
    backupClusterDatabase() {
      // A path of the client's is none that the server should write to.
      throw new RpcError(Status.ERROR_CALL_NOT_IMPLEMENTED);
    },
    setServiceAccountPassword({ newPassword, flags, maxStatuses }, { caller }) {
      if (authLevels[caller.level] < authLevels[options.passwordLevel]) {
        throw new RpcError(Status.ERROR_ACCESS_DENIED);
      }
      const active = [...state.nodes].filter(isActive);
      const mayMiss =
        (flags & ClusterSetPasswordFlags.IDL_CLUSTER_SET_PASSWORD_IGNORE_DOWN_NODES) !== 0;
      if (active.length < state.nodes.size && !mayMiss) {
        throw new RpcError(Status.ERROR_ALL_NODES_NOT_AVAILABLE);
      }
      if (maxStatuses !== 0 && maxStatuses < active.length) {
        const response = { neededStatuses: active.length };
        throw new RpcError(Status.ERROR_MORE_DATA, { response });
      }
      const set = options.setServicePassword;
      const returnStatus = set?.(newPassword) ?? Status.ERROR_CALL_NOT_IMPLEMENTED;
      const statuses = active.map(({ id }) => ({
        nodeId: Number(id),
        setAttempted: set === undefined ? 0 : 1,
        returnStatus,
      }));
      return {
        statuses: maxStatuses === 0 ? [] : statuses,
        neededStatuses: active.length,
      };
    },
    ...(deleteGroup && {
      deleteGroup: ({ group }, context) => deleteGroup({ group, force: 0 }, context),
    }),
    ...(setGroupNodeList && {
      setGroupNodeList: ({ group, nodeList }, context) =>
        setGroupNodeList({ group, nodeList: nodeList && textOf(nodeList) }, context),
    }),
    ...(getNotify && {
      async getNotify({ notify, timeout }, context) {
        if (timeout > longest) return await getNotify({ notify }, context);
        const ended = AbortSignal.timeout(timeout);
        try {
          return await getNotify({ notify }, endingWith(context, ended));
        } catch (error) {
          if (ended.aborted && !context.signal.aborted) throw new RpcError(Status.WAIT_TIMEOUT);
          throw error;
        }
      },
    }),
  };
}

/** Their requests differ, or version 3.0 answers them with one error and 2.0 does something. */
const different: ReadonlySet<string> = new Set([
  "getClusterVersion",
  "deleteGroup",
  "setGroupNodeList",
  "getNotify",
  "setNetworkPriorityOrder",
  "backupClusterDatabase",
  "setServiceAccountPassword",
]);

function isActive({ state }: Node): boolean {
  return state === NodeState.Up || state === NodeState.Paused;
}

/** Milliseconds that a timer can wait: almost 25 days. INFINITE is more. */
const longest = 0x7fff_ffff;

/** UTF-16, little-endian. @throws RpcError ERROR_INVALID_PARAMETER for half a character */
function textOf(octets: Uint8Array): string {
  if (octets.length % 2 !== 0) throw invalidParameter();
  return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(octets);
}

/** A call that is also given up with another signal. */
function endingWith(context: CallContext, ended: AbortSignal): CallContext {
  const { handles, caller, object, operation } = context;
  const signal = AbortSignal.any([context.signal, ended]);
  return { handles, caller, object, operation, interface: context.interface, signal };
}

/** Version 2.0 has one level of access. */
export function demandAll(policy: AccessPolicy): ServerInterceptor {
  return (next) => (call) => {
    demandAccess(policy, call.context.caller, "all");
    return next(call);
  };
}

/** By opnum, errors of version 3.0 and what 2.0 has in their place. */
const renamed: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  6: { [Status.ERROR_INVALID_STATE]: Status.ERROR_CLUSTER_INVALID_REQUEST },
  16: { [Status.ERROR_INVALID_STATE]: Status.ERROR_RESMON_INVALID_STATE },
  21: {
    [Status.ERROR_INVALID_PARAMETER]: Status.ERROR_DEPENDENCY_ALREADY_EXISTS,
    [Status.ERROR_CIRCULAR_DEPENDENCY]: Status.ERROR_DEPENDENCY_ALREADY_EXISTS,
  },
  43: { [Status.ERROR_CORE_RESOURCE]: Status.ERROR_DIR_NOT_EMPTY },
  84: { [Status.ERROR_ALREADY_EXISTS]: Status.ERROR_OBJECT_ALREADY_EXISTS },
};

export const errorsOf2: ServerInterceptor = (next) => async (call) => {
  try {
    return await next(call);
  } catch (error) {
    const other = error instanceof RpcError && renamed[call.operation.opnum]?.[error.status];
    throw other ? new RpcError(other) : error;
  }
};

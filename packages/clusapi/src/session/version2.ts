/** Version 2.0 of the interface in the shape of 3.0, so that one client serves both ([MS-CMRP] 3.1.4.1). */
import { utf16 } from "@msrpc/cluster-data";
import { clusapi2, Status } from "@msrpc/ms-cmrp";
import { Access, clusapi3 } from "@msrpc/ms-cmrp/clusapi3";
import { type Client, RpcError } from "@msrpc/rpc";
import type { Api } from "./kinds.ts";

export type Api2 = Client<(typeof clusapi2)["operations"]>;

/** INFINITE: an answer comes when there is something to tell. */
const forever = 0xffff_ffff;

/** Operations that 2.0 has in another form. It has one level of access, which is all there is. */
function translated(two: Api2): Partial<Api> {
  const all = Access.GenericAll;
  return {
    openClusterEx: async (_request, options) => ({
      grantedAccess: all,
      returnValue: await two.openCluster({}, options),
    }),
    openNodeEx: async ({ nodeName }, options) => ({
      grantedAccess: all,
      returnValue: await two.openNode({ nodeName }, options),
    }),
    openGroupEx: async ({ groupName }, options) => ({
      grantedAccess: all,
      returnValue: await two.openGroup({ groupName }, options),
    }),
    openResourceEx: async ({ resourceName }, options) => ({
      grantedAccess: all,
      returnValue: await two.openResource({ resourceName }, options),
    }),
    openNetworkEx: async ({ networkName }, options) => ({
      grantedAccess: all,
      returnValue: await two.openNetwork({ networkName }, options),
    }),
    openNetInterfaceEx: async ({ netInterfaceName }, options) => ({
      grantedAccess: all,
      returnValue: await two.openNetInterface({ netInterfaceName }, options),
    }),
    async deleteGroup({ group, force }, options) {
      if (force !== 0) throw missing("ApiDeleteGroup by force");
      await two.deleteGroup({ group }, options);
    },
    async setGroupNodeList({ group, nodeList }, options) {
      const octets = nodeList === null ? null : utf16(nodeList);
      await two.setGroupNodeList({ group, nodeList: octets }, options);
    },
    getNotify: async ({ notify }, options) =>
      await two.getNotify({ notify, timeout: forever }, options),
    async resumeNodeEx({ node, resumeFailbackType }, options) {
      if (resumeFailbackType !== 0) throw missing("ApiResumeNodeEx");
      await two.resumeNode({ node }, options);
    },
  };
}

/** The operations of 3.0 by those of 2.0; what that doesn't have is RPC_S_PROCNUM_OUT_OF_RANGE. */
export function apiOver2(two: Api2): Api {
  const different = translated(two);
  const methods = Object.entries(clusapi3.operations).map(([key, { name }]) => {
    const absent = (): Promise<never> => Promise.reject(missing(name));
    const same: unknown = Object.hasOwn(clusapi2.operations, key) ? Reflect.get(two, key) : absent;
    return [key, (Reflect.get(different, key) as unknown) ?? same] as const;
  });
  const close = async (): Promise<void> => await two[Symbol.asyncDispose]();
  // Every key of the descriptor is there, each with what it has in 3.0.
  const api: unknown = { ...Object.fromEntries(methods), [Symbol.asyncDispose]: close };
  return api as Api;
}

function missing(operation: string): RpcError {
  const statusName = "RPC_S_PROCNUM_OUT_OF_RANGE";
  return new RpcError(Status[statusName], { statusName, operation });
}

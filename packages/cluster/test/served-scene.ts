/** A scene behind the operations of MS-CMRP, with handles to what is in it. */
import {
  clusapi2,
  clusapi3,
  type GroupHandle,
  type NodeHandle,
  type ResourceHandle,
} from "@msrpc/ms-cmrp";
import { Access } from "@msrpc/ms-cmrp/clusapi3";
import { type Client, createClient, inMemoryTransport } from "@msrpc/rpc";
import { testedRouter } from "./conformance/tested-router.ts";
import type { Scene } from "./model-support.ts";
import { statusOf } from "./registry-support.ts";

export interface ServedScene {
  readonly client: Client<typeof clusapi3.operations>;
  readonly two: Client<typeof clusapi2.operations>;
  /** Handles, by default with all access. */
  resource(name: string, access?: "read"): Promise<ResourceHandle>;
  group(name: string, access?: "read"): Promise<GroupHandle>;
  node(name: string, access?: "read"): Promise<NodeHandle>;
}

export function serve({ cluster }: Scene, level: "read" | "all" = "all"): ServedScene {
  const transport = inMemoryTransport(testedRouter(cluster, { policy: () => level }));
  const client = createClient(clusapi3, transport);
  const rights = (access: "read" | undefined): number =>
    access === "read" ? Access.GenericRead : Access.GenericAll;
  return {
    client,
    two: createClient(clusapi2, transport),
    async resource(resourceName, access) {
      const desiredAccess = rights(access);
      return (await client.openResourceEx({ resourceName, desiredAccess })).returnValue;
    },
    async group(groupName, access) {
      const desiredAccess = rights(access);
      return (await client.openGroupEx({ groupName, desiredAccess })).returnValue;
    },
    async node(nodeName, access) {
      const desiredAccess = rights(access);
      return (await client.openNodeEx({ nodeName, desiredAccess })).returnValue;
    },
  };
}

/** The name of what an operation answers that may be under way when it does. */
export async function answerOf(call: Promise<unknown>): Promise<unknown> {
  const answer = await call.catch(() => null);
  const isUnderWay = (answer as { returnValue?: unknown } | null)?.returnValue === 997;
  return isUnderWay ? "ERROR_IO_PENDING" : statusOf(call);
}

/** Both versions of MS-CMRP on a router: the same operations, for callers that the policy lets in. */
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import { type AuthLevel, authLevels, type Router } from "@msrpc/rpc";
import type { Cluster } from "../core/cluster.ts";
import { type NotificationLimits, Notifications } from "../notify/notifications.ts";
import { handlers3 } from "./handlers.ts";
import { guardState, type ServerState } from "./methods/server-state.ts";
import type { Version } from "./methods/table.ts";
import type { AccessPolicy } from "./opened.ts";
import { securityPolicy } from "./policy.ts";
import { demandAll, errorsOf2, handlers2 } from "./version2.ts";

export interface ServeClusterOptions {
  /** What callers may do. Default: everything for administrators, nothing for others. */
  readonly policy?: AccessPolicy;
  /** Less than privacy is against the document ([MS-CMRP] 2.1), and for tests on loopback. Default: "privacy". */
  readonly minimumLevel?: AuthLevel;
  /**
   * Of version 2.0, which lets clients go down to "connect": then somebody on the path can call as the client does.
   * Default: "integrity", which it wants of clients, or `minimumLevel` where that is less.
   */
  readonly minimumLevel2?: AuthLevel;
  /** Default: both. */
  readonly versions?: readonly Version[];
  /** What the server takes at the moment. Default: everything, as an active node does. */
  readonly serverState?: () => ServerState;
  /** Changes the password of the account that the service runs under, and gives a status. Default: there is none to change. */
  readonly setServicePassword?: (password: string) => number;
  /** The notification ports, or the limits of new ones. */
  readonly notifications?: Notifications | Partial<NotificationLimits>;
}

export function serveCluster(
  router: Router,
  cluster: Cluster,
  {
    policy = securityPolicy(),
    minimumLevel = "privacy",
    minimumLevel2 = authLevels[minimumLevel] < authLevels.integrity ? minimumLevel : "integrity",
    versions = [3, 2],
    serverState = () => "readWrite",
    setServicePassword,
    notifications: given = {},
  }: ServeClusterOptions = {},
): Router {
  const served = { cluster, policy };
  const notifications = given instanceof Notifications ? given : new Notifications(cluster, given);
  const three = handlers3(served, notifications);
  if (versions.includes(3)) {
    router.serve(clusapi3, three, {
      minimumLevel,
      interceptors: [guardState(3, serverState)],
    });
  }
  if (versions.includes(2)) {
    const options2 = {
      passwordLevel: minimumLevel,
      ...(setServicePassword && { setServicePassword }),
    };
    router.serve(clusapi2, handlers2(three, served, options2), {
      minimumLevel: minimumLevel2,
      interceptors: [guardState(2, serverState), demandAll(policy), errorsOf2],
    });
  }
  return router;
}

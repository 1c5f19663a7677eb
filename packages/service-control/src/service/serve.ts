/** The Service Control Manager Remote Protocol as a service ([MS-SCMR] 3.1). */
import { type AccessToken, privilegedToken } from "@msrpc/auth";
import { Status, svcctl } from "@msrpc/ms-scmr";
import {
  type Caller,
  type Router,
  RpcError,
  type ServerInterceptor,
  type ServicePolicy,
} from "@msrpc/rpc";
import type { ServiceManager } from "../manager/manager.ts";
import { configMethods } from "./config-methods.ts";
import { enumMethods } from "./enum-methods.ts";
import { managerMethods } from "./manager-methods.ts";
import { notifyMethods } from "./notify-methods.ts";
import { kindsOf, type Served, type ServiceHandlers } from "./opened.ts";
import { serviceMethods } from "./service-methods.ts";

export interface ServiceControlPolicy extends ServicePolicy {
  /**
   * Who a caller is to the descriptors of the manager and of services. Default: its SIDs, with the privileges of administrators.
   * Accounts without SIDs are users that have logged on.
   */
  readonly token?: (caller: Caller) => AccessToken;
  /** Starts the machine anew with its last configuration. Default: there is none, which is ERROR_ALREADY_RUNNING_LKG. */
  readonly reboot?: (() => void) | null;
  /** Whether the machine is shutting down: calls are answered with ERROR_SHUTDOWN_IN_PROGRESS. Default: never. */
  readonly isShuttingDown?: () => boolean;
}

/** These have no such error ([MS-SCMR] 3.1.4). */
const always: ReadonlySet<string> = new Set([
  "RCloseServiceHandle",
  "RCloseNotifyHandle",
  "RUnlockServiceDatabase",
  "RSetServiceStatus",
]);

/** Serves a service control manager, and gives the router back. */
export function serveServiceControl(
  router: Router,
  manager: ServiceManager,
  options: ServiceControlPolicy = {},
): Router {
  const {
    token = ({ principal }) => privilegedToken(principal),
    reboot = null,
    isShuttingDown = () => false,
    ...policy
  } = options;
  const served: Served = { manager, token, reboot, ...kindsOf(manager) };
  const handlers: ServiceHandlers = {
    ...managerMethods(served),
    ...serviceMethods(served),
    ...configMethods(served),
    ...enumMethods(served),
    ...notifyMethods(served),
  };
  const unlessEnding: ServerInterceptor = (next) => (call) => {
    const isRefused = isShuttingDown() && !always.has(call.operation.name);
    if (isRefused) throw new RpcError(Status.ERROR_SHUTDOWN_IN_PROGRESS);
    return next(call);
  };
  const interceptors = [...(policy.interceptors ?? []), unlessEnding];
  return router.serve(svcctl, handlers, { ...policy, interceptors });
}

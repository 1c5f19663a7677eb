/** The Windows Remote Registry Protocol as a service ([MS-RRP] 3.1). */
import { type AccessToken, privilegedToken } from "@msrpc/auth";
import { Status, winreg } from "@msrpc/ms-rrp";
import {
  type Caller,
  type Router,
  RpcError,
  type ServerInterceptor,
  type ServicePolicy,
} from "@msrpc/rpc";
import { type HiveStore, memoryHives } from "../hives.ts";
import type { Registry } from "../registry.ts";
import { hiveMethods } from "./hive-methods.ts";
import { infoMethods } from "./info-methods.ts";
import { keyMethods } from "./key-methods.ts";
import { keyKind, type OpenedKey, type RegistryHandlers, type Served } from "./opened-key.ts";
import { valueMethods } from "./value-methods.ts";

export interface RegistryPolicy extends ServicePolicy {
  /**
   * Who a caller is to the descriptors of keys. Default: its SIDs, with the privileges of administrators and backup operators.
   * Accounts without SIDs are users that have logged on.
   */
  readonly token?: (caller: Caller) => AccessToken;
  /** Shows programs of 32 bits a view of their own, as on Windows of 64 bits. Default: true. */
  readonly wow64?: boolean;
  /** Paths that are the same in both views: `HKEY_LOCAL_MACHINE\SOFTWARE\Policies`. Default: none. */
  readonly shared?: readonly string[];
  /** Lets clients make keys directly below HKEY_LOCAL_MACHINE and HKEY_USERS, which Windows doesn't. Default: false. */
  readonly rootSubkeys?: boolean;
  /** Where keys are saved to and loaded from; null for nowhere. Default: names in memory. */
  readonly hives?: HiveStore | null;
  /** Whether the machine is shutting down: calls are answered with ERROR_WRITE_PROTECT. Default: never. */
  readonly isShuttingDown?: () => boolean;
}

/** These go on to the end ([MS-RRP] 3.1.5.12, 3.1.5.15, 3.1.5.28, 3.1.5.29). */
const always: ReadonlySet<string> = new Set([
  "BaseRegFlushKey",
  "BaseRegOpenKey",
  "OpenPerformanceText",
  "OpenPerformanceNlsText",
]);

/** Serves a registry, and gives the router back. */
export function serveRegistry(
  router: Router,
  registry: Registry,
  options: RegistryPolicy = {},
): Router {
  const {
    token = ({ principal }) => privilegedToken(principal),
    wow64 = true,
    shared = [],
    rootSubkeys = false,
    hives = memoryHives(),
    isShuttingDown = () => false,
    ...policy
  } = options;
  const opened = new Set<OpenedKey>();
  const kind = keyKind(opened);
  const loaded = new Map<string, string>();
  const served: Served = {
    registry,
    token,
    wow64,
    shared,
    rootSubkeys,
    hives,
    kind,
    opened,
    loaded,
  };
  const handlers: RegistryHandlers = {
    ...keyMethods(served),
    ...valueMethods(served),
    ...infoMethods(served),
    ...hiveMethods(served),
  };
  const unlessEnding: ServerInterceptor = (next) => (call) => {
    const isRefused = isShuttingDown() && !always.has(call.operation.name);
    if (isRefused) throw new RpcError(Status.ERROR_WRITE_PROTECT);
    return next(call);
  };
  const interceptors = [...(policy.interceptors ?? []), unlessEnding];
  return router.serve(winreg, handlers, { ...policy, interceptors });
}

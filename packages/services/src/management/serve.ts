/** The remote management interface as a service: what a server tells about itself. */
import { mgmt, Status } from "@msrpc/dce-rpc/mgmt";
import { type Caller, type Router, RpcError, RpcFault, type ServicePolicy } from "@msrpc/rpc";
import type { ServerStatistics } from "@msrpc/rpc/tcp";

/** What a server has to say about itself; `tcpServer` gives one. */
export interface ManagedServer {
  readonly isListening: boolean;
  readonly statistics: ServerStatistics;
  /** Ends it when the calls under way have been answered. */
  close(): Promise<void>;
}

/** `maxRequest` is 64 KiB by default. */
export interface ManagementPolicy extends ServicePolicy {
  /** Who may stop the server; others get ERROR_ACCESS_DENIED. Default: nobody. */
  readonly mayStop?: (caller: Caller) => boolean;
  /** The server's names, by authentication service (a value of `authTypes`). Default: none. */
  readonly principalNames?: Readonly<Record<number, string>>;
  /** Calls that the program has made itself, of which a server knows nothing. Default: 0. */
  readonly callsOut?: () => number;
}

/** RPC_X_BAD_STUB_DATA: not even an empty name fits. */
const badStubData = 0x6f7;

/** Octets: as many as a fragment has, though parameters take a few; clients may send some behind them. */
const maxRequest = 64 << 10;

/** Serves the management interface for a router's server, and gives the router back. */
export function serveManagement(
  router: Router,
  server: ManagedServer,
  options: ManagementPolicy = {},
): Router {
  const { mayStop = () => false, principalNames = {}, callsOut = () => 0, ...policy } = options;
  return router.serve(
    mgmt,
    {
      inqIfIds() {
        // Every server has this one, and none lists it.
        const others = router.interfaces.filter(({ uuid }) => uuid !== mgmt.uuid);
        if (others.length === 0) throw new RpcError(Status.RPC_S_NO_INTERFACES);
        const interfaces = others.map(({ uuid, version }) => ({ uuid, ...version }));
        return { interfaces: { interfaces } };
      },
      inqStats({ count }) {
        const { callsIn, packetsIn, packetsOut } = server.statistics;
        const all = [callsIn, callsOut(), packetsIn, packetsOut];
        return { statistics: all.slice(0, count).map((value) => value >>> 0) };
      },
      isServerListening: () => ({ returnValue: server.isListening ? 1 : 0 }),
      stopServerListening(_request, { caller }) {
        if (!mayStop(caller)) throw new RpcError(Status.ERROR_ACCESS_DENIED);
        // It waits for this call too. Its failures are its own to report.
        void server.close().catch(() => {});
      },
      inqPrincName({ authenticationService, maxSize }) {
        if (maxSize === 0) throw new RpcFault(badStubData);
        const isKnown = Object.hasOwn(principalNames, authenticationService);
        const principalName = isKnown ? principalNames[authenticationService] : undefined;
        if (principalName === undefined) throw new RpcError(Status.RPC_S_UNKNOWN_AUTHN_SERVICE);
        if (principalName.length >= maxSize) throw new RpcError(Status.ERROR_INSUFFICIENT_BUFFER);
        return { principalName };
      },
    },
    { maxRequest, ...policy },
  );
}

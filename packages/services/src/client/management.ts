/** Asking a server about itself, by the interface that every server has (mgmt). */
import {
  mgmt,
  RPC_C_STATS_CALLS_IN,
  RPC_C_STATS_CALLS_OUT,
  RPC_C_STATS_PKTS_IN,
  RPC_C_STATS_PKTS_OUT,
} from "@msrpc/dce-rpc/mgmt";
import type { InterfaceId } from "@msrpc/rpc";
import { connectService, type ServiceOptions, type ServiceTarget } from "./connect.ts";

/** Counts since the server began, each modulo 2^32. Some servers give zeros. */
export interface Statistics {
  /** Calls that the server received. */
  readonly callsIn: number;
  /** Calls that the server's program made itself. */
  readonly callsOut: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
}

/** Its methods throw RpcError, RpcFault and TransportError as clients do. */
export interface Management extends AsyncDisposable {
  /** Interfaces that the server offers; most servers leave this one out. */
  interfaces(): Promise<InterfaceId[]>;
  statistics(): Promise<Statistics>;
  isListening(): Promise<boolean>;
  /** Makes the server take no more calls. Throws RpcError ERROR_ACCESS_DENIED where the caller may not do that. */
  stopListening(): Promise<void>;
  /**
   * The server's name for an authentication service: a value of `authTypes`. Throws RpcError
   * RPC_S_UNKNOWN_AUTHN_SERVICE where it has none.
   */
  principalName(authenticationService: number): Promise<string>;
}

/** The most that [MS-RPCE] 2.2.1.3.4 lets be asked for. */
const longestName = 4096;
const statisticsCount = 4;

/** A client of a server's management interface: `await using server = connectManagement("ncacn_ip_tcp:host[4242]")`. */
export function connectManagement(target: ServiceTarget, options: ServiceOptions = {}): Management {
  const service = connectService(mgmt, target, options);
  const { client } = service;
  return {
    async interfaces() {
      const { interfaces } = await client.inqIfIds({}, options);
      const listed = interfaces?.interfaces.filter((id) => id !== null) ?? [];
      return listed.map(({ uuid, major, minor }) => ({ uuid, version: { major, minor } }));
    },
    async statistics() {
      const { statistics } = await client.inqStats({ count: statisticsCount }, options);
      return {
        callsIn: statistics[RPC_C_STATS_CALLS_IN] ?? 0,
        callsOut: statistics[RPC_C_STATS_CALLS_OUT] ?? 0,
        packetsIn: statistics[RPC_C_STATS_PKTS_IN] ?? 0,
        packetsOut: statistics[RPC_C_STATS_PKTS_OUT] ?? 0,
      };
    },
    async isListening() {
      return (await client.isServerListening({}, options)).returnValue !== 0;
    },
    stopListening: () => client.stopServerListening({}, options),
    async principalName(authenticationService) {
      const request = { authenticationService, maxSize: longestName };
      return (await client.inqPrincName(request, options)).principalName;
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

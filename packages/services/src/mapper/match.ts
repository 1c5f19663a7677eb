/** Which entries of an endpoint map answer a question ([C706] O, [MS-RPCE] 2.2.1.2.4 and 2.2.1.2.5). */
import {
  type LookupRequest,
  RPC_C_EP_MATCH_BY_BOTH,
  RPC_C_EP_MATCH_BY_IF,
  RPC_C_EP_MATCH_BY_OBJ,
  Status,
} from "@msrpc/dce-rpc/epm";
import { nilUuid } from "@msrpc/ndr";
import { RpcError } from "@msrpc/rpc";
import { floorId } from "../tower/floor.ts";
import type { ProtocolTower } from "../tower/tower.ts";
import { matchesVersion, versionOptionOf } from "../versions.ts";
import type { StoredEntry } from "./endpoint-map.ts";
import { isAnyAddress } from "./reached.ts";

/** How well an entry fits, best first from 0; null where it doesn't. */
export type Ranking = (entry: StoredEntry) => number | null;

/**
 * The entries that ept_lookup asks for, in the order of the map. An unknown inquiry type asks for all, as with
 * Windows.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER, RPC_S_INVALID_VERS_OPTION
 */
export function rankForLookup(request: LookupRequest): Ranking {
  const { inquiryType, object, interfaceId, versionOption } = request;
  const byInterface = inquiryType === RPC_C_EP_MATCH_BY_IF;
  const byObject = inquiryType === RPC_C_EP_MATCH_BY_OBJ;
  const byBoth = inquiryType === RPC_C_EP_MATCH_BY_BOTH;
  if ((byObject || byBoth) && object === null) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  if (!byInterface && !byBoth) {
    return (entry) => (byObject && entry.object !== object ? null : 0);
  }
  if (interfaceId === null) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  const versions = versionOptionOf(versionOption);
  if (versions === null) throw new RpcError(Status.RPC_S_INVALID_VERS_OPTION);
  return ({ object: own, tower }) => {
    const { uuid, version } = tower.interface;
    const isInterface = uuid === interfaceId.uuid && matchesVersion(version, versions, interfaceId);
    return isInterface && (!byBoth || own === object) ? 0 : null;
  };
}

/**
 * The entries that ept_map completes a tower with: compatible version, same protocols. Those for the object come
 * before those for any, and those at the address that the client reached before those at others.
 */
export function rankForMap(asked: ProtocolTower, object: string, reached: string): Ranking {
  const { uuid, version } = asked.interface;
  const syntax = asked.transferSyntax;
  const [rpc, port] = asked.floors.map(floorId);
  return ({ object: own, tower, host }) => {
    const offered = tower.interface;
    const isInterface =
      offered.uuid === uuid && matchesVersion(offered.version, "compatible", version);
    const isSyntax =
      tower.transferSyntax.uuid === syntax.uuid &&
      tower.transferSyntax.version.major === syntax.version.major;
    const [ownRpc, ownPort] = tower.floors.map(floorId);
    const isProtocol = ownRpc === rpc && (port === undefined || ownPort === port);
    if (!isInterface || !isSyntax || !isProtocol) return null;
    if (own !== object && own !== nilUuid) return null;
    const isHere = isAnyAddress(host) || host === reached;
    return (own === object ? 0 : 2) + (isHere ? 0 : 1);
  };
}

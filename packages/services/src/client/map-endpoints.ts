/** Asking an endpoint mapper where an interface is (ept_map). */
import { epm, type LookupHandle, Status } from "@msrpc/dce-rpc/epm";
import { type Client, type InterfaceId, RpcError } from "@msrpc/rpc";
import { decodeTower, encodeTower } from "../tower/tower.ts";
import { type Endpoint, endpointOf, towerOf, type TowerProtocol } from "../tower/endpoint.ts";
import { connectService, type ServiceOptions, type ServiceTarget } from "./connect.ts";
import { freeSearch } from "./free-search.ts";

export interface MapQuery {
  readonly interface: InterfaceId;
  /** Default: "ncacn_ip_tcp". */
  readonly protocol?: TowerProtocol;
  /** Object UUID of the binding. Default: none. */
  readonly object?: string | null;
}

/** Towers that are asked for in one call, and after which nobody needs more. */
const towersPerCall = 16;
const enough = 64;

/**
 * Where an interface is, the mapper's first choice first, without repetition. The mapper is the one at port 135 of
 * the binding's host, unless the binding names another port.
 *
 * @throws RpcError EPT_S_NOT_REGISTERED where the mapper doesn't know the interface; or as another status says
 * @throws RpcFault, TransportError, TowerError for answers that are none
 */
export async function mapEndpoints(
  target: ServiceTarget,
  query: MapQuery,
  options: ServiceOptions = {},
): Promise<Endpoint[]> {
  await using service = connectService(epm, target, options);
  return await mapWith(service.client, query, options);
}

async function mapWith(
  client: Client<(typeof epm)["operations"]>,
  { interface: wanted, protocol = "ncacn_ip_tcp", object = null }: MapQuery,
  options: ServiceOptions,
): Promise<Endpoint[]> {
  const tower = { octets: encodeTower(towerOf(wanted, { protocol, host: "", endpoint: "" })) };
  const found = new Map<string, Endpoint>();
  let entryHandle: LookupHandle | null = null;
  let seen = 0;
  try {
    do {
      const request = { object, tower, entryHandle, maxTowers: towersPerCall };
      const answer: Awaited<ReturnType<typeof client.map>> = await client.map(request, options);
      ({ entryHandle } = answer);
      if (answer.towers.length === 0) break;
      seen += answer.towers.length;
      for (const one of answer.towers) {
        const endpoint = one === null ? null : endpointOf(decodeTower(one.octets));
        if (endpoint?.protocol !== protocol || endpoint.endpoint === "") continue;
        const key = `${endpoint.host}[${endpoint.endpoint}]`;
        if (!found.has(key)) found.set(key, endpoint);
      }
    } while (entryHandle !== null && seen < enough);
  } finally {
    await freeSearch(client, entryHandle);
  }
  if (found.size === 0) throw notRegistered(wanted, protocol);
  return [...found.values()];
}

function notRegistered({ uuid, version }: InterfaceId, protocol: string): RpcError {
  return new RpcError(Status.EPT_S_NOT_REGISTERED, {
    statusName: "EPT_S_NOT_REGISTERED",
    operation: epm.operations.map.name,
    detail: `no ${protocol} endpoint of ${uuid} ${version.major}.${version.minor}`,
  });
}

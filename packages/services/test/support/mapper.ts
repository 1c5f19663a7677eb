/** A mapper with its map, and the generated client of it. */
import { type Entry, epm } from "@msrpc/dce-rpc/epm";
import { mgmt } from "@msrpc/dce-rpc/mgmt";
import { nilUuid } from "@msrpc/ndr";
import {
  type Client,
  createClient,
  createRouter,
  inMemoryTransport,
  type InMemoryOptions,
  type InterfaceId,
  type Router,
  type Transport,
} from "@msrpc/rpc";
import {
  decodeTower,
  encodeTower,
  EndpointMap,
  type EndpointMapperPolicy,
  endpointOf,
  formatEndpoint,
  parseEndpoint,
  serveEndpointMapper,
  towerOf,
} from "@msrpc/services";

export { mgmt };

export const other: InterfaceId = {
  uuid: "12345678-1234-abcd-ef00-0123456789ab",
  version: { major: 1, minor: 3 },
};
export const objects = [
  "11111111-1111-4111-8111-111111111111",
  "22222222-2222-4222-8222-222222222222",
] as const;

export interface Mapper {
  readonly map: EndpointMap;
  readonly router: Router;
  readonly transport: Transport;
  readonly client: Client<(typeof epm)["operations"]>;
  /** What the server failed at by itself. */
  readonly errors: unknown[];
}

export function setUp(policy: EndpointMapperPolicy = {}, options: InMemoryOptions = {}): Mapper {
  const errors: unknown[] = [];
  const router = createRouter({ onError: (error) => errors.push(error) });
  const map = new EndpointMap();
  serveEndpointMapper(router, map, policy);
  const transport = inMemoryTransport(router, options);
  return { map, router, transport, client: createClient(epm, transport), errors };
}

export function towerFor(target: InterfaceId, binding: string): { octets: Uint8Array } {
  return { octets: encodeTower(towerOf(target, parseEndpoint(binding))) };
}

export function entryFor(
  target: InterfaceId,
  binding: string,
  object: string = nilUuid,
  annotation = "",
): Entry {
  return { object, tower: towerFor(target, binding), annotation };
}

/** Towers as string bindings. */
export function bindingsOf(towers: readonly ({ readonly octets: Uint8Array } | null)[]): string[] {
  return towers.map((tower) => {
    const endpoint = tower === null ? null : endpointOf(decodeTower(tower.octets));
    return endpoint === null ? "" : formatEndpoint(endpoint);
  });
}

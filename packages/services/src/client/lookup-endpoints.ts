/** Listing what an endpoint mapper has (ept_lookup). */
import {
  epm,
  type Entry,
  type LookupHandle,
  RPC_C_EP_ALL_ELTS,
  RPC_C_EP_MATCH_BY_BOTH,
  RPC_C_EP_MATCH_BY_IF,
  RPC_C_EP_MATCH_BY_OBJ,
} from "@msrpc/dce-rpc/epm";
import { nilUuid } from "@msrpc/ndr";
import type { InterfaceId } from "@msrpc/rpc";
import { type Endpoint, endpointOf } from "../tower/endpoint.ts";
import { decodeTower, type ProtocolTower } from "../tower/tower.ts";
import { TowerError } from "../tower/tower-error.ts";
import { matchesVersion, type VersionOption, versionOptions } from "../versions.ts";
import { connectService, type ServiceOptions, type ServiceTarget } from "./connect.ts";
import { freeSearch } from "./free-search.ts";

/** Default: everything. */
export interface LookupFilter {
  readonly interface?: InterfaceId;
  /** Which versions of the interface. Default: "all". */
  readonly versions?: VersionOption;
  /** Only what was registered for this object UUID. */
  readonly object?: string;
}

export interface LookupOptions extends ServiceOptions {
  /** Entries asked for in one call, 1 to 500. Default: 500. */
  readonly entriesPerCall?: number;
}

export interface EndpointEntry {
  /** Null where the octets are no tower: `decodeTower` says why. */
  readonly tower: ProtocolTower | null;
  readonly octets: Uint8Array;
  /** Where the tower leads; null for protocols that are not known here. */
  readonly endpoint: Endpoint | null;
  /** Object UUID it is for; null for any. */
  readonly object: string | null;
  readonly annotation: string;
}

/**
 * The mapper's entries, a part at a time as they are asked for. The mapper is the one at port 135 of the binding's
 * host, unless the binding names another port. However the loop is left, the mapper's handle is freed.
 *
 * Some mappers give more than was asked for, so what they give is looked through once more. Samba's, which counts
 * version options from 0, may give less.
 *
 * @throws RpcError, RpcFault, TransportError; RangeError for entriesPerCall
 */
export async function* lookupEndpoints(
  target: ServiceTarget,
  filter: LookupFilter = {},
  options: LookupOptions = {},
): AsyncGenerator<EndpointEntry, void, undefined> {
  const { entriesPerCall: maxEntries = 500 } = options;
  if (!Number.isInteger(maxEntries) || maxEntries < 1 || maxEntries > 500) {
    throw new RangeError(`entriesPerCall ${maxEntries} is not between 1 and 500`);
  }
  await using service = connectService(epm, target, options);
  const { client } = service;
  const inquiry = inquiryOf(filter);
  let entryHandle: LookupHandle | null = null;
  try {
    do {
      const request = { ...inquiry, entryHandle, maxEntries };
      const answer: Awaited<ReturnType<typeof client.lookup>> = await client.lookup(
        request,
        options,
      );
      ({ entryHandle } = answer);
      // A mapper that gives nothing would give it for ever.
      if (answer.entries.length === 0) break;
      for (const one of answer.entries) {
        const entry = readEntry(one);
        if (isWanted(entry, filter)) yield entry;
      }
    } while (entryHandle !== null);
  } finally {
    await freeSearch(client, entryHandle);
  }
}

function inquiryOf({ interface: wanted, versions = "all", object }: LookupFilter): {
  inquiryType: number;
  object: string | null;
  interfaceId: { uuid: string; major: number; minor: number } | null;
  versionOption: number;
} {
  const byInterface = object === undefined ? RPC_C_EP_MATCH_BY_IF : RPC_C_EP_MATCH_BY_BOTH;
  const without = object === undefined ? RPC_C_EP_ALL_ELTS : RPC_C_EP_MATCH_BY_OBJ;
  return {
    inquiryType: wanted === undefined ? without : byInterface,
    object: object ?? null,
    interfaceId: wanted === undefined ? null : { uuid: wanted.uuid, ...wanted.version },
    versionOption: versionOptions[versions],
  };
}

function readEntry({ object, tower: wire, annotation }: Entry): EndpointEntry {
  const octets = wire?.octets ?? new Uint8Array(0);
  const tower = towerFrom(octets);
  const endpoint = tower === null ? null : endpointOf(tower);
  return { tower, octets, endpoint, object: object === nilUuid ? null : object, annotation };
}

function towerFrom(octets: Uint8Array): ProtocolTower | null {
  try {
    return decodeTower(octets);
  } catch (error) {
    if (error instanceof TowerError) return null;
    throw error;
  }
}

function isWanted(entry: EndpointEntry, filter: LookupFilter): boolean {
  const { interface: wanted, versions = "all", object } = filter;
  if (object !== undefined && (entry.object ?? nilUuid) !== object.toLowerCase()) return false;
  if (wanted === undefined) return true;
  const found = entry.tower?.interface;
  return found?.uuid === wanted.uuid && matchesVersion(found.version, versions, wanted.version);
}

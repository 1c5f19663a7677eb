/** The endpoint mapper as a service: every operation of epm over an endpoint map. */
import { type Entry, epm, type LookupHandle, Status, type Tower } from "@msrpc/dce-rpc/epm";
import { nilUuid } from "@msrpc/ndr";
import {
  type CallContext,
  type Caller,
  handleKind,
  type HandleTable,
  type Router,
  RpcError,
  RpcFault,
  type ServicePolicy,
} from "@msrpc/rpc";
import { decodeTower, encodeTower, type ProtocolTower } from "../tower/tower.ts";
import { TowerError } from "../tower/tower-error.ts";
import type { EndpointMap, StoredEntry } from "./endpoint-map.ts";
import type { MapEntry } from "./entries.ts";
import { type Ranking, rankForLookup, rankForMap } from "./match.ts";
import { towerForClient, towersMeant } from "./reached.ts";
import { Search } from "./search.ts";

/** `maxRequest` is 64 KiB by default. */
export interface EndpointMapperPolicy extends ServicePolicy {
  /**
   * Who may insert and delete entries; others get EPT_S_CANT_PERFORM_OP. Default: callers that came over no network
   * ([MS-RPCE] 3.3.3.3.1.4).
   */
  readonly mayChange?: (caller: Caller) => boolean;
  /** Entries that callers may fill the map up to. Default: 10,000. */
  readonly maxEntries?: number;
  /** Handles that one client may have open; further ones get EPT_S_CANT_PERFORM_OP. Default: 1,000. */
  readonly maxHandles?: number;
}

/** Octets: several hundred entries to insert. */
const maxRequest = 64 << 10;

const searches = handleKind<LookupHandle, Search>("lookup");

/** Serves the endpoint mapper's interface, and gives the router back. */
export function serveEndpointMapper(
  router: Router,
  map: EndpointMap,
  options: EndpointMapperPolicy = {},
): Router {
  const { maxEntries = 10_000, maxHandles = 1000, mayChange = isLocal, ...policy } = options;
  /** UUID of the map itself. */
  const object = crypto.randomUUID();

  const demandChange = ({ caller }: CallContext): void => {
    if (!mayChange(caller)) throw new RpcError(Status.EPT_S_CANT_PERFORM_OP);
  };

  /** The search that a call goes on with, or a new one. */
  const searchOf = (
    operation: Search["operation"],
    handle: LookupHandle | null,
    handles: HandleTable,
    begin: () => Ranking,
  ): Search => {
    if (handle === null) {
      if (handles.size >= maxHandles) throw new RpcError(Status.EPT_S_CANT_PERFORM_OP);
      return new Search(operation, map, begin());
    }
    const search = handles.get(searches, handle);
    if (search.operation !== operation) throw RpcFault.contextMismatch();
    return search;
  };

  /** The handle to give back: none where nothing is to come. */
  const handleFor = (
    search: Search,
    handle: LookupHandle | null,
    handles: HandleTable,
    isOver: boolean,
  ): LookupHandle | null => {
    if (!isOver) return handle ?? handles.open(searches, search);
    if (handle !== null) handles.close(searches, handle);
    return null;
  };

  return router.serve(
    epm,
    {
      insert({ entries, replace }, context) {
        demandChange(context);
        const added = entries.map(entryOf);
        const fresh = added.filter(({ object: own, tower }) => map.get(own, tower) === undefined);
        if (map.size + fresh.length > maxEntries) throw new RpcError(Status.EPT_S_CANT_PERFORM_OP);
        map.insert(added, replace !== 0);
      },
      delete_({ entries }, context) {
        demandChange(context);
        const removed = entries.map(entryOf).flatMap(({ object: only, tower }) => {
          const towers = towersMeant(tower, context.caller.reached);
          const meant = towers.flatMap((one) => map.get(only, one) ?? []);
          // All or none.
          if (meant.length === 0) throw notRegistered();
          return meant;
        });
        for (const entry of removed) map.delete(entry);
      },
      lookup(request, { handles, caller }) {
        const { entryHandle, maxEntries: count } = request;
        const search = searchOf("lookup", entryHandle, handles, () => rankForLookup(request));
        const found = search.take(count).entries;
        // A full page may have been the last one: the next call finds that out, as in the reference implementation.
        const handle = handleFor(search, entryHandle, handles, found.length < count || count === 0);
        const entries = found.map((entry) => ({
          object: entry.object,
          tower: wireTower(entry, caller),
          annotation: entry.annotation,
        }));
        return { entryHandle: handle, entries, status: statusOf(found) };
      },
      map(request, { handles, caller }) {
        const { entryHandle, tower, maxTowers } = request;
        if (tower === null) return { entryHandle: null, towers: [], status: statusOf([]) };
        const search = searchOf("map", entryHandle, handles, () =>
          rankForMap(towerFrom(tower), request.object ?? nilUuid, caller.reached),
        );
        const { entries, more } = search.take(maxTowers);
        // Most clients ask for one tower and never free a handle, so none is left open without need.
        const isOver = !more || entries.length === 0;
        const handle = handleFor(search, entryHandle, handles, isOver);
        const towers = entries.map((entry) => wireTower(entry, caller));
        return { entryHandle: handle, towers, status: statusOf(entries) };
      },
      lookupHandleFree({ entryHandle }, { handles }) {
        if (entryHandle !== null) handles.close(searches, entryHandle);
        return { entryHandle: null };
      },
      inqObject: () => ({ object }),
      mgmtDelete({ hasObject, object: only, tower }, context) {
        demandChange(context);
        if (tower === null) throw new RpcError(Status.EPT_S_INVALID_ENTRY);
        const towers = towersMeant(towerFrom(tower), context.caller.reached);
        const wanted = new Set(towers.map((one) => encodeTower(one).join()));
        const meant = [...map.entries()].filter(
          (entry) =>
            (hasObject === 0 || entry.object === (only ?? nilUuid)) &&
            wanted.has(entry.octets.join()),
        );
        if (meant.length === 0) throw notRegistered();
        for (const entry of meant) map.delete(entry);
      },
    },
    { maxRequest, ...policy },
  );
}

function isLocal({ transport }: Caller): boolean {
  return transport !== "tcp";
}

function notRegistered(): RpcError {
  return new RpcError(Status.ept_s_not_registered);
}

/** [MS-RPCE] 2.2.1.2.4: 0 where there is at least one element. */
function statusOf(found: readonly StoredEntry[]): number {
  return found.length > 0 ? 0 : Status.ept_s_not_registered;
}

function entryOf({ object, tower, annotation }: Entry): MapEntry {
  if (tower === null) throw new RpcError(Status.EPT_S_INVALID_ENTRY);
  return { object, tower: towerFrom(tower), annotation };
}

function towerFrom({ octets }: Tower): ProtocolTower {
  try {
    return decodeTower(octets);
  } catch (error) {
    if (!(error instanceof TowerError)) throw error;
    throw new RpcError(Status.EPT_S_INVALID_ENTRY, { cause: error });
  }
}

function wireTower(entry: StoredEntry, { reached }: Caller): Tower {
  const tower = towerForClient(entry, reached);
  return { octets: tower === entry.tower ? entry.octets : encodeTower(tower) };
}

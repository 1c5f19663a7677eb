/** What an endpoint mapper knows: which interface, for which objects, is reached where. */
import type { InterfaceId } from "@msrpc/rpc";
import { endpointOf } from "../tower/endpoint.ts";
import { floorId } from "../tower/floor.ts";
import { encodeTower, type ProtocolTower } from "../tower/tower.ts";
import { entriesFor, type MapEntry, type RegisterOptions } from "./entries.ts";

/** An entry as the map keeps it. */
export interface StoredEntry extends MapEntry {
  /** Counts up with each entry. */
  readonly id: number;
  /** The tower. */
  readonly octets: Uint8Array;
  /** As it was registered: the tower has no room for IPv6 addresses. Empty for any address of the machine. */
  readonly host: string;
}

interface Slot {
  readonly entry: StoredEntry;
  /** Registrations that are not disposed of. */
  holds: number;
}

export class EndpointMap {
  /** By object and tower; in order of their ids. */
  readonly #slots = new Map<string, Slot>();
  /** Keys of the entries that differ in nothing but the endpoint. */
  readonly #places = new Map<string, Set<string>>();
  #lastId = 0;

  get size(): number {
    return this.#slots.size;
  }

  /** In the order of registration. */
  *entries(): IterableIterator<StoredEntry> {
    for (const { entry } of this.#slots.values()) yield entry;
  }

  /**
   * Registers interfaces at the endpoints that string bindings name, as `listen` of a server gives them. What it
   * gives undoes that.
   *
   * @throws BindingError for a binding without an endpoint; TypeError for an annotation or object that is none;
   * TowerError for a name that no tower carries
   */
  register(
    interfaces: Iterable<InterfaceId>,
    bindings: Iterable<string>,
    options: RegisterOptions = {},
  ): Disposable {
    const added = entriesFor(interfaces, bindings, options).map((entry) => {
      return { ...entry, octets: encodeTower(entry.tower) };
    });
    const keys = added.map((entry) => this.#put(entry, 1));
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld) for (const key of keys) this.#release(key);
        isHeld = false;
      },
    };
  }

  /**
   * Adds entries, or gives the same ones another annotation. `replace`: instead of those that were there and differ in
   * nothing but the endpoint: same object, interface, protocols and address.
   *
   * @throws TowerError
   */
  insert(entries: readonly MapEntry[], replace: boolean): void {
    const added = entries.map((entry) => {
      const host = endpointOf(entry.tower)?.host ?? "";
      return { ...entry, octets: encodeTower(entry.tower), host };
    });
    if (replace) {
      const kept = new Set(added.map(({ object, octets }) => keyOf(object, octets)));
      for (const place of new Set(added.map(placeOf))) {
        for (const key of this.#places.get(place) ?? []) if (!kept.has(key)) this.#remove(key);
      }
    }
    for (const entry of added) this.#put(entry, 0);
  }

  /** The entry of an object with a tower, whatever its annotation. */
  get(object: string, tower: ProtocolTower): StoredEntry | undefined {
    return this.#slots.get(keyOf(object, encodeTower(tower)))?.entry;
  }

  /** Removes an entry, whoever registered it; false where it isn't there. */
  delete({ object, octets }: Pick<StoredEntry, "object" | "octets">): boolean {
    return this.#remove(keyOf(object, octets));
  }

  #put(added: Omit<StoredEntry, "id">, holds: number): string {
    const key = keyOf(added.object, added.octets);
    const known = this.#slots.get(key);
    const id = known?.entry.id ?? ++this.#lastId;
    // Two towers may be the same for an IPv6 address and for any: that reaches further.
    const host = known?.entry.host === "" ? "" : added.host;
    this.#slots.set(key, { entry: { ...added, id, host }, holds: (known?.holds ?? 0) + holds });
    const place = placeOf(added);
    const neighbours = this.#places.get(place) ?? new Set();
    this.#places.set(place, neighbours.add(key));
    return key;
  }

  #release(key: string): void {
    const slot = this.#slots.get(key);
    if (slot !== undefined && --slot.holds <= 0) this.#remove(key);
  }

  #remove(key: string): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined) return false;
    this.#slots.delete(key);
    const place = placeOf(slot.entry);
    const neighbours = this.#places.get(place);
    neighbours?.delete(key);
    if (neighbours?.size === 0) this.#places.delete(place);
    return true;
  }
}

function keyOf(object: string, octets: Uint8Array): string {
  return `${object} ${String.fromCharCode(...octets)}`;
}

/** Everything but where to knock. */
function placeOf({ object, tower }: Pick<MapEntry, "object" | "tower">): string {
  const { uuid, version } = tower.interface;
  const { uuid: syntax } = tower.transferSyntax;
  const floors = tower.floors.map((floor) => {
    const address = floor.protocol === "ip" ? floor.address : "";
    return `${floorId(floor)} ${floor.protocol === "netbios" ? floor.name : address}`;
  });
  return [object, uuid, version.major, version.minor, syntax, ...floors].join();
}

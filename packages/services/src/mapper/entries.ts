/** Entries of an endpoint map, from what a server offers and where it listens. */
import { ept_max_annotation_size } from "@msrpc/dce-rpc/epm";
import { isUuid, nilUuid } from "@msrpc/ndr";
import type { InterfaceId } from "@msrpc/rpc";
import { parseEndpoint, towerOf } from "../tower/endpoint.ts";
import type { ProtocolTower } from "../tower/tower.ts";

export interface MapEntry {
  readonly tower: ProtocolTower;
  /** Object UUID it is for; the nil UUID: any. */
  readonly object: string;
  /** A note for people. */
  readonly annotation: string;
}

export interface RegisterOptions {
  /** A note for people, of at most 63 characters up to U+00FF. Default: none. */
  readonly annotation?: string;
  /** UUIDs of the objects that the server serves. Default: any object. */
  readonly objects?: readonly string[];
}

/** An entry with the host that its binding names: a tower has no room for IPv6 addresses. */
export interface PlacedEntry extends MapEntry {
  readonly host: string;
}

/**
 * One entry for each interface at each endpoint for each object.
 *
 * @throws BindingError for a binding without an endpoint; TypeError for an annotation or object that is none
 */
export function entriesFor(
  interfaces: Iterable<InterfaceId>,
  bindings: Iterable<string>,
  { annotation = "", objects = [nilUuid] }: RegisterOptions,
): PlacedEntry[] {
  const longest = ept_max_annotation_size - 1;
  if (annotation.length > longest || !/^[\u0001-\u00ff]*$/.test(annotation)) {
    const said = JSON.stringify(annotation);
    throw new TypeError(`${said} is no annotation: at most ${longest} characters up to U+00FF`);
  }
  const endpoints = Array.from(bindings, parseEndpoint);
  const entries: PlacedEntry[] = [];
  for (const target of interfaces) {
    for (const endpoint of endpoints) {
      const tower = towerOf(target, endpoint);
      for (const object of objects) {
        if (!isUuid(object)) throw new TypeError(`${object} is no object UUID`);
        entries.push({ tower, object: object.toLowerCase(), annotation, host: endpoint.host });
      }
    }
  }
  return entries;
}

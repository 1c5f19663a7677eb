/** What a notification port is asked to tell of. */
import type { ContextHandle } from "@msrpc/ndr";
import type { ObjectKind } from "../session/kinds.ts";
import { type EventKind, eventKinds } from "./changes.ts";

/** What events can be told of alone: an object, or a key of the registry with all below it. */
export interface Watchable {
  readonly kind: ObjectKind<ContextHandle>;
  /** An object's name, a key's path. */
  readonly name: string;
}

export interface Filter {
  readonly about: EventKind;
  /** Null for all objects of the kind. */
  readonly target: Watchable | null;
  /** Nobody asked for it by name: a server that doesn't know it may leave it out. */
  readonly isOptional: boolean;
  /** The target's state sequence, as a port of version 1 heard of it last. */
  sequence: number | null;
}

const kindsByNoun: Readonly<Record<string, EventKind>> = {
  "the cluster": "Cluster",
  node: "Node",
  group: "Group",
  resource: "Resource",
  network: "Network",
  "network interface": "NetworkInterface",
  "resource type": "ResourceType",
  key: "Registry",
  "group set": "GroupSet",
};

/** @throws TypeError for an object that there are no events of */
export function filtersOf(
  about: readonly EventKind[] | undefined,
  targets: readonly Watchable[] | undefined,
): Filter[] {
  const kinds = about ?? (targets === undefined ? eventKinds : []);
  const isOptional = about === undefined;
  return [
    ...kinds.map((kind) => ({ about: kind, target: null, isOptional, sequence: null })),
    ...(targets ?? []).map((target) => {
      const kind = kindsByNoun[target.kind.noun];
      if (kind === undefined) throw new TypeError(`there are no events of a ${target.kind.noun}`);
      return { about: kind, target, isOptional: false, sequence: null };
    }),
  ];
}

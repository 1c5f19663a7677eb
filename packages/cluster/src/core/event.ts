/** What happened to a cluster: notification ports and watchers are told of it, in order. */
import type { NamedValue } from "../registry/key.ts";

/** What can happen to objects of each kind. */
export interface Happenings {
  cluster: "property" | "privateProperty" | "renamed" | "membership" | "upgraded";
  node: Common | "state" | "netInterfaceAdded" | "groupGained" | "groupLost";
  group:
    | Common
    | "state"
    | "owner"
    | "preferredNodes"
    | "resourceAdded"
    | "resourceGained"
    | "resourceLost";
  resource: Common | "state" | "group" | "dependencies" | "dependents" | Hosting;
  /** `specific`: the code of the type says something of its own. */
  resourceType: Common | Hosting | "specific";
  network: Common | "state";
  netInterface: Common | "state";
  groupSet: Common | "state" | "groupAdded" | "groupRemoved" | "dependencies" | "dependents";
  quorum: "state";
  sharedVolume: "state";
  spaceport: "customPnp";
  /** Phases of a node's upgrade. */
  upgrade: "prepare" | "commit" | "postCommit";
}

type Common = "added" | "deleted" | "property" | "privateProperty";
type Hosting = "possibleOwners" | "dllUpgraded";

export type ObjectKind = keyof Happenings;

/** What an event says beside its object: a DWORD, a text, texts, properties by name, or octets of a format of its own. */
export type EventValue =
  number | string | readonly string[] | { readonly properties: readonly NamedValue[] } | Uint8Array;

export interface ObjectEvent<K extends ObjectKind = ObjectKind> {
  readonly kind: K;
  readonly what: Happenings[K];
  readonly id: string;
  readonly name: string;
  /** ID of what the object is in: a group's node, a resource's group, an interface's node; empty for others. */
  readonly parent: string;
  /** Name of a resource's type; empty for others. */
  readonly type: string;
  /** The sequence number of its state; 0 for objects that have none. */
  readonly sequence: number;
  /** The other object of `resourceAdded` and `netInterfaceAdded`. */
  readonly other?: { readonly id: string; readonly name: string };
  /** By the tables of [MS-CMRP] 3.1.4.2.138; where it is missing the buffer is empty. */
  readonly value?: EventValue;
}

export interface KeyEvent {
  readonly kind: "key";
  /** `added`, `deleted`: the key itself; `security`: its descriptor was set. */
  readonly what: "added" | "deleted" | "value" | "security";
  readonly path: string;
  /** Of the value that was set or deleted; otherwise empty. */
  readonly name: string;
  /** The value that was set or deleted, as it was before. */
  readonly before?: NamedValue;
}

export type ClusterEvent = ObjectEvent | KeyEvent;

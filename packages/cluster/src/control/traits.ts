/** What the well-known types of resources are like: their class, what they can do and what they can't be without. */
import { resourcesOf } from "../model/derived.ts";
import type { Group, ResourceType } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { fold } from "../registry/key.ts";

/** CLUS_FLAGS ([MS-CMRP] 2.2.2.5). */
export const ClusFlag = { None: 0, Core: 1 } as const;

/** CLUS_CHARACTERISTICS ([MS-CMRP] 2.2.2.4). */
const Characteristic = { None: 0, Quorum: 1, DeleteRequiresAllNodes: 2 } as const;

/** CLUS_RESOURCE_CLASS_INFO ([MS-CMRP] 2.2.3.7). */
interface ResourceClass {
  readonly class: number;
  readonly subclass: number;
}

const unknownClass: ResourceClass = { class: 0, subclass: 0 };
const storage: ResourceClass = { class: 1, subclass: 0x8000_0000 };
const network: ResourceClass = { class: 2, subclass: 0x8000_0000 };

export interface Traits {
  readonly class: ResourceClass;
  /** Bits of CLUS_CHARACTERISTICS. */
  readonly characteristics: number;
  /** Classes, and names of types, that its resources depend on. */
  readonly requires: readonly (ResourceClass | string)[];
  /** Whether its resources stand for the name of a computer. */
  readonly hasName: boolean;
}

function traits(some: Partial<Traits> = {}): Traits {
  return {
    class: unknownClass,
    characteristics: Characteristic.None,
    requires: [],
    hasName: false,
    ...some,
  };
}

const ordinary = traits();
const quorum = Characteristic.Quorum;

const byType: ReadonlyMap<string, Traits> = new Map(
  Object.entries({
    "Physical Disk": traits({ class: storage, characteristics: quorum }),
    "File Share Witness": traits({ characteristics: quorum }),
    "Cloud Witness": traits({ characteristics: quorum }),
    "IP Address": traits({ class: network }),
    "IPv6 Address": traits({ class: network }),
    "IPv6 Tunnel Address": traits({ class: network, requires: ["IP Address"] }),
    "Network Name": traits({ hasName: true, requires: [network] }),
    "Distributed Network Name": traits({ hasName: true }),
    "File Server": traits({ requires: ["Network Name"] }),
    "DHCP Service": traits({ requires: [storage, network] }),
    "Distributed File System": traits({ requires: [storage, "Network Name"] }),
    "Distributed Transaction Coordinator": traits({
      characteristics: Characteristic.DeleteRequiresAllNodes,
      requires: [storage, "Network Name"],
    }),
    "Virtual Machine": traits({ requires: ["Virtual Machine Configuration"] }),
  }).map(([type, known]) => [fold(type), known]),
);

/** Of a type by its name; those of one that isn't known say nothing. */
export function traitsOf(type: string): Traits {
  return byType.get(fold(type)) ?? ordinary;
}

/** CLUS_CHARACTERISTICS of a type: what is known of it by its name, and what it was made with. */
export function characteristicsOf({
  name,
  characteristics,
}: Pick<ResourceType, "name" | "characteristics">): number {
  return traitsOf(name).characteristics | characteristics;
}

export function isStorage(type: string): boolean {
  return traitsOf(type).class === storage;
}

export function isNetwork(type: string): boolean {
  return traitsOf(type).class === network;
}

/** CLUS_FLAGS of a group: what clients have given it, and whether it has what the cluster itself needs. */
export function groupFlags(state: ClusterState, group: Group): number {
  const hasCore = resourcesOf(state, group).some(({ isCore }) => isCore === 1);
  return (group.flags | (hasCore ? ClusFlag.Core : ClusFlag.None)) >>> 0;
}

/** Whether a resource of the type can take part in quorum. */
export function mayBeQuorum(type: string): boolean {
  return (traitsOf(type).characteristics & Characteristic.Quorum) !== 0;
}

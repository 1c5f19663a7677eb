/** Commands that make objects ([MS-CMRP] 3.1.1.1): with the IDs and states that new ones have. */
import * as kinds from "../model/kinds.ts";
import { newObject } from "../model/kinds.ts";
import type {
  Group,
  GroupSet,
  NetInterface,
  Network,
  Node,
  Resource,
  ResourceType,
} from "../model/objects.ts";
import { tellGroupState } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

type Given<T, Required extends keyof T> = Pick<T, Required> & Partial<T>;

/** Nodes have the first number that is free for their ID. */
export function createNode(tx: Transaction, given: Given<Node, "name">): Node {
  let id = 1;
  while (tx.state.nodes.get(String(id)) !== undefined) id++;
  const node = newObject(kinds.nodes, { id: String(id), ...given });
  tx.insert("node", node);
  return node;
}

/** Offline, and with nothing in it. */
export function createGroup(tx: Transaction, given: Given<Group, "name">): Group {
  const group = newObject(kinds.groups, { id: tx.newId(), owner: tx.state.localNode, ...given });
  tx.insert("group", group);
  return group;
}

/** With nothing in it. */
export function createGroupSet(tx: Transaction, given: Given<GroupSet, "name">): GroupSet {
  const groupSet = newObject(kinds.groupSets, { id: tx.newId(), ...given });
  tx.insert("groupSet", groupSet);
  return groupSet;
}

/** Offline; every node may host it. It is looked at as often as its type says now. */
export function createResource(
  tx: Transaction,
  group: Group,
  given: Given<Resource, "name" | "type">,
): Resource {
  const type = tx.state.resourceTypes.find(given.type);
  const resource = newObject(kinds.resources, {
    id: tx.newId(),
    group: group.id,
    possibleOwners: Array.from(tx.state.nodes, ({ id }) => id),
    ...(type !== undefined && {
      looksAliveInterval: type.looksAliveInterval,
      isAliveInterval: type.isAliveInterval,
    }),
    ...given,
  });
  tx.insert("resource", resource);
  tx.configure("group", group, { contains: [...group.contains, resource.id] });
  tellGroupState(tx, group);
  return resource;
}

export function createResourceType(
  tx: Transaction,
  given: Given<ResourceType, "name">,
): ResourceType {
  const { name } = given;
  const type = newObject(kinds.resourceTypes, { id: name, displayName: name, ...given });
  tx.insert("resourceType", type);
  return type;
}

export function createNetwork(tx: Transaction, given: Given<Network, "name">): Network {
  const network = newObject(kinds.networks, { id: tx.newId(), ...given });
  tx.insert("network", network);
  return network;
}

export function createNetInterface(
  tx: Transaction,
  given: Given<NetInterface, "name" | "node" | "network">,
): NetInterface {
  const netInterface = newObject(kinds.netInterfaces, { id: tx.newId(), ...given });
  tx.insert("netInterface", netInterface);
  return netInterface;
}

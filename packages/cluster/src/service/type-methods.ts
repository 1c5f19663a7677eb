/** Operations on resource types ([MS-CMRP] 3.1.4.2.27, 3.1.4.2.28, 3.1.4.2.103). */
import { ResourceTypeEnum, Status } from "@msrpc/ms-cmrp";
import { addResourceType, deleteResourceType } from "../core/resources.ts";
import { fold } from "../registry/key.ts";
import { demandAccess } from "./opened.ts";
import { found, type Handlers3, type Served } from "./served.ts";

/** CLUSTER_RESOURCE_TYPE_ENUM_RESOURCES, which version 3.0 has ([MS-CMRP] 3.1.4.2.103). */
const resourcesOfType = 2;

export function typeMethods({ cluster, policy }: Served): Handlers3 {
  const { state } = cluster;
  return {
    createResourceType({ typeName, displayName, dllName, looksAlive, isAlive }, { caller }) {
      demandAccess(policy, caller, "all");
      cluster.run((tx) => {
        addResourceType(tx, {
          name: typeName,
          displayName,
          dllName,
          looksAliveInterval: looksAlive,
          isAliveInterval: isAlive,
        });
      });
    },
    deleteResourceType({ typeName }, { caller }) {
      demandAccess(policy, caller, "all");
      cluster.run((tx) => deleteResourceType(tx, typeName));
    },
    createResTypeEnum({ typeName, type }, { caller }) {
      demandAccess(policy, caller, "read");
      const { name } = found(
        state.resourceTypes.find(typeName),
        Status.ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND,
      );
      // Bits that stand for nothing are passed over. Every node has what each type needs.
      const isAsked = (kind: number): boolean => (type & kind) !== 0;
      const { Nodes } = ResourceTypeEnum;
      const nodes = isAsked(Nodes) ? [...state.nodes] : [];
      const resources = isAsked(resourcesOfType)
        ? [...state.resources].filter((resource) => fold(resource.type) === fold(name))
        : [];
      const entries = [
        ...nodes.map((node) => ({ type: Nodes, name: node.name })),
        ...resources.map((resource) => ({ type: resourcesOfType, name: resource.name })),
      ];
      return { returnEnum: { entries } };
    },
  };
}

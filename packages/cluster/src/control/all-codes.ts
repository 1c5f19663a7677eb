/** Every control code, and the one that a number stands for. */
import type { ControlCode, ControlKind } from "./code.ts";
import { clusterCodes } from "./codes/cluster.ts";
import { groupSetCodes } from "./codes/group-set.ts";
import { groupCodes } from "./codes/group.ts";
import { netInterfaceCodes } from "./codes/net-interface.ts";
import { networkCodes } from "./codes/network.ts";
import { nodeCodes } from "./codes/node.ts";
import { resourceTypeCodes } from "./codes/resource-type.ts";
import { resourceCodes } from "./codes/resource.ts";

export const allCodes: Readonly<Record<ControlKind, readonly ControlCode[]>> = {
  resource: resourceCodes,
  resourceType: resourceTypeCodes,
  group: groupCodes,
  node: nodeCodes,
  network: networkCodes,
  netInterface: netInterfaceCodes,
  cluster: clusterCodes,
  groupSet: groupSetCodes,
};

const byValue: Readonly<Record<string, ReadonlyMap<number, ControlCode>>> = Object.fromEntries(
  Object.entries(allCodes).map(([kind, codes]) => [
    kind,
    new Map(codes.map((code) => [code.value, code])),
  ]),
);

/** What a number means to an object of that kind. */
export function codeOf(kind: ControlKind, value: number): ControlCode | undefined {
  return byValue[kind]?.get(value);
}

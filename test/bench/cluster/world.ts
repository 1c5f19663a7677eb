/** The clusters that are measured: one of full size, and one of a quarter of it. */
import { type ClusterDefinition, defaultDefinition } from "@msrpc/cluster";

export interface Size {
  readonly groups: number;
  /** All together. */
  readonly resources: number;
  /** All together. */
  readonly ports: number;
  readonly clients: number;
}

const fullSize: Size = { groups: 1000, resources: 10_000, ports: 2000, clients: 500 };

export function sizeOf(share: number): Size {
  const { groups, resources, ports, clients } = fullSize;
  return {
    groups: groups * share,
    resources: resources * share,
    ports: ports * share,
    clients: clients * share,
  };
}

/** Groups of as many resources each, all online; within a group each resource needs the one before it. */
export function definitionOf({ groups, resources }: Size): ClusterDefinition {
  const each = resources / groups;
  const named = (group: number, index: number): string => `Resource ${group * each + index}`;
  return {
    ...defaultDefinition,
    groups: [
      ...defaultDefinition.groups,
      ...Array.from({ length: groups }, (_, group) => ({
        name: `Group ${group}`,
        resources: Array.from({ length: each }, (_, index) => ({
          name: named(group, index),
          type: "Generic Application",
          online: true,
          ...(index > 0 && { dependsOn: [named(group, index - 1)] }),
        })),
      })),
    ],
  };
}

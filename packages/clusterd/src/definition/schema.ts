/** What may stand in a definition file: the one place that says so, for the check of files and for editors. */
import type { ClusterDefinition } from "@msrpc/cluster";
import { z } from "zod";

/** A definition with what may be left out of it. */
export type DefinitionFile = {
  readonly [K in keyof ClusterDefinition]?: ClusterDefinition[K] | undefined;
} & {
  /** For editors. */
  readonly $schema?: string | undefined;
};

const name = z.string();
const texts = z.array(z.string());

const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  texts,
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.enum(["sz", "expandSz", "binary"]), value: z.string() }),
    z.strictObject({ type: z.literal("dword"), value: z.int().min(0).max(0xffff_ffff) }),
    z.strictObject({ type: z.literal("qword"), value: z.union([z.int().min(0), z.string()]) }),
    z.strictObject({ type: z.literal("multiSz"), value: texts }),
  ]),
]);
const values = z.record(z.string(), value);

const withProperties = {
  properties: values.optional().describe("Common properties by name"),
  privateProperties: values.optional().describe("Private properties by name"),
};

const node = z.strictObject({
  name,
  paused: z.boolean().optional().describe("It starts paused"),
  ...withProperties,
});

const netInterface = z.strictObject({
  name,
  node: z.string().describe("The name of its node"),
  address: z.ipv4(),
  ipv6Addresses: z.array(z.ipv6()).optional(),
  ...withProperties,
});

const network = z.strictObject({
  name,
  address: z.ipv4(),
  addressMask: z.ipv4(),
  ipv6Prefixes: z.array(z.cidrv6()).optional().describe("2001:db8::/64"),
  interfaces: z.array(netInterface),
  ...withProperties,
});

const resourceType = z.strictObject({ name, dllName: z.string().optional(), ...withProperties });

const resource = z.strictObject({
  name,
  type: z.string().describe("The name of its resource type"),
  online: z.boolean().optional().describe("It is to be online; default: what its group says"),
  core: z.boolean().optional().describe("The cluster itself needs it: it can't be deleted"),
  dependsOn: z
    .union([z.string(), texts])
    .optional()
    .describe("Names of resources of its group, all of which it needs, or [A] and ([B] or [C])"),
  possibleOwners: texts.optional().describe("Names of the nodes that may host it; default: all"),
  ...withProperties,
});

const group = z.strictObject({
  name,
  type: z.int().min(0).max(0xffff_ffff).optional().describe("CLUSTER_GROUP_TYPE"),
  online: z.boolean().optional().describe("Its resources are to be online"),
  preferredOwners: texts.optional().describe("Names of nodes, the preferred one first"),
  dependsOn: texts.optional().describe("Names of the groups that it starts after"),
  dependsOnSet: z.string().optional().describe("Name of the group set that it starts after"),
  resources: z.array(resource).default([]),
  ...withProperties,
});

const groupSet = z.strictObject({
  name,
  groups: texts.default([]).describe("Names of groups"),
  dependsOn: texts.optional().describe("Names of the group sets that it starts after"),
  ...withProperties,
});

const affinityRule = z.strictObject({
  name,
  type: z
    .enum(["sameFaultDomain", "sameNode", "differentFaultDomain", "differentNode"])
    .describe("What its groups share, or not"),
  groups: texts.default([]).describe("Names of groups"),
  enabled: z.boolean().optional().describe("Default: it counts"),
  soft: z.boolean().optional().describe("It gives way where a group had no node otherwise"),
});

const quorum = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("majority") }),
  z.strictObject({
    type: z.enum(["witness", "disk"]),
    resource: z.string().describe("The name of a resource that is to be online"),
    path: z.string().optional().describe("Where it keeps data of the cluster"),
  }),
]);

export const definitionSchema: z.ZodType<DefinitionFile> = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().optional().describe("The cluster's name"),
  functionalLevel: z
    .int()
    .min(8)
    .max(11)
    .optional()
    .describe("The internal version that it works at until it is upgraded; default: 11"),
  nodes: z.array(node).min(1).optional().describe("The first one is the node that this is"),
  networks: z.array(network).optional(),
  resourceTypes: z.array(resourceType).optional().describe("Types beside those of Windows"),
  groups: z.array(group).optional(),
  groupSets: z.array(groupSet).optional(),
  quorum: quorum.optional().describe("What counts for it; default: a majority of the nodes"),
  affinityRules: z
    .array(affinityRule)
    .optional()
    .describe("Rules that keep groups together or apart"),
  registry: z
    .record(z.string(), values)
    .optional()
    .describe("Values by name, by the path of their key"),
  ...withProperties,
});

/** The same as JSON Schema, for editors. */
export function jsonSchema(): object {
  return z.toJSONSchema(definitionSchema, { io: "input" });
}

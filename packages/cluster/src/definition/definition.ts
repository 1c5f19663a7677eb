/** A cluster as somebody writes it down. */

/**
 * A value of a property or of the registry. What a plain one becomes is said by the property: a number or a boolean is a
 * DWORD, a list is a MULTI_SZ; where nothing says more, a text is an SZ. `binary` is written in hexadecimal, and numbers of
 * 64 bits may be texts.
 */
export type DefinedValue =
  | string
  | number
  | boolean
  | readonly string[]
  | { readonly type: "sz" | "expandSz" | "binary"; readonly value: string }
  | { readonly type: "dword"; readonly value: number }
  | { readonly type: "qword"; readonly value: number | string }
  | { readonly type: "multiSz"; readonly value: readonly string[] };

export type DefinedValues = Readonly<Record<string, DefinedValue>>;

/** What every object may have: properties by name. */
interface Defined {
  /** Common properties. */
  readonly properties?: DefinedValues | undefined;
  readonly privateProperties?: DefinedValues | undefined;
}

export interface NodeDefinition extends Defined {
  readonly name: string;
  readonly paused?: boolean | undefined;
}

export interface NetInterfaceDefinition extends Defined {
  readonly name: string;
  /** Name of its node. */
  readonly node: string;
  readonly address: string;
  /** Those that it has beside. */
  readonly ipv6Addresses?: readonly string[] | undefined;
}

export interface NetworkDefinition extends Defined {
  readonly name: string;
  readonly address: string;
  readonly addressMask: string;
  /** Those that it has beside: `2001:db8::/64`. */
  readonly ipv6Prefixes?: readonly string[] | undefined;
  readonly interfaces: readonly NetInterfaceDefinition[];
}

export interface ResourceTypeDefinition extends Defined {
  readonly name: string;
  readonly dllName?: string | undefined;
}

export interface ResourceDefinition extends Defined {
  readonly name: string;
  readonly type: string;
  /** Default: what its group says. */
  readonly online?: boolean | undefined;
  readonly core?: boolean | undefined;
  /** Names of the resources of its group that it needs, all of them; or an expression: `[A] and ([B] or [C])`. */
  readonly dependsOn?: string | readonly string[] | undefined;
  /** Names of the nodes that may host it. Default: all. */
  readonly possibleOwners?: readonly string[] | undefined;
}

export interface GroupDefinition extends Defined {
  readonly name: string;
  /** CLUSTER_GROUP_TYPE. */
  readonly type?: number | undefined;
  /** Whether its resources are to be online that don't say so themselves. Default: they are not. */
  readonly online?: boolean | undefined;
  /** Names of nodes, the preferred one first. */
  readonly preferredOwners?: readonly string[] | undefined;
  /** Names of the groups that it starts after. */
  readonly dependsOn?: readonly string[] | undefined;
  /** Name of the group set that it starts after. */
  readonly dependsOnSet?: string | undefined;
  readonly resources: readonly ResourceDefinition[];
}

export interface GroupSetDefinition extends Defined {
  readonly name: string;
  /** Names. */
  readonly groups: readonly string[];
  /** Names of the group sets that it starts after. */
  readonly dependsOn?: readonly string[] | undefined;
}

/** What groups share, or not. */
export type AffinityRuleKind =
  "sameFaultDomain" | "sameNode" | "differentFaultDomain" | "differentNode";

export interface AffinityRuleDefinition {
  readonly name: string;
  readonly type: AffinityRuleKind;
  /** Names. */
  readonly groups: readonly string[];
  /** Default: it counts. */
  readonly enabled?: boolean | undefined;
  /** Whether it gives way where there is no node for a group otherwise. Default: it doesn't. */
  readonly soft?: boolean | undefined;
}

/** A majority of the nodes, alone or with a witness; or who has a disk, whoever else is up. */
export type QuorumDefinition =
  | { readonly type: "majority" }
  | {
      readonly type: "witness" | "disk";
      /** Name of a resource that is to be online. */
      readonly resource: string;
      /** Where it keeps data of the cluster. Default: `\\Cluster\\`. */
      readonly path?: string | undefined;
    };

export interface ClusterDefinition extends Defined {
  readonly name: string;
  /** The internal version that it works at until it is upgraded: 8, Windows Server 2012 R2, to 11, 2022. Default: 11. */
  readonly functionalLevel?: number | undefined;
  /** The first one is the node that this is. */
  readonly nodes: readonly NodeDefinition[];
  readonly networks: readonly NetworkDefinition[];
  readonly resourceTypes: readonly ResourceTypeDefinition[];
  readonly groups: readonly GroupDefinition[];
  readonly groupSets?: readonly GroupSetDefinition[] | undefined;
  /** Default: a majority of the nodes. */
  readonly quorum?: QuorumDefinition | undefined;
  readonly affinityRules?: readonly AffinityRuleDefinition[] | undefined;
  /** Values by their names, by the path of their key: `Software\\Contoso`. */
  readonly registry?: Readonly<Record<string, DefinedValues>> | undefined;
}

/** Where in a definition something is: `["groups", 0, "name"]`. */
export type DefinitionPath = readonly (string | number)[];

/** A definition that no cluster can be made of. */
export class DefinitionError extends TypeError {
  override readonly name = "DefinitionError";
  readonly path: DefinitionPath;
  /** The message without the path. */
  readonly problem: string;

  constructor(path: DefinitionPath, problem: string, options?: ErrorOptions) {
    super(`${pathText(path)}: ${problem}`, options);
    this.path = path;
    this.problem = problem;
  }
}

/** `groups[0].name`. */
export function pathText(path: DefinitionPath): string {
  if (path.length === 0) return "the definition";
  return path
    .map((step) =>
      typeof step === "number"
        ? `[${step}]`
        : /^[A-Za-z_]\w*$/.test(step)
          ? `.${step}`
          : `[${JSON.stringify(step)}]`,
    )
    .join("")
    .replace(/^\./, "");
}

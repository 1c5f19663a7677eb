/** Answers to the control codes of the cluster itself ([MS-CMRP] 3.1.4.3.7). */
import { ControlStatus, Format, sz } from "@msrpc/cluster-data";
import { NodeState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { quorumOf, withWitness } from "../../core/quorum.ts";
import { endUpgrade, isUpgradable, upgradeCluster } from "../../core/upgrade.ts";
import { affinityRules } from "../../model/affinity.ts";
import { currentValue, scopeOf } from "../../property/scope.ts";
import type { Node } from "../../model/objects.ts";
import type { ClusterState } from "../../model/state.ts";
import { type Answerer, type Answers, unsupported } from "../answer.ts";
import { clusterFqdn, domainValue } from "../names.ts";
import { dwords, givenDword, givenText, text, texts } from "../octets.ts";
import { sharedVolumeId } from "./shared-volumes.ts";
import { noProperties, propertyAnswers } from "./properties.ts";

/** CLUSTER_QUORUM_VALUE ([MS-CMRP] 2.2.2.10). */
const Quorum = { Maintained: 0, Lost: 1 } as const;

function hasVote(state: ClusterState, node: Node): boolean {
  const scope = scopeOf(state, { kind: "node", object: node }, "common");
  const definition = scope.schema.get("NODEWEIGHT");
  const value = definition === undefined ? null : currentValue(scope, definition);
  return value?.format === Format.Dword && value.number > 0;
}

interface Voter {
  /** ID of a node, or of the resource that counts beside them. */
  readonly id: string;
  readonly isUp: boolean;
}

/** Who counts for quorum: nodes that have a vote, and a witness; or a disk alone. */
function votersOf(state: ClusterState): Voter[] {
  const { resource, logSize } = quorumOf(state);
  const nodes = [...state.nodes].filter((node) => hasVote(state, node));
  const isDiskAlone = resource !== null && logSize !== withWitness;
  return [
    ...(isDiskAlone ? [] : nodes).map(({ id, state: now }) => ({
      id,
      isUp: now !== NodeState.Down,
    })),
    ...(resource === null
      ? []
      : [{ id: resource.id, isUp: resource.state === ResourceState.Online }]),
  ];
}

/** The ID of a node, or of the resource that counts for quorum. @throws RpcError ERROR_INVALID_PARAMETER */
function voterId(state: ClusterState, given: string): string {
  const node = state.nodes.get(given);
  if (node !== undefined) return node.id;
  const resource = state.resources.get(given);
  if (resource !== undefined && resource === quorumOf(state).resource) return resource.id;
  throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "it doesn't count for quorum" });
}

/** Whether a majority is left of the voters when one of them goes; without an ID, whether there is one now. */
function checkVoter(isEvicted: boolean): Answerer<"cluster"> {
  return ({ tx: { state }, input }) => {
    const gone = input.length === 0 ? null : voterId(state, givenText(input));
    const voters = votersOf(state).filter(({ id }) => !(isEvicted && id === gone));
    const up = voters.filter(({ id, isUp }) => isUp && id !== gone);
    return dwords(up.length * 2 > voters.length ? Quorum.Maintained : Quorum.Lost);
  };
}

/** What CLUSCTL_CLUSTER_UPGRADE_CLUSTER_VERSION is asked to do. */
const Upgrade = { Check: 1, Perform: 2 } as const;

export const clusterAnswers: Answers<"cluster"> = {
  ...propertyAnswers<"cluster">("CLUSTER"),
  CLUSTER_GET_RO_PRIVATE_PROPERTIES: noProperties,
  CLUSTER_UNKNOWN: () => null,
  CLUSTER_GET_FQDN: ({ tx }) => text(clusterFqdn(tx.state)),
  CLUSTER_SET_DNS_DOMAIN({ tx, input }) {
    const domain = givenText(input);
    if (!/^[a-z\d-]+(?:\.[a-z\d-]+)*$/i.test(domain)) {
      throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "no domain" });
    }
    tx.setValue(tx.state.registry, domainValue, sz(domain));
    return null;
  },
  CLUSTER_CHECK_VOTER_EVICT: checkVoter(true),
  CLUSTER_CHECK_VOTER_DOWN: checkVoter(false),
  CLUSTER_GET_SHARED_VOLUME_ID: sharedVolumeId,
  // All nodes have the same version: what one of them knows, all do.
  CLUSTER_UPGRADE_CLUSTER_VERSION({ tx, input }) {
    const asked = givenDword(input);
    if (asked === Upgrade.Check) return null;
    if (asked === Upgrade.Perform) return dwords(upgradeCluster(tx));
    throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  },
  CLUSTER_IS_READY_FOR_UPGRADE({ tx }) {
    if (isUpgradable(tx.state)) return null;
    throw new RpcError(ControlStatus.ERROR_CLUSTER_UPGRADE_INCOMPATIBLE_VERSIONS);
  },
  CLUSTER_CLEAR_UPGRADE_IN_PROGRESS({ tx }) {
    endUpgrade(tx);
    return null;
  },
  CLUSTER_GET_OS_AND_OS_VERSION_INFO({ machine: { osName, osVersion } }) {
    const sizes = dwords(osName.length, osVersion.length);
    return new Uint8Array([...sizes, ...text(osName), ...text(osVersion)]);
  },
  CLUSTER_NODE_REPLACEMENT({ tx, input }) {
    if (tx.state.nodes.find(givenText(input)) === undefined) {
      throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    }
    return unsupported();
  },
  CLUSTER_ENUM_AFFINITY_RULE_NAMES: ({ tx }) =>
    texts(affinityRules(tx.state).map(({ name }) => name)),
  CLUSTER_SHUTDOWN: unsupported,
  CLUSTER_SET_ACCOUNT_ACCESS: unsupported,
  CLUSTER_GET_CLUSTER_UTILIZATION: unsupported,
  CLUSTER_CREATE_INFRASTRUCTURE_FILESERVER: unsupported,
  CLUSTER_REMOVE_INFRASTRUCTURE_FILESERVER: unsupported,
  CLUSTER_NOTIFY_INFRASTRUCTURE_SOFS_CHANGED: unsupported,
};

/** Properties that follow from what the cluster is, and that no value of the registry keeps as clients see them. */
import { Format, type PropertyValue } from "@msrpc/cluster-data";
import { quorumOf, withWitness } from "../core/quorum.ts";
import type { ByKind } from "../model/by-kind.ts";
import { isWaiting, waitsForRoom } from "../model/waiting.ts";
import type { ClusterState } from "../model/state.ts";
import { highestLevel, levelOf, serverVersion, versionAt } from "../model/cluster-version.ts";
import type { Subject } from "./subject.ts";

/** CLUSGRP_STATUS_WAITING_FOR_DEPENDENCIES, CLUSGRP_STATUS_OFFLINE_DUE_TO_ANTIAFFINITY_CONFLICT. */
const waitingForDependencies = 0x1000n;
const keptOff = 0x40n;

type Computed = Readonly<Record<string, PropertyValue>>;

const text = (value: string): PropertyValue => ({ format: Format.Sz, text: value });
const number = (value: number): PropertyValue => ({ format: Format.Dword, number: value });
const texts = (...values: readonly string[]): PropertyValue => ({
  format: Format.MultiSz,
  texts: values.filter((value) => value !== ""),
});

const byKind: {
  readonly [K in keyof ByKind]?: (object: ByKind[K], state: ClusterState) => Computed;
} = {
  node: ({ id, drainStatus, drainTarget }, state) => ({
    NodeHighestVersion: number(versionAt(highestLevel)),
    NodeLowestVersion: number(versionAt(levelOf(state))),
    MajorVersion: number(serverVersion.majorVersion),
    MinorVersion: number(serverVersion.minorVersion),
    BuildNumber: number(serverVersion.buildNumber),
    CSDVersion: text(serverVersion.csdVersion),
    NodeDrainStatus: number(drainStatus),
    ...(drainTarget !== "" && { NodeDrainTarget: number(Number(drainTarget)) }),
    NodeInstanceID: text(`00000000-0000-0000-0000-${id.padStart(12, "0")}`),
  }),
  group: (group, state) => ({
    StatusInformation: {
      format: Format.UlargeInteger,
      number:
        (isWaiting(state, group) ? waitingForDependencies : 0n) |
        (waitsForRoom(state, group) ? keptOff : 0n),
    },
  }),
  resource: ({ failure }) => ({
    LastOperationStatusCode: {
      format: Format.UlargeInteger,
      number: BigInt(failure?.code ?? 0),
    },
    ResourceSpecificStatus: text(failure?.text ?? ""),
  }),
  network: ({ address, addressMask }) => ({
    IPv4Addresses: texts(address),
    IPv4PrefixLengths: texts(prefixLength(addressMask)),
  }),
  netInterface: ({ node, network, address }, { nodes, networks }) => ({
    Node: text(nodes.get(node)?.name ?? ""),
    Network: text(networks.get(network)?.name ?? ""),
    IPv4Addresses: texts(address),
  }),
};

function prefixLength(mask: string): string {
  if (mask === "") return "";
  const bits = mask.split(".").map((octet) => Number(octet).toString(2));
  return String(bits.join("").replaceAll("0", "").length);
}

const none: Computed = {};

export function computedOf(state: ClusterState, { kind, object }: Subject): Computed {
  if (kind === "cluster") {
    return { WitnessDynamicWeight: number(quorumOf(state).logSize === withWitness ? 1 : 0) };
  }
  const compute = byKind[kind] as
    ((one: typeof object, state: ClusterState) => Computed) | undefined;
  return compute?.(object, state) ?? none;
}

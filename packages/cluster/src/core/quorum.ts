/** What counts for quorum: a majority of nodes, alone or with a witness or a disk, or a disk ([MS-CMRP] 3.1.4.2.6, 3.1.4.2.7). */
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { isStorage, mayBeQuorum } from "../control/traits.ts";
import { dependentsOf } from "../model/derived.ts";
import { number, text } from "../model/fields.ts";
import type { Resource } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { findKey, valueOf } from "../registry/key.ts";
import { ofQuorum } from "./tell.ts";
import type { Transaction } from "./transaction.ts";

export interface Quorum {
  /** Null where the nodes alone count. */
  readonly resource: Resource | null;
  /** Where the resource keeps data of the cluster; empty for one that keeps none. */
  readonly path: string;
  /** Octets of its log; 0 and 0x400 have meanings of their own. */
  readonly logSize: number;
}

export const majority: Quorum = { resource: null, path: "", logSize: 0 };
/** The size of the log that says: nodes, and a witness or a disk beside them. */
export const withWitness = 0x400;

const keyName = "Quorum";
const resourceField = text("Resource");
const pathField = text("Path");
const logSizeField = number("MaxQuorumLogSize");

export function quorumOf({ registry, resources }: ClusterState): Quorum {
  const key = findKey(registry, keyName);
  if (key === null) return majority;
  const resource = resources.get(resourceField.read(valueOf(key, resourceField.value)));
  if (resource === undefined) return majority;
  const path = pathField.read(valueOf(key, pathField.value));
  return { resource, path, logSize: logSizeField.read(valueOf(key, logSizeField.value)) };
}

/**
 * Has nodes alone count, or a resource beside them or in their place. It becomes a core resource, and the one before it
 * none.
 *
 * @throws RpcError ERROR_NOT_QUORUM_CAPABLE, ERROR_RESOURCE_NOT_ONLINE, ERROR_INVALID_STATE, ERROR_DEPENDENCY_NOT_ALLOWED
 */
export function setQuorum(tx: Transaction, wanted: Quorum): void {
  const { resource } = wanted;
  if (resource !== null) {
    demandCapable(resource, wanted.logSize);
    if (resource.state !== ResourceState.Online) {
      throw new RpcError(Status.ERROR_RESOURCE_NOT_ONLINE);
    }
    if (resource.maintenance !== 0) throw new RpcError(Status.ERROR_INVALID_STATE);
    demandUnneeded(tx.state, resource);
  }
  chooseQuorum(tx, wanted);
}

/** The same without a look at the resource. */
export function chooseQuorum(tx: Transaction, wanted: Quorum): void {
  const before = quorumOf(tx.state).resource;
  const { resource } = wanted;
  const key = tx.createKey(tx.state.registry, keyName);
  tx.setValue(key, resourceField.value, resourceField.write(resource?.id ?? ""));
  tx.setValue(key, pathField.value, pathField.write(wanted.path));
  tx.setValue(key, logSizeField.value, logSizeField.write(wanted.logSize));
  if (before !== null && before !== resource) tx.configure("resource", before, { isCore: 0 });
  if (resource !== null) tx.configure("resource", resource, { isCore: 1 });
  tx.emit(ofQuorum(resource));
}

/** @throws RpcError ERROR_NOT_QUORUM_CAPABLE for a resource whose type can't count so */
export function demandCapable(resource: Resource, logSize: number): void {
  const isFit = mayBeQuorum(resource.type) && (logSize === withWitness || isStorage(resource.type));
  if (!isFit) throw new RpcError(Status.ERROR_NOT_QUORUM_CAPABLE);
}

/** @throws RpcError ERROR_DEPENDENCY_NOT_ALLOWED for a resource that others need */
export function demandUnneeded(state: ClusterState, resource: Resource): void {
  if (dependentsOf(state, resource).length > 0) {
    throw new RpcError(Status.ERROR_DEPENDENCY_NOT_ALLOWED);
  }
}

/** A path as clients give it: none, a drive, or a drive with a folder. */
export function quorumPath(deviceName: string): string {
  if (deviceName === "") return "\\Cluster\\";
  const path = /^[A-Za-z]:\\?$/.test(deviceName)
    ? `${deviceName.slice(0, 2)}\\Cluster`
    : deviceName;
  return path.endsWith("\\") ? path : `${path}\\`;
}

/** What a node says of itself beside MS-CMRP: its registry and its services ([MS-CMRP] 3.1.3.1, 3.1.3.2). */
import { type AccessToken, readSddl, wellKnownSids } from "@msrpc/auth";
import type { AccessPolicy } from "@msrpc/cluster";
import { memoryRegistry, serveRegistry } from "@msrpc/registry";
import { type AuthLevel, type Caller, type Router, RpcError } from "@msrpc/rpc";
import {
  ServiceManager,
  serveServiceControl,
  serviceStates,
  startTypes,
} from "@msrpc/service-control";

export interface Machine {
  /** Has its service follow what the daemon does. */
  is(status: "serving" | "stopping"): void;
}

const accessDenied = 5;
const users = "S-1-5-32-545";

/** eClusterInstallStateConfigured: a node that has been an active one. Whoever reaches this one reaches an active one. */
const configured = 2;
const clusterServer =
  "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Cluster Server";
const valueName = "ClusterInstallationState";

/** All of these are to be read: nothing that clients would write is kept. */
const readOnlyKeys = readSddl("O:SYG:SYD:P(A;CI;KR;;;BA)(A;CI;KR;;;BU)");
const readOnlyManager = readSddl("O:SYG:SYD:P(A;;0x20015;;;BA)(A;;0x20015;;;BU)");
/** Administrators may try to start, stop and pause it, which it then refuses. */
const service = readSddl("O:SYG:SYD:P(A;;0x201fd;;;BA)(A;;0x2008d;;;BU)");

/**
 * Serves them to those who may do something with the cluster. The service is about to start until it is told otherwise.
 *
 * The document calls ClusterInstallationState a subkey and a value; Windows has a value of the key above. Clients find
 * both.
 */
export function serveMachine(
  router: Router,
  { policy, minimumLevel }: { readonly policy: AccessPolicy; readonly minimumLevel: AuthLevel },
): Machine {
  const token = (caller: Caller): AccessToken => {
    const level = policy(caller);
    if (level === null) throw new RpcError(accessDenied);
    return { sids: level === "all" ? [wellKnownSids.administrators, users] : [users] };
  };
  const tree = {
    [clusterServer]: { [valueName]: configured },
    [`${clusterServer}\\${valueName}`]: { "": configured },
  };
  const registry = memoryRegistry(tree, { security: readOnlyKeys });
  serveRegistry(router, registry, { token, minimumLevel, hives: null });

  const manager = new ServiceManager({ security: readOnlyManager });
  const pending = { exitCode: 0, processId: process.pid };
  const clusterService = manager.add({
    name: "ClusSvc",
    displayName: "Cluster Service",
    startType: startTypes.auto,
    binaryPath: "clusterd",
    security: service,
    extras: { description: "Serves a failover cluster." },
    report: { state: serviceStates.startPending, ...pending },
  });
  serveServiceControl(router, manager, { token, minimumLevel });
  return {
    is(status) {
      const { running, stopPending } = serviceStates;
      const isServing = status === "serving";
      clusterService.report({ state: isServing ? running : stopPending, accepts: 0 });
    },
  };
}

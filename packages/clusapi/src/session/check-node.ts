/**
 * Whether a host is a node whose cluster service runs, as its service control manager and its registry say it: what clients look at
 * before they call the cluster ([MS-CMRP] 3.1.3.1, 3.1.3.2, 3.2.3).
 */
import { winreg } from "@msrpc/ms-rrp";
import { svcctl } from "@msrpc/ms-scmr";
import { createClient, RpcError, type Transport } from "@msrpc/rpc";
import type { InterfaceVersion } from "./link.ts";

/** Why a host can't be asked for its cluster. */
export type NodeProblem =
  /** It has no cluster service, or the service is disabled: it is no node. */
  | "not-configured"
  /** It is a node whose cluster service doesn't run. */
  | "not-running";

/** A host that is no active node of a cluster, by what it says itself. */
export class ClusterNodeError extends Error {
  override readonly name = "ClusterNodeError";
  readonly binding: string;
  readonly problem: NodeProblem;

  constructor(binding: string, problem: NodeProblem, options?: ErrorOptions) {
    const said =
      problem === "not-configured"
        ? "is not configured as a node of a cluster"
        : "is a node, but its cluster service is not running";
    super(`${binding} ${said}`, options);
    this.binding = binding;
    this.problem = problem;
  }
}

const serviceName = "ClusSvc";
const disabled = 4;
const running = 4;
const managerConnect = 0x01;
const queryConfig = 0x01;
const queryStatus = 0x04;
const configSize = 8192;
const keyRead = 0x0002_0019;
const clusterServer = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Cluster Server\0";
const valueName = "ClusterInstallationState\0";
/** eClusterInstallStateUnknown. */
const unknown = 0;

/**
 * Asks. The registry is looked at in version 2.0 alone: a server of 3.0 has nothing there.
 *
 * @throws ClusterNodeError; RpcError, RpcFault and TransportError where the host doesn't answer, or not this client
 */
export async function checkNode(
  binding: string,
  version: InterfaceVersion,
  transport: () => Transport & AsyncDisposable,
): Promise<void> {
  const nobody = isStatus("ERROR_SERVICE_DOES_NOT_EXIST", "ERROR_FILE_NOT_FOUND");
  try {
    await using over = transport();
    if (version === 2 && (await installationState(over)) === unknown) {
      throw new ClusterNodeError(binding, "not-configured");
    }
    const { startType, state } = await clusterService(over);
    if (startType === disabled) throw new ClusterNodeError(binding, "not-configured");
    if (state !== running) throw new ClusterNodeError(binding, "not-running");
  } catch (cause) {
    if (nobody(cause)) throw new ClusterNodeError(binding, "not-configured", { cause });
    throw cause;
  }
}

async function clusterService(
  transport: Transport,
): Promise<{ readonly startType: number; readonly state: number }> {
  await using client = createClient(svcctl, transport);
  const database = { machineName: null, databaseName: null, desiredAccess: managerConnect };
  await using scManager = await client.openScManagerW(database);
  const desiredAccess = queryConfig | queryStatus;
  await using service = await client.openServiceW({ scManager, serviceName, desiredAccess });
  const { serviceConfig } = await client.queryServiceConfigW({ service, bufSize: configSize });
  const { serviceStatus } = await client.queryServiceStatus({ service });
  return { startType: serviceConfig.startType, state: serviceStatus.currentState };
}

async function installationState(transport: Transport): Promise<number> {
  await using client = createClient(winreg, transport);
  const asked = { serverName: null, samDesired: keyRead };
  await using machine = await client.openLocalMachine(asked);
  const subKey = text(clusterServer);
  await using key = await client.openKey({ key: machine, subKey, options: 0, samDesired: keyRead });
  const room = { type: 0, data: new Uint8Array(), dataSize: 4, len: 0 };
  const { data } = await client.queryValue({ key, valueName: text(valueName), ...room });
  return data?.[0] ?? unknown;
}

function text(buffer: string): { length: number; maximumLength: number; buffer: string } {
  return { length: 2 * buffer.length, maximumLength: 2 * buffer.length, buffer };
}

function isStatus(...names: readonly string[]): (error: unknown) => boolean {
  return (error) => error instanceof RpcError && names.includes(error.statusName);
}

/** From a binding and credentials to a session with a node of the cluster. */
import { clientSecurity, type NtlmCredentials, ntlmClient } from "@msrpc/auth";
import { Access, ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import {
  type ClientSecurityProvider,
  formatBinding,
  parseBinding,
  RpcError,
  RpcFault,
  type Transport,
} from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { type EndpointResolver, resolveEndpoint } from "@msrpc/services";
import { ClusterError, ClusterVersionError } from "../errors/cluster-error.ts";
import { namesIn } from "../objects/names.ts";
import { checkNode } from "./check-node.ts";
import type { InterfaceVersion } from "./link.ts";
import { Session, type SessionOptions } from "./session.ts";

export interface ConnectOptions {
  /**
   * Who manages the cluster: an account for NTLM within SPNEGO, or a provider as it is, `spnegoClient([kerberosClient(
   * {}, { service })])` for Kerberos. Default: nobody, whom only a test server takes.
   */
  readonly credentials?: NtlmCredentials | ClientSecurityProvider;
  /**
   * Of the interface: 3, as Windows Server 2008 and later have it, or 2 for what came before, without what only 3.0 can
   * do: those calls are ClusterErrors RPC_S_PROCNUM_OUT_OF_RANGE. Accounts log on by NTLM alone there. Default: 3.
   */
  readonly version?: InterfaceVersion;
  /** What objects are opened for. In 2.0 there is all or nothing. Default: "most", which is all that the account may. */
  readonly access?: "read" | "most" | "all";
  /** Milliseconds for each call without a limit of its own. Default: 30,000. */
  readonly timeout?: number;
  /**
   * String bindings of nodes to go on with where the one that is connected to is lost; none to stay with that one.
   * Default: the cluster by its name and its nodes by theirs, at the port that the binding has.
   */
  readonly candidates?: readonly string[];
  /** Is told the binding of the node that calls now go to, and what became of the last one. */
  readonly onReconnect?: (binding: string, error: unknown) => void;
  /**
   * Asks the host's service control manager first whether its cluster service is there and runs, and in version 2.0 its registry,
   * as [MS-CMRP] 3.2.3 has clients do: what is no active node is then a ClusterNodeError. It takes a server of MS-SCMR at the
   * binding's port, or one that the endpoint mapper knows. Default: false, and the cluster is asked at once.
   */
  readonly checkNode?: boolean;
  /** Finds the ports of bindings that have none. Default: the endpoint mapper of the host is asked. */
  readonly resolveEndpoint?: EndpointResolver;
}

/** Of Kerberos: `MSServerClusterMgmtAPI/node1.example.com` ([MS-CMRP] 2.1). */
export const serviceClass = "MSServerClusterMgmtAPI";

const accesses = {
  read: Access.GenericRead,
  most: Access.MaximumAllowed,
  all: Access.GenericAll,
} as const;

export async function open(binding: string, options: ConnectOptions): Promise<Session> {
  const { version = 3, resolveEndpoint: resolver = resolveEndpoint } = options;
  const security = securityOf(options.credentials, version);
  const transport = (to: string): Transport & AsyncDisposable =>
    tcpTransport(to, {
      resolveEndpoint: resolver,
      ...(security && { security, level: "privacy" }),
    });
  if (options.checkNode === true) await checkNode(binding, version, () => transport(binding));
  const session = await begin(transport(binding), options).catch(async (error: unknown) => {
    if (version === 3 && isUnknown(error) && (await hasVersion2(transport(binding)))) {
      throw new ClusterVersionError(binding, { cause: error });
    }
    throw error;
  });
  try {
    const bindings = options.candidates ?? (await clusterBindings(session, binding));
    const isOf = (one: string, nodeName: string): boolean => leadsTo(one, nodeName);
    session.reconnectTo({ bindings, transport, isOf }, binding);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

export async function openOver(
  transport: Transport & Partial<AsyncDisposable>,
  options: ConnectOptions,
): Promise<Session> {
  return await begin(transport, options);
}

async function begin(
  transport: Transport & Partial<AsyncDisposable>,
  { version = 3, access = "most", timeout = 30_000, onReconnect }: ConnectOptions,
): Promise<Session> {
  const options: SessionOptions = {
    version,
    access: accesses[access],
    timeout,
    onReconnect: onReconnect ?? ((): void => {}),
  };
  const session = new Session(transport, options);
  try {
    await session.begin();
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

function securityOf(
  credentials: ConnectOptions["credentials"],
  version: InterfaceVersion,
): ClientSecurityProvider | null {
  if (credentials === undefined) return null;
  const isProvider = "createContext" in credentials;
  return version === 3 || isProvider ? clientSecurity(credentials) : ntlmClient(credentials);
}

/** Nobody serves the interface there. */
function isUnknown(error: unknown): boolean {
  if (error instanceof ClusterError) return isUnknown(error.cause);
  if (error instanceof RpcError) return error.statusName === "EPT_S_NOT_REGISTERED";
  return error instanceof RpcFault && error.statusName === "nca_s_unk_if";
}

/** Whether version 2.0 is served there, to whomever. */
async function hasVersion2(transport: Transport & Partial<AsyncDisposable>): Promise<boolean> {
  try {
    await using _session = await begin(transport, { version: 2 });
    return true;
  } catch (error) {
    return error instanceof RpcFault ? !isUnknown(error) : error instanceof ClusterError;
  }
}

/** [MS-CMRP] 3.2.3.3: the cluster's name and those of its nodes, in the place of the host. */
async function clusterBindings(session: Session, binding: string): Promise<string[]> {
  const { returnEnum } = await session.call("the cluster", (api) =>
    api.createEnum({ type: ClusterEnum.Node }),
  );
  const parsed = parseBinding(binding);
  const hosts = [session.names.clusterName, ...namesIn(returnEnum)];
  return hosts.filter((host) => host !== "").map((host) => formatBinding({ ...parsed, host }));
}

/** The host of a binding is a node's name, or one with its domain. */
function leadsTo(binding: string, nodeName: string): boolean {
  const host = parseBinding(binding).host.toLowerCase();
  const name = nodeName.toLowerCase();
  return host === name || host.startsWith(`${name}.`);
}

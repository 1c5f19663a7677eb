/** From a binding and credentials to a session with a node of the cluster. */
import { type NtlmCredentials, ntlmClient, spnegoClient } from "@msrpc/auth";
import { Access, ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import {
  type ClientSecurityProvider,
  formatBinding,
  parseBinding,
  type Transport,
} from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { type EndpointResolver, resolveEndpoint } from "@msrpc/services";
import { namesIn } from "../objects/cluster-object.ts";
import { Session } from "./session.ts";

export interface ConnectOptions {
  /**
   * Who manages the cluster: an account for NTLM within SPNEGO, or a provider as it is, `spnegoClient([kerberosClient(
   * {}, { service })])` for Kerberos. Default: nobody, whom only a test server takes.
   */
  readonly credentials?: NtlmCredentials | ClientSecurityProvider;
  /** What objects are opened for. Default: "most", which is all that the account may. */
  readonly access?: "read" | "most" | "all";
  /** Milliseconds for each call without a limit of its own. Default: 30,000. */
  readonly timeout?: number;
  /**
   * String bindings of nodes to go on with where the one that is connected to is lost; none to stay with that one.
   * Default: the nodes of the cluster by their names, at the port that the binding has.
   */
  readonly candidates?: readonly string[];
  /** Is told the binding of the node that calls now go to, and what became of the last one. */
  readonly onReconnect?: (binding: string, error: unknown) => void;
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
  const security = securityOf(options.credentials);
  const resolver = options.resolveEndpoint ?? resolveEndpoint;
  const transport = (to: string): Transport & AsyncDisposable =>
    tcpTransport(to, {
      resolveEndpoint: resolver,
      ...(security && { security, level: "privacy" }),
    });
  const session = await openOver(transport(binding), options);
  try {
    const bindings = options.candidates ?? (await nodeBindings(session, binding));
    session.reconnectTo({ bindings, transport }, binding);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

export async function openOver(
  transport: Transport & Partial<AsyncDisposable>,
  { access = "most", timeout = 30_000, onReconnect }: ConnectOptions,
): Promise<Session> {
  const session = new Session(transport, {
    access: accesses[access],
    timeout,
    onReconnect: onReconnect ?? ((): void => {}),
  });
  try {
    await session.call("the cluster", (api) => api.getClusterName());
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

function securityOf(credentials: ConnectOptions["credentials"]): ClientSecurityProvider | null {
  if (credentials === undefined) return null;
  return "createContext" in credentials ? credentials : spnegoClient([ntlmClient(credentials)]);
}

/** [MS-CMRP] 3.2.3.3: the names of the cluster's nodes, in the place of the host. */
async function nodeBindings(session: Session, binding: string): Promise<string[]> {
  const { returnEnum } = await session.call("the cluster", (api) =>
    api.createEnum({ type: ClusterEnum.Node }),
  );
  const parsed = parseBinding(binding);
  return namesIn(returnEnum).map((host) => formatBinding({ ...parsed, host }));
}

/** What `tcpTransport` asks where a binding names no port. */
import { epm } from "@msrpc/dce-rpc/epm";
import { type CallOptions, formatBinding, TransportError } from "@msrpc/rpc";
import type { TcpOptions } from "@msrpc/rpc/tcp";
import { mapperPort, type ServiceOptions } from "./connect.ts";
import { mapEndpoints } from "./map-endpoints.ts";

export interface ResolverOptions extends Omit<ServiceOptions, keyof CallOptions> {
  /** String binding of the mapper. Default: port 135 of the host that is looked for. */
  readonly mapper?: string;
  /** Milliseconds for the mapper's answer. Default: 15,000. */
  readonly timeout?: number;
}

export type EndpointResolver = NonNullable<TcpOptions["resolveEndpoint"]>;

/**
 * A resolver that asks a mapper of its own, with credentials ([MS-RPCE] 3.3.2.6.3: those of the calls, at level
 * integrity) or another limit on time. It keeps nothing: each new connection asks again.
 */
export function endpointResolver(options: ResolverOptions = {}): EndpointResolver {
  const { mapper, timeout = 15_000, ...tcpOptions } = options;
  return async (binding, target) => {
    if (target.uuid === epm.uuid) return [mapperPort];
    const { protocol, object, host } = binding;
    const where = mapper ?? mapperAt(host);
    const deadline = new Date(Date.now() + timeout);
    const query = { interface: target, protocol, object };
    try {
      const found = await mapEndpoints(where, query, { ...tcpOptions, deadline });
      return found.map(({ endpoint }) => endpoint);
    } catch (error) {
      const asked = `the endpoint mapper at ${where} was asked for a port`;
      if (error instanceof TransportError) {
        throw new TransportError(error.code, `${asked}: ${error.message}`, { cause: error });
      }
      if (error instanceof DOMException && error.name === "TimeoutError") {
        const message = `${asked}: no answer in ${timeout} ms`;
        throw new TransportError("unreachable", message, { cause: error });
      }
      throw error;
    }
  };
}

/**
 * Finds the port of an interface by the endpoint mapper at port 135 of the same host, without authentication:
 * `tcpTransport("ncacn_ip_tcp:host", { resolveEndpoint })`.
 *
 * @throws RpcError EPT_S_NOT_REGISTERED, RpcFault, TransportError
 */
export const resolveEndpoint: EndpointResolver = endpointResolver();

function mapperAt(host: string): string {
  return formatBinding({
    protocol: "ncacn_ip_tcp",
    object: null,
    host,
    endpoint: mapperPort,
    options: [],
  });
}

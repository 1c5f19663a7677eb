/** Clients of the two services, over a transport that is at hand or one of their own. */
import {
  type AnyOperation,
  type CallOptions,
  type Client,
  createClient,
  type InterfaceDescriptor,
  parseBinding,
  formatBinding,
  type Transport,
} from "@msrpc/rpc";
import { type TcpOptions, tcpOptionsOf, tcpTransport } from "@msrpc/rpc/tcp";

/** The port of every endpoint mapper over TCP. */
export const mapperPort = "135";

/** Where a service is: a string binding, without an endpoint at port 135; or a transport, which is left open. */
export type ServiceTarget = string | Transport;

/** How to get there: credentials, limits, and a signal or deadline for what is asked. */
export interface ServiceOptions extends Omit<TcpOptions, "object">, CallOptions {}

/** A client with what ends it: the transport as well, where it was made for it. */
export interface ServiceClient<Operations> extends AsyncDisposable {
  readonly client: Client<Operations>;
}

/**
 * @throws BindingError, TypeError for a binding that is none
 */
export function connectService<Operations extends Readonly<Record<string, AnyOperation>>>(
  descriptor: InterfaceDescriptor<Operations>,
  target: ServiceTarget,
  options: ServiceOptions,
): ServiceClient<Operations> {
  if (typeof target !== "string") {
    const client = createClient(descriptor, target);
    return { client, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
  }
  const binding = parseBinding(target);
  const whole = formatBinding({ ...binding, endpoint: binding.endpoint ?? mapperPort });
  const transport = tcpTransport(whole, tcpOptionsOf(options));
  const client = createClient(descriptor, transport);
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
    },
  };
}

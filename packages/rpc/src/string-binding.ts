/** String bindings of what is called here: `ncacn_ip_tcp:host[endpoint,option,name=value]`. */
import {
  BindingError,
  bindingHost,
  bindingPart,
  bindingValue,
  splitBinding,
} from "./binding-text.ts";

/** `ncacn_unix_stream` is a Unix socket, its path the endpoint, as Samba has it. */
export type ProtocolSequence = "ncacn_ip_tcp" | "ncacn_unix_stream";

export interface StringBinding {
  readonly protocol: ProtocolSequence;
  /** Object UUID before an `@`; null without one. */
  readonly object: string | null;
  /** Name or address, without brackets; empty for the machine itself, and for a Unix socket. */
  readonly host: string;
  /** A port number, or the path of a socket; null where the endpoint mapper has to be asked. */
  readonly endpoint: string | null;
  /** What follows the endpoint, in order; the value of an option without one is null. */
  readonly options: readonly { readonly name: string; readonly value: string | null }[];
}

/**
 * Parses a string binding: `[object@]protocol:[host][[[endpoint][,option]...]]`. An IPv6 address may stand in
 * brackets of its own, `ncacn_ip_tcp:[::1][135]`. A backslash takes its meaning from a comma, bracket, equals sign or backslash
 * behind it.
 *
 * @throws BindingError
 */
export function parseBinding(text: string): StringBinding {
  const { object, host, hostAt, parts, partsAt, ...form } = splitBinding(text);
  const protocol = protocolOf(text, form);
  const first = parts[0];
  let endpoint: string | null = null;
  if (first?.name === "endpoint" && first.value !== null) endpoint = first.value;
  else if (first?.value === null && isEndpoint(protocol, first.text)) endpoint = first.text;
  const options = (endpoint === null ? parts : parts.slice(1)).filter((part) => part.text !== "");
  if (endpoint === "") endpoint = null;
  check(text, { protocol, host, endpoint, hostAt, endpointAt: first?.at ?? partsAt });
  return {
    protocol,
    object,
    host,
    endpoint,
    options: options.map(({ name, value }) => ({ name, value })),
  };
}

/** The text that `parseBinding` makes the same binding of. */
export function formatBinding(binding: StringBinding): string {
  const { protocol, object, host, endpoint, options } = binding;
  const extra = options.map(({ name, value }) =>
    value === null ? bindingPart(name) : `${bindingPart(name)}=${bindingValue(value)}`,
  );
  const inside = [bindingPart(endpoint ?? ""), ...extra].join(",");
  const prefix = object === null ? "" : `${object}@`;
  return `${prefix}${protocol}:${bindingHost(host)}${inside === "" ? "" : `[${inside}]`}`;
}

function protocolOf(
  text: string,
  { protocol, protocolAt }: { readonly protocol: string; readonly protocolAt: number },
): ProtocolSequence {
  const name = protocol.toLowerCase();
  if (name === "ncacn_ip_tcp" || name === "ncacn_unix_stream") return name;
  const rest = text.slice(protocolAt + protocol.length + 1);
  const hint = /^\d+$/.test(rest)
    ? `a port stands in brackets, as in ncacn_ip_tcp:${protocol}[${rest}]`
    : "ncacn_ip_tcp and ncacn_unix_stream are";
  throw new BindingError(text, protocolAt, `${protocol} is not supported: ${hint}`);
}

function isEndpoint(protocol: ProtocolSequence, text: string): boolean {
  return protocol === "ncacn_ip_tcp" ? /^\d+$/.test(text) : text.includes("/");
}

function check(
  text: string,
  binding: {
    readonly protocol: ProtocolSequence;
    readonly host: string;
    readonly endpoint: string | null;
    readonly hostAt: number;
    readonly endpointAt: number;
  },
): void {
  const { protocol, host, endpoint, hostAt, endpointAt } = binding;
  if (protocol === "ncacn_unix_stream") {
    if (host !== "") throw new BindingError(text, hostAt, "a Unix socket has no host");
    if (endpoint === null) {
      throw new BindingError(text, endpointAt, "the path of a Unix socket stands in brackets");
    }
    return;
  }
  if (host.includes(":") && !/^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(%[\w.-]+)?$/i.test(host)) {
    throw new BindingError(text, hostAt, `${host} is no host: a port stands in brackets`);
  }
  if (/[\s/\\@\]]/.test(host)) throw new BindingError(text, hostAt, `${host} is no host`);
  if (endpoint !== null && !(/^\d+$/.test(endpoint) && Number(endpoint) <= 65_535)) {
    throw new BindingError(text, endpointAt, `${endpoint} is no port`);
  }
}

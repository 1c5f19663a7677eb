/** String bindings: `ncacn_ip_tcp:host[endpoint,option,name=value]` ([C706] 3.1, [MS-RPCE] 2.2.1.1). */
import { isUuid } from "@msrpc/ndr";

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

const form = /^(?:([^@]*)@)?([a-z_0-9]+):(\[[0-9a-f:.%a-z]+\]|[^[]*)(?:\[([^\]]*)\])?$/i;

/**
 * Parses a string binding. An IPv6 address may stand in brackets of its own, `ncacn_ip_tcp:[::1][135]`, and
 * must where there is no endpoint.
 *
 * @throws SyntaxError
 */
export function parseBinding(text: string): StringBinding {
  const match = form.exec(text);
  if (match === null) throw new SyntaxError(`${text} is no string binding`);
  const [, object = null, sequence = "", address = "", bracket = ""] = match;
  const protocol = protocolOf(sequence);
  if (object !== null && !isUuid(object)) {
    throw new SyntaxError(`${object} is no object UUID, in ${text}`);
  }
  const parts = bracket === "" ? [] : bracket.split(",").map((part) => part.trim());
  let [endpoint = ""] = parts;
  const rest = parts.slice(1);
  // Options may stand alone, or the endpoint among them by its name.
  if (endpoint.startsWith("endpoint=")) endpoint = endpoint.slice("endpoint=".length);
  else if (!isEndpoint(protocol, endpoint)) {
    if (endpoint !== "") rest.unshift(endpoint);
    endpoint = "";
  }
  const options = rest.filter((part) => part !== "").map(parseOption);
  const host = address.replace(/^\[|\]$/g, "");
  if (protocol === "ncacn_unix_stream" && (host !== "" || endpoint === "")) {
    throw new SyntaxError(`${text} should be ncacn_unix_stream:[/path/of/socket]`);
  }
  if (protocol === "ncacn_ip_tcp" && endpoint !== "" && Number(endpoint) > 65_535) {
    throw new SyntaxError(`${endpoint} is no port, in ${text}`);
  }
  return {
    protocol,
    object: object?.toLowerCase() ?? null,
    host,
    endpoint: endpoint === "" ? null : endpoint,
    options,
  };
}

/** The text that `parseBinding` makes the same binding of. */
export function formatBinding(binding: StringBinding): string {
  const { protocol, object, host, endpoint, options } = binding;
  const address = host.includes(":") ? `[${host}]` : host;
  const extra = options.map(({ name, value }) => (value === null ? name : `${name}=${value}`));
  const inside = [endpoint ?? "", ...extra].join(",");
  const prefix = object === null ? "" : `${object}@`;
  return `${prefix}${protocol}:${address}${inside === "" ? "" : `[${inside}]`}`;
}

function protocolOf(sequence: string): ProtocolSequence {
  const name = sequence.toLowerCase();
  if (name === "ncacn_ip_tcp" || name === "ncacn_unix_stream") return name;
  throw new SyntaxError(`${sequence} is not supported: ncacn_ip_tcp and ncacn_unix_stream are`);
}

function isEndpoint(protocol: ProtocolSequence, text: string): boolean {
  return protocol === "ncacn_ip_tcp" ? /^\d+$/.test(text) : text.includes("/");
}

function parseOption(part: string): { name: string; value: string | null } {
  const at = part.indexOf("=");
  if (at === -1) return { name: part.toLowerCase(), value: null };
  return { name: part.slice(0, at).trim().toLowerCase(), value: part.slice(at + 1).trim() };
}

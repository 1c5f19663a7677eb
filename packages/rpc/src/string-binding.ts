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

/** Text that is no string binding. */
export class BindingError extends SyntaxError {
  override readonly name = "BindingError";
  /** Where in the text it goes wrong, from 0. */
  readonly position: number;

  constructor(text: string, position: number, problem: string) {
    super(`${problem}, at character ${position + 1} of the binding ${text}`);
    this.position = position;
  }
}

/**
 * Parses a string binding: `[object@]protocol:[host][[[endpoint][,option]...]]`. An IPv6 address may stand in
 * brackets of its own, `ncacn_ip_tcp:[::1][135]`. A backslash takes its meaning from the character behind it.
 *
 * @throws BindingError
 */
export function parseBinding(text: string): StringBinding {
  const colon = text.indexOf(":");
  if (colon === -1) throw new BindingError(text, 0, "there is no protocol before a colon");
  const at = text.lastIndexOf("@", colon);
  const object = at === -1 ? null : text.slice(0, at).toLowerCase();
  if (object !== null && !isUuid(object)) {
    throw new BindingError(text, 0, `${object} is no object UUID`);
  }
  const protocol = protocolOf(text, at + 1, colon);
  const { host, end } = hostOf(text, colon + 1);
  const parts = partsOf(text, end);
  const first = parts[0];
  let endpoint: string | null = null;
  if (first?.name === "endpoint" && first.value !== null) endpoint = first.value;
  else if (first?.value === null && isEndpoint(protocol, first.text)) endpoint = first.text;
  const options = (endpoint === null ? parts : parts.slice(1)).filter((part) => part.text !== "");
  if (endpoint === "") endpoint = null;
  check(text, { protocol, host, endpoint, hostAt: colon + 1, endpointAt: first?.at ?? end });
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
  const address = host.includes(":") ? `[${host}]` : host;
  const extra = options.map(({ name, value }) =>
    value === null ? escaped(name) : `${escaped(name)}=${escaped(value)}`,
  );
  const inside = [escaped(endpoint ?? ""), ...extra].join(",");
  const prefix = object === null ? "" : `${object}@`;
  return `${prefix}${protocol}:${address}${inside === "" ? "" : `[${inside}]`}`;
}

/** What would end a part, or stand for something else, gets a backslash. */
function escaped(text: string): string {
  return text.replace(/[\\,\]]/g, "\\$&");
}

function protocolOf(text: string, start: number, end: number): ProtocolSequence {
  const sequence = text.slice(start, end);
  const name = sequence.toLowerCase();
  if (name === "ncacn_ip_tcp" || name === "ncacn_unix_stream") return name;
  const rest = text.slice(end + 1);
  const hint = /^\d+$/.test(rest)
    ? `a port stands in brackets, as in ncacn_ip_tcp:${sequence}[${rest}]`
    : "ncacn_ip_tcp and ncacn_unix_stream are";
  const problem = `${sequence} is not supported: ${hint}`;
  throw new BindingError(text, start, problem);
}

/** The host from `start` on, and where what follows begins. */
function hostOf(text: string, start: number): { readonly host: string; readonly end: number } {
  const inBrackets = /^\[([0-9a-f.]*:[0-9a-z:.%_-]*)\]/i.exec(text.slice(start));
  if (inBrackets !== null) {
    const [whole, host = ""] = inBrackets;
    return { host, end: start + whole.length };
  }
  const bracket = text.indexOf("[", start);
  const end = bracket === -1 ? text.length : bracket;
  return { host: text.slice(start, end), end };
}

interface Part {
  readonly at: number;
  readonly text: string;
  readonly name: string;
  readonly value: string | null;
}

/** What stands in the brackets that start at `start`, between its commas. */
function partsOf(text: string, start: number): Part[] {
  if (start === text.length) return [];
  if (text[start] !== "[") throw new BindingError(text, start, "behind the host comes a bracket");
  const parts: Part[] = [];
  let [part, at, equals] = ["", start + 1, -1];
  for (let i = start + 1; i < text.length; i++) {
    const character = text[i];
    if (character === "," || character === "]") {
      parts.push(partOf(part, at, equals));
      [part, at, equals] = ["", i + 1, -1];
      if (character === ",") continue;
      if (i === text.length - 1) return parts;
      throw new BindingError(text, i + 1, "nothing comes behind the closing bracket");
    }
    if (character === "=" && equals === -1) equals = part.length;
    if (character === "\\" && ++i === text.length) break;
    part += text[i] ?? "";
  }
  throw new BindingError(text, text.length, "the closing bracket is missing");
}

function partOf(text: string, at: number, equals: number): Part {
  if (equals === -1) return { at, text: text.trim(), name: text.trim().toLowerCase(), value: null };
  const name = text.slice(0, equals).trim().toLowerCase();
  return { at, text: text.trim(), name, value: text.slice(equals + 1).trim() };
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

/** Endpoints as text and as towers: one protocol sequence, an address, and where to knock there. */
import { type SyntaxId, transferSyntaxes } from "@msrpc/ndr";
import { BindingError, bindingHost, bindingPart, type InterfaceId, splitBinding } from "@msrpc/rpc";
import { type Floor, isIpv4, type KnownProtocol } from "./floor.ts";
import type { ProtocolTower } from "./tower.ts";

/** Protocol sequences that towers are made of here ([MS-RPCE] 2.1). */
export type TowerProtocol =
  "ncacn_ip_tcp" | "ncacn_http" | "ncadg_ip_udp" | "ncacn_np" | "ncalrpc" | "ncacn_unix_stream";

export interface Endpoint {
  readonly protocol: TowerProtocol;
  /** Name or address; empty for any address of the machine. */
  readonly host: string;
  /** A port number, the name of a pipe, the path of a socket. Empty in a tower that asks for one. */
  readonly endpoint: string;
}

/** The protocols of the floors above the transfer syntax. */
const stacks: Readonly<Record<TowerProtocol, readonly KnownProtocol[]>> = {
  ncacn_ip_tcp: ["ncacn", "tcp", "ip"],
  ncacn_http: ["ncacn", "http", "ip"],
  ncadg_ip_udp: ["ncadg", "udp", "ip"],
  ncacn_np: ["ncacn", "smb", "netbios"],
  ncalrpc: ["ncalrpc", "pipe"],
  ncacn_unix_stream: ["ncacn", "unix"],
};

/**
 * An endpoint from a string binding, as servers listen at it: `ncacn_ip_tcp:[135]`, `ncacn_np:[\pipe\lsass]`.
 *
 * @throws BindingError for what names no endpoint, or a protocol that has no towers here
 */
export function parseEndpoint(text: string): Endpoint {
  const { object, protocol: sequence, protocolAt, host, parts, partsAt } = splitBinding(text);
  const protocol = sequence.toLowerCase();
  const [first, ...options] = parts;
  if (!isTowerProtocol(protocol)) {
    const known = Object.keys(stacks).join(", ");
    throw new BindingError(text, protocolAt, `${sequence} has no towers here, as have ${known}`);
  }
  if (object !== null) throw new BindingError(text, 0, "an endpoint has no object");
  if (first === undefined || first.text === "") {
    throw new BindingError(text, partsAt, "the endpoint is missing");
  }
  if (options[0] !== undefined) {
    throw new BindingError(text, options[0].at, "an endpoint has no options");
  }
  const endpoint = first.text;
  const isPort = /^\d+$/.test(endpoint) && Number(endpoint) <= 0xffff;
  if (stacks[protocol].includes("ip") && !isPort) {
    throw new BindingError(text, first.at, `${endpoint} is no port`);
  }
  return { protocol, host, endpoint };
}

/** The text that `parseEndpoint` makes the same endpoint of. */
export function formatEndpoint({ protocol, host, endpoint }: Endpoint): string {
  return `${protocol}:${bindingHost(host)}[${bindingPart(endpoint)}]`;
}

/**
 * The tower of an interface at an endpoint. Of hosts only IPv4 addresses and, for ncacn_np, names have a form: others
 * stand as 0.0.0.0, and whoever reads the tower goes on with the host he has ([MS-RPCE] 3.1.3.5.3).
 *
 * @throws TowerError for a port or name that can't be encoded
 */
export function towerOf(
  target: InterfaceId,
  { protocol, host, endpoint }: Endpoint,
  transferSyntax: SyntaxId = transferSyntaxes.ndr,
): ProtocolTower {
  const floors = stacks[protocol].map((name): Floor => {
    switch (name) {
      case "ncacn":
      case "ncadg":
      case "ncalrpc":
        return { protocol: name, minorVersion: 0 };
      case "tcp":
      case "udp":
      case "http":
        return { protocol: name, port: Number(endpoint) };
      case "ip":
        return { protocol: name, address: isIpv4(host) ? host : "0.0.0.0" };
      case "netbios":
        return { protocol: name, name: host };
      case "smb":
      case "pipe":
      case "unix":
        return { protocol: name, name: endpoint };
    }
  });
  const { uuid, version } = target;
  return { interface: { uuid, version }, transferSyntax, floors };
}

/** The endpoint that a tower leads to; null where its protocols are no sequence that is known here. */
export function endpointOf({ floors }: ProtocolTower): Endpoint | null {
  const names = floors.map(({ protocol }) => protocol);
  const protocol = Object.keys(stacks).find(
    (name): name is TowerProtocol => isTowerProtocol(name) && stacks[name].join() === names.join(),
  );
  if (protocol === undefined) return null;
  let host = "";
  let endpoint = "";
  for (const floor of floors) {
    if (floor.protocol === "ip") host = floor.address === "0.0.0.0" ? "" : floor.address;
    else if (floor.protocol === "netbios") host = floor.name;
    else if ("port" in floor) endpoint = floor.port === 0 ? "" : String(floor.port);
    else if ("name" in floor) endpoint = floor.name;
  }
  return { protocol, host, endpoint };
}

function isTowerProtocol(name: string): name is TowerProtocol {
  return Object.hasOwn(stacks, name);
}

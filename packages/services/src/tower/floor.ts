/** The floors of a tower above its interface and transfer syntax ([C706] appendices I and L). */
import { TowerError } from "./tower-error.ts";

/** A protocol, and what it has for an address. */
export type Floor =
  /** RPC itself: connection-oriented, connectionless, local. */
  | { readonly protocol: "ncacn" | "ncadg" | "ncalrpc"; readonly minorVersion: number }
  | { readonly protocol: "tcp" | "udp" | "http"; readonly port: number }
  /** An IPv4 address: `192.0.2.1`. There is no floor for IPv6. */
  | { readonly protocol: "ip"; readonly address: string }
  /** A named pipe over SMB, a local endpoint, a host's NetBIOS name, the path of a Unix socket. */
  | { readonly protocol: "smb" | "pipe" | "netbios" | "unix"; readonly name: string }
  /** Any other protocol, as it came. */
  | {
      readonly protocol: "other";
      readonly id: number;
      readonly related: Uint8Array;
      readonly address: Uint8Array;
    };

/** Protocols of floors that are understood here. */
export type KnownProtocol = Exclude<Floor["protocol"], "other">;

/** Protocol identifiers ([C706] appendix I; 0x0F, 0x10, 0x11 and 0x1F as Windows has them, 0x20 as Samba does). */
const ids: Readonly<Record<KnownProtocol, number>> = {
  tcp: 0x07,
  udp: 0x08,
  ip: 0x09,
  ncadg: 0x0a,
  ncacn: 0x0b,
  ncalrpc: 0x0c,
  smb: 0x0f,
  pipe: 0x10,
  netbios: 0x11,
  http: 0x1f,
  unix: 0x20,
};

const byId = new Map(Object.entries(ids).map(([name, id]) => [id, name as KnownProtocol]));

/** The floor's protocol identifier. */
export function floorId(floor: Floor): number {
  return floor.protocol === "other" ? floor.id : ids[floor.protocol];
}

/**
 * The floor of a protocol identifier with the octets behind it (left-hand side) and its address (right-hand side).
 *
 * @throws TowerError bad_floor
 */
export function readFloor(id: number, related: Uint8Array, address: Uint8Array): Floor {
  const protocol = byId.get(id);
  switch (protocol) {
    case undefined:
      return { protocol: "other", id, related, address };
    case "ncacn":
    case "ncadg":
    case "ncalrpc":
      return { protocol, minorVersion: word(protocol, related, address, true) };
    case "tcp":
    case "udp":
    case "http":
      return { protocol, port: word(protocol, related, address, false) };
    case "ip":
      expectLength(protocol, related, address, 4);
      return { protocol, address: address.join(".") };
    case "smb":
    case "pipe":
    case "netbios":
    case "unix":
      return { protocol, name: text(protocol, related, address) };
  }
}

/** @throws TowerError bad_value */
export function addressOf(floor: Floor): Uint8Array {
  switch (floor.protocol) {
    case "other":
      return floor.address;
    case "ncacn":
    case "ncadg":
    case "ncalrpc": {
      const value = checkWord(floor.minorVersion, "minor version");
      return Uint8Array.of(value, value >> 8);
    }
    case "tcp":
    case "udp":
    case "http": {
      const value = checkWord(floor.port, "port");
      return Uint8Array.of(value >> 8, value);
    }
    case "ip":
      return ipOctets(floor.address);
    case "smb":
    case "pipe":
    case "netbios":
    case "unix":
      return nameOctets(floor.name);
  }
}

/** Whether a text is an IPv4 address in its usual form. */
export function isIpv4(address: string): boolean {
  const parts = address.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

function ipOctets(address: string): Uint8Array {
  if (!isIpv4(address)) throw new TowerError("bad_value", `${address} is no IPv4 address`);
  return Uint8Array.from(address.split("."), Number);
}

/** Ends with a NUL ([MS-RPCE] 2.1.1.2). */
function nameOctets(name: string): Uint8Array {
  if (!/^[\u0001-\u00ff]*$/.test(name)) {
    throw new TowerError(
      "bad_value",
      `${JSON.stringify(name)} has characters that no tower carries`,
    );
  }
  return Uint8Array.from(`${name}\0`, (character) => character.charCodeAt(0));
}

function text(protocol: string, related: Uint8Array, address: Uint8Array): string {
  if (related.length > 0) throw new TowerError("bad_floor", `${protocol} has related data`);
  if (address.length === 0) return "";
  if (address.indexOf(0) !== address.length - 1) {
    throw new TowerError("bad_floor", `the name of ${protocol} does not end at its NUL`);
  }
  return String.fromCharCode(...address.subarray(0, -1));
}

function word(
  protocol: string,
  related: Uint8Array,
  address: Uint8Array,
  littleEndian: boolean,
): number {
  expectLength(protocol, related, address, 2);
  const [first = 0, second = 0] = address;
  return littleEndian ? first | (second << 8) : (first << 8) | second;
}

function expectLength(
  protocol: string,
  related: Uint8Array,
  address: Uint8Array,
  length: number,
): void {
  if (related.length === 0 && address.length === length) return;
  const found = `${related.length} related octets and ${address.length} of address`;
  throw new TowerError("bad_floor", `${protocol} has ${found}, not 0 and ${length}`);
}

/** @throws TowerError bad_value for what doesn't fit 16 bits */
export function checkWord(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffff) return value;
  throw new TowerError("bad_value", `${value} is no ${what}`);
}

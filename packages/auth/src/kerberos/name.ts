/** Names of GSSAPI: principals and services. */
import type { Side } from "./error.ts";
import { oids } from "./native/constants.ts";
import type { Gssapi } from "./native/gssapi.ts";
import { NativeHandle } from "./native/handle.ts";

/** Takes over a name of the library. */
export function nameHandle(gss: Gssapi, pointer: bigint): NativeHandle {
  const free = (name: bigint): void => {
    const memory = gss.memory(16);
    memory.setWord(8, name);
    gss.call("releaseName", memory.at(0), memory.at(8));
  };
  return new NativeHandle(free, pointer);
}

/** `alice@EXAMPLE.COM`, `host/server.example.com`. */
export function importPrincipal(gss: Gssapi, side: Side, principal: string): NativeHandle {
  return importName(gss, side, principal, oids.principalName);
}

/** A service on a host, whose realm and full name the library's configuration gives. */
export function importService(gss: Gssapi, service: string, host: string): NativeHandle {
  return importName(gss, "client", `${service}@${host}`, oids.hostService);
}

function importName(gss: Gssapi, side: Side, name: string, type: string): NativeHandle {
  const text = Buffer.from(name, "utf8");
  const memory = gss.memory(32 + text.length);
  memory.setBuffer(8, memory.put(32, text), text.length);
  const major = gss.call("importName", memory.at(0), memory.at(8), gss.oid(type), memory.at(24));
  gss.check(side, `${JSON.stringify(name)} is no name`, major, memory);
  return nameHandle(gss, memory.word(24));
}

/** A name as people write it: without the @ of a realm that only the KDC knows. */
export function displayName(gss: Gssapi, side: Side, name: NativeHandle): string {
  const memory = gss.memory(24);
  const major = gss.call("displayName", memory.at(0), name.pointer, memory.at(8), null);
  gss.check(side, "a name can't be shown", major, memory);
  return Buffer.from(gss.take(memory, 8)).toString("utf8").replace(/@$/, "");
}

/**
 * The first value of an attribute that the KDC has vouched for; null where there is none.
 * Of a PAC: `urn:mspac:logon-info`.
 */
export function nameAttribute(
  gss: Gssapi,
  name: NativeHandle,
  attribute: string,
): Uint8Array | null {
  const text = Buffer.from(attribute, "latin1");
  const memory = gss.memory(72 + text.length);
  memory.setBuffer(8, memory.put(72, text), text.length);
  const authenticated = 24;
  const complete = 28;
  const more = 32;
  const value = 40;
  const display = 56;
  // Asks for the first value.
  memory.setU32(more, -1);
  const major = gss.call(
    "getNameAttribute",
    memory.at(0),
    name.pointer,
    memory.at(8),
    memory.at(authenticated),
    memory.at(complete),
    memory.at(value),
    memory.at(display),
    memory.at(more),
  );
  const octets = gss.take(memory, value);
  gss.take(memory, display);
  return major === 0 && memory.u32(authenticated) !== 0 ? octets : null;
}

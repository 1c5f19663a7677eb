/** Credentials of GSSAPI: what a client proves itself with, and the keys of a server. */
import { SecurityError } from "@msrpc/rpc";
import { codeOf, problemOf, type Side } from "./error.ts";
import { importPrincipal } from "./name.ts";
import { oids, usages } from "./native/constants.ts";
import type { Gssapi } from "./native/gssapi.ts";
import { NativeHandle } from "./native/handle.ts";
import type { NativeMemory } from "./native/memory.ts";

/** Files of a credential by their keys: `ccache`, `client_keytab`, `keytab`. */
type CredentialStore = Readonly<Record<string, string | undefined>>;

interface Wanted {
  readonly side: Side;
  /** Default: whatever the store has. */
  readonly principal?: string | undefined;
  readonly store: CredentialStore;
}

/** No time limit, as long as the KDC lets it be. */
const indefinite = 0xffffffff;

/** Opens a cache or a keytab. A client keytab is traded for a ticket here. @throws KerberosError */
export async function acquireCredential(gss: Gssapi, wanted: Wanted): Promise<NativeHandle> {
  const { side, principal, store } = wanted;
  using name = principal === undefined ? null : importPrincipal(gss, side, principal);
  const memory = gss.memory(16);
  const entries = keyValues(gss, store);
  const major = await gss.later(
    "acquireCredential",
    memory.at(0),
    name?.pointer ?? null,
    indefinite,
    gss.mechanisms,
    side === "client" ? usages.initiate : usages.accept,
    entries?.at(0) ?? null,
    memory.at(8),
    null,
    null,
  );
  const files = Object.entries(store).filter(([, value]) => value !== undefined);
  const where = files.map(([key, value]) => `in ${key} ${value}`);
  const who = principal === undefined ? [] : [`of ${principal}`];
  const what = ["no credentials", ...who, ...where].join(" ");
  gss.check(side, what, major, memory);
  return credentialHandle(gss, side, memory.word(8));
}

/** Gets a ticket for a password, and another one when that is about to expire. @throws KerberosError */
export async function acquireByPassword(
  gss: Gssapi,
  principal: string,
  password: Uint8Array,
): Promise<NativeHandle> {
  using name = importPrincipal(gss, "client", principal);
  const memory = gss.memory(32 + password.length);
  memory.setBuffer(8, memory.put(32, password), password.length);
  const major = await gss.later(
    "acquireByPassword",
    memory.at(0),
    name.pointer,
    memory.at(8),
    indefinite,
    gss.mechanisms,
    usages.initiate,
    memory.at(24),
    null,
    null,
  );
  memory.octets.fill(0, 32);
  const minor = memory.u32(0);
  const found = problemOf(major, minor);
  if (found !== null) {
    // Some KDCs answer in any case, and the answer can't be read without the password.
    const problem = found === "wrong_key" ? "wrong_password" : found;
    const what = `no ticket for ${principal}`;
    throw gss.error(problem, codeOf(problem, "client"), what, { major, minor });
  }
  return credentialHandle(gss, "client", memory.word(24));
}

/** Acquires at the first need, and again after a failure. */
export function once(
  acquire: (gss: Gssapi) => Promise<NativeHandle>,
): (gss: Gssapi) => Promise<NativeHandle> {
  let acquired: Promise<NativeHandle> | null = null;
  return (gss) => {
    const pending = (acquired ??= acquire(gss));
    pending.catch(() => {
      if (acquired === pending) acquired = null;
    });
    return pending;
  };
}

function credentialHandle(gss: Gssapi, side: Side, pointer: bigint): NativeHandle {
  const credential = new NativeHandle((held) => {
    const memory = gss.memory(16);
    memory.setWord(8, held);
    gss.call("releaseCredential", memory.at(0), memory.at(8));
  }, pointer);
  if (side === "client") askExactly(gss, credential);
  return credential;
}

/** Servers take the length of signatures from what was asked for: a seal's where only signing is wanted. */
function askExactly(gss: Gssapi, credential: NativeHandle): void {
  const memory = gss.memory(32);
  memory.setWord(8, credential.pointer);
  const major = gss.call(
    "setCredentialOption",
    memory.at(0),
    memory.at(8),
    gss.oid(oids.exactFlags),
    memory.at(16),
  );
  credential.pointer = memory.word(8);
  gss.check("client", "a credential takes no options", major, memory);
}

/** A gss_key_value_set_desc: a count, and pairs of C strings. Null where there is nothing to say. */
function keyValues(gss: Gssapi, store: CredentialStore): NativeMemory | null {
  const entries = Object.entries(store).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return null;
  const texts = entries.flat().map((text) => cString(text ?? ""));
  const size = texts.reduce((sum, { length }) => sum + length, 0);
  const memory = gss.memory(16 + 8 * texts.length + size);
  memory.setU32(0, entries.length);
  memory.setWord(8, memory.at(16));
  let at = 16 + 8 * texts.length;
  for (const [index, text] of texts.entries()) {
    memory.setWord(16 + 8 * index, memory.put(at, text));
    at += text.length;
  }
  return memory;
}

function cString(text: string): Uint8Array {
  if (text.includes("\0")) {
    throw new SecurityError("no_credentials", "Kerberos: a file's name has a zero in it");
  }
  return Buffer.from(`${text}\0`, "utf8");
}

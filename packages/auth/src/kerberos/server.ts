/** The server's side of Kerberos ([MS-KILE] 3.4.5). */
import {
  type ContextRequest,
  type Principal,
  SecurityError,
  type SecurityStep,
  authTypes,
} from "@msrpc/rpc";
import type { ServerMechanism } from "../mechanism.ts";
import { KerberosContext, mechanismOids } from "./context.ts";
import { acquireCredential, once } from "./credential.ts";
import { isRequest, withoutFrame } from "./framing.ts";
import { displayName, nameAttribute, nameHandle } from "./name.ts";
import { contextFlags } from "./native/constants.ts";
import { type Gssapi, loadGssapi } from "./native/gssapi.ts";
import type { NativeHandle } from "./native/handle.ts";
import type { LibraryOptions } from "./native/library.ts";
import { readLogonInfo } from "./pac.ts";

export interface KerberosServerOptions extends LibraryOptions {
  /** The file with the service's keys. Default: that of `KRB5_KTNAME` or of `krb5.conf`, `/etc/krb5.keytab`. */
  readonly keytab?: string;
  /** The one name that clients may call it by: `host/server.example.com`. Default: any whose key is there. */
  readonly principal?: string;
}

/** Kerberos with the keys of a keytab, for a server. */
export function kerberosServer(options: KerberosServerOptions = {}): ServerMechanism {
  const { keytab, principal } = options;
  // One for all contexts: the library looks into the keytab for each of them.
  const acquire = once((gss) =>
    acquireCredential(gss, { side: "server", principal, store: { keytab } }),
  );
  return {
    authType: authTypes.kerberos,
    oids: mechanismOids,
    createContext: (request) => new KerberosServerContext(acquire, request, options),
  };
}

class KerberosServerContext extends KerberosContext {
  readonly #acquire: (gss: Gssapi) => Promise<NativeHandle>;
  readonly #options: LibraryOptions;
  #hasBegun = false;

  constructor(
    acquire: (gss: Gssapi) => Promise<NativeHandle>,
    request: ContextRequest,
    options: LibraryOptions,
  ) {
    super("server", request);
    this.#acquire = acquire;
    this.#options = options;
  }

  protected override async take(received: Uint8Array | null): Promise<SecurityStep> {
    if (received === null) throw this.outOfTurn();
    const token = this.#hasBegun ? received : withoutFrame(received);
    // The library would take others for tokens of other mechanisms.
    if (!this.#hasBegun && !isRequest(token)) {
      throw new SecurityError("bad_token", "Kerberos: the first token is no AP-REQ");
    }
    this.#hasBegun = true;
    const gss = await loadGssapi(this.#options);
    const credential = await this.#acquire(gss);
    const context = this.handle(gss);
    const memory = gss.memory(72 + token.length);
    const [handle, input, output, client, flags] = [8, 16, 32, 48, 56] as const;
    memory.setWord(handle, context.pointer);
    memory.setBuffer(input, memory.put(72, token), token.length);
    const major = await gss.later(
      "acceptContext",
      memory.at(0),
      memory.at(handle),
      credential.pointer,
      memory.at(input),
      null,
      memory.at(client),
      null,
      memory.at(output),
      memory.at(flags),
      null,
      null,
    );
    context.pointer = memory.word(handle);
    const answer = gss.take(memory, output);
    using name = nameHandle(gss, memory.word(client));
    gss.check("server", "the client's token is not taken", major, memory);
    const step = this.legOf(major, answer);
    if (step.complete) {
      const got = memory.u32(flags);
      if ((got & contextFlags.anonymous) !== 0) throw anonymous();
      this.establish(gss, got, principalOf(gss, name));
    }
    return step;
  }
}

function anonymous(): SecurityError {
  return new SecurityError("logon_denied", "Kerberos: anonymous logon is not allowed");
}

/** The client by its full name, with the SIDs that a domain controller has put into its ticket. */
function principalOf(gss: Gssapi, client: NativeHandle): Principal {
  const name = displayName(gss, "server", client);
  if (name.startsWith("WELLKNOWN/ANONYMOUS@")) throw anonymous();
  const logonInfo = nameAttribute(gss, client, "urn:mspac:logon-info");
  const known = logonInfo === null ? {} : readLogonInfo(logonInfo);
  return { name, anonymous: false, mechanism: "kerberos", ...known };
}

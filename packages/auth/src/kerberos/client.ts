/** The client's side of Kerberos ([MS-KILE] 3.2.5; DCE style of [MS-KILE] 3.4.5.1). */
import { hostname } from "node:os";
import {
  type ClientContextRequest,
  type Principal,
  type SecurityStep,
  authTypes,
} from "@msrpc/rpc";
import type { ClientMechanism } from "../mechanism.ts";
import {
  type CredentialSource,
  type KerberosCredentials,
  credentialSource,
} from "./client-credentials.ts";
import { KerberosContext, demanded, mechanismOids } from "./context.ts";
import { displayName, importPrincipal, importService, nameHandle } from "./name.ts";
import { oids } from "./native/constants.ts";
import { type Gssapi, loadGssapi } from "./native/gssapi.ts";
import type { NativeHandle } from "./native/handle.ts";
import type { LibraryOptions } from "./native/library.ts";

export interface KerberosClientOptions extends LibraryOptions {
  /** First part of the service principal name; the host of the binding is the second. Default: `host`. */
  readonly service?: string;
  /**
   * The whole service principal name, with or without a realm, for a binding that names an address:
   * `MSServerClusterMgmtAPI/cluster.example.com`. Nothing is looked up in the DNS for it.
   * What the binding or transport names goes before it.
   */
  readonly target?: string;
}

/** Kerberos with these credentials, for a client. Default: those of `kinit`. */
export function kerberosClient(
  credentials: KerberosCredentials = {},
  options: KerberosClientOptions = {},
): ClientMechanism {
  const source = credentialSource(credentials);
  return {
    authType: authTypes.kerberos,
    oids: mechanismOids,
    createContext: (request) => new KerberosClientContext(source, request, options),
  };
}

/** The library's parameters that stay: credential and server. */
interface Begun {
  readonly gss: Gssapi;
  readonly credential: NativeHandle;
  readonly server: NativeHandle;
}

class KerberosClientContext extends KerberosContext {
  readonly #source: CredentialSource;
  readonly #request: ClientContextRequest;
  readonly #options: KerberosClientOptions;
  #begun: Begun | null = null;

  constructor(
    source: CredentialSource,
    request: ClientContextRequest,
    options: KerberosClientOptions,
  ) {
    super("client", request);
    this.#source = source;
    this.#request = request;
    this.#options = options;
  }

  protected override async take(token: Uint8Array | null): Promise<SecurityStep> {
    if ((this.#begun === null) !== (token === null)) throw this.outOfTurn();
    const begun = (this.#begun ??= await this.#begin());
    return this.#leg(begun, token ?? new Uint8Array(0));
  }

  async #begin(): Promise<Begun> {
    const gss = await loadGssapi(this.#options);
    const server = this.own(this.#server(gss));
    const credential = await this.#source.acquire(gss);
    if (!this.#source.isShared) this.own(credential);
    return { gss, server, credential };
  }

  #server(gss: Gssapi): NativeHandle {
    const { service = "host" } = this.#options;
    const target = this.#request.principal ?? this.#options.target;
    if (target === undefined) return importService(gss, service, this.#host);
    // An empty realm has the KDC of the user's realm say which it is.
    return importPrincipal(gss, "client", target.includes("@") ? target : `${target}@`);
  }

  get #host(): string {
    const { host } = this.#request;
    return host === "" ? hostname() : host;
  }

  async #leg({ gss, credential, server }: Begun, token: Uint8Array): Promise<SecurityStep> {
    const context = this.handle(gss);
    const memory = gss.memory(64 + token.length);
    const [handle, input, output, flags] = [8, 16, 32, 48] as const;
    memory.setWord(handle, context.pointer);
    memory.setBuffer(input, memory.put(64, token), token.length);
    const major = await gss.later(
      "initContext",
      memory.at(0),
      credential.pointer,
      memory.at(handle),
      server.pointer,
      gss.oid(oids.kerberos),
      demanded(this.#request.level),
      0,
      null,
      memory.at(input),
      null,
      memory.at(output),
      memory.at(flags),
      null,
    );
    context.pointer = memory.word(handle);
    const answer = gss.take(memory, output);
    gss.check("client", `no session with ${displayName(gss, "client", server)}`, major, memory);
    const step = this.legOf(major, answer);
    if (step.complete) this.establish(gss, memory.u32(flags), serverOf(gss, context));
    return step;
  }
}

/** The server by its full name. */
function serverOf(gss: Gssapi, context: NativeHandle): Principal {
  const memory = gss.memory(16);
  const none = null;
  const major = gss.call(
    "inquireContext",
    memory.at(0),
    context.pointer,
    none,
    memory.at(8),
    none,
    none,
    none,
    none,
    none,
  );
  gss.check("client", "the server has no name", major, memory);
  using name = nameHandle(gss, memory.word(8));
  return { name: displayName(gss, "client", name), anonymous: false, mechanism: "kerberos" };
}

/** The server's side of NTLM ([MS-NLMP] 3.2.5.1). */
import { hostname } from "node:os";
import {
  type Principal,
  SecurityError,
  type SecurityStep,
  type ServerContextRequest,
  authTypes,
} from "@msrpc/rpc";
import { copyOf, isSame } from "../bytes.ts";
import type { AccountStore } from "../credentials/account.ts";
import type { ServerMechanism } from "../mechanism.ts";
import { toFileTime } from "../time.ts";
import { type AuthenticateMessage, micPlace, readAuthenticate } from "./authenticate-message.ts";
import { avIds, avOfText, writeAvPairs } from "./av-pairs.ts";
import { writeChallenge } from "./challenge-message.ts";
import { NtlmContext, type NtlmVersion, ntlmOid } from "./context.ts";
import { common, flags, has, join } from "./flags.ts";
import { malformed } from "./message-reader.ts";
import { readNegotiate } from "./negotiate-message.ts";
import {
  demandFlags,
  messageCode,
  ownVersion,
  realSurroundings,
  type Surroundings,
} from "./policy.ts";
import { type Proof, denied, proveUser } from "./prove-user.ts";
import { isAnonymous, sessionKeyOf } from "./session-key.ts";

export interface NtlmServerOptions {
  readonly accounts: AccountStore;
  /** NetBIOS name. Default: the first label of the host name, in upper case. */
  readonly computerName?: string;
  /** NetBIOS name of the domain. Default: the computer's, as of a machine in no domain. */
  readonly domainName?: string;
  readonly dnsComputerName?: string;
  readonly dnsDomainName?: string;
  readonly dnsTreeName?: string;
  /** Responses that are accepted. Default: v2 alone. */
  readonly versions?: readonly NtlmVersion[];
  /** Lets clients in that give no credentials. Default: they are refused. */
  readonly allowAnonymous?: boolean;
  /** Lets users in whose password is empty. Default: they are refused, as by Windows. */
  readonly allowEmptyPasswords?: boolean;
  /** Refuses clients that send no MIC; those are older than 2006. Default: they are let in. */
  readonly requireMic?: boolean;
  /** Milliseconds that a client's clock may be off. Default: 36 hours. */
  readonly maxLifetime?: number;
  /** Application data of the channel that clients have to be bound to. Default: none. */
  readonly channelBindings?: Uint8Array;
  /**
   * Service principal names that clients have to mean: `host/server.example.com`. It keeps responses out that
   * were made for another server and passed on. Default: any, or none.
   */
  readonly targetNames?: readonly string[];
  /** Hears of every attempt that could be read, for a log or a lockout. Default: nobody. */
  readonly onLogon?: (attempt: LogonAttempt) => void;
  /** Clock and random numbers. */
  readonly surroundings?: Surroundings;
}

/** What a client claims, and what came of it. */
export interface LogonAttempt {
  readonly user: string;
  readonly domain: string;
  readonly workstation: string;
  /** Of the client, `192.0.2.7:49152`; empty for a Unix socket, and where it isn't known. */
  readonly address: string;
  readonly accepted: boolean;
  /**
   * Why it was refused, for people: an unknown user, a wrong password, a clock that is wrong...; null where it was
   * accepted. The client hears nothing of it.
   */
  readonly reason: string | null;
}

/** NTLM against these accounts, for a server. */
export function ntlmServer(options: NtlmServerOptions): ServerMechanism {
  return {
    authType: authTypes.ntlm,
    oids: [ntlmOid],
    createContext: (request) => new NtlmServerContext(request, options),
  };
}

/** What a client gets when it asks. */
const able: number = join(
  flags.unicode,
  flags.sign,
  flags.seal,
  flags.identify,
  flags.version,
  flags.key128,
  flags.key56,
  flags.keyExchange,
);

/** What a client gets in any case. */
const always: number = join(flags.requestTarget, flags.ntlm, flags.alwaysSign, flags.targetInfo);

/** What was sent and chosen so far. */
interface Challenged {
  readonly negotiate: Uint8Array;
  readonly challenge: Uint8Array;
  readonly serverChallenge: Uint8Array;
  /** FILETIME */
  readonly serverTime: Uint8Array;
  readonly flags: number;
}

class NtlmServerContext extends NtlmContext {
  readonly #request: ServerContextRequest;
  readonly #options: NtlmServerOptions;
  readonly #versions: readonly NtlmVersion[];
  readonly #surroundings: Surroundings;
  #challenged: Challenged | null = null;

  constructor(request: ServerContextRequest, options: NtlmServerOptions) {
    super("server");
    this.#request = request;
    this.#options = options;
    this.#versions = options.versions ?? ["v2"];
    this.#surroundings = options.surroundings ?? realSurroundings;
  }

  protected override async take(token: Uint8Array | null): Promise<SecurityStep> {
    if (token === null) throw this.outOfTurn();
    if (this.#challenged === null) {
      this.#challenged = this.#challenge(token);
      return { token: copyOf(this.#challenged.challenge), complete: false };
    }
    await this.#accept(this.#challenged, token);
    return { token: null, complete: true };
  }

  #challenge(token: Uint8Array): Challenged {
    const asked = readNegotiate(token).flags;
    const chosen = this.#choose(asked);
    demandFlags(chosen, this.#request.level, !this.#versions.includes("lm"));
    const serverChallenge = this.#surroundings.random(8);
    const serverTime = toFileTime(this.#surroundings.now());
    const { computerName, domainName } = this.#names();
    const challenge = writeChallenge({
      flags: chosen,
      targetName: domainName,
      serverChallenge,
      targetInfo: this.#targetInfo(computerName, domainName, serverTime),
      version: has(chosen, flags.version) ? ownVersion : new Uint8Array(8),
    });
    return { negotiate: copyOf(token), challenge, serverChallenge, serverTime, flags: chosen };
  }

  #choose(asked: number): number {
    const { computerName, domainName } = this.#names();
    const session = has(asked, flags.extendedSecurity) ? flags.extendedSecurity : flags.lmKey;
    const isOld = session === flags.lmKey && !this.#versions.includes("lm");
    return join(
      common(asked, isOld ? able : join(able, session)),
      always,
      domainName === computerName ? flags.targetTypeServer : flags.targetTypeDomain,
    );
  }

  #names(): { readonly computerName: string; readonly domainName: string } {
    const own = (hostname().split(".")[0] ?? "").slice(0, 15).toUpperCase();
    const { computerName = own } = this.#options;
    return { computerName, domainName: this.#options.domainName ?? computerName };
  }

  #targetInfo(computerName: string, domainName: string, time: Uint8Array): Uint8Array {
    const { dnsComputerName, dnsDomainName, dnsTreeName } = this.#options;
    const texts: readonly (readonly [id: number, text: string | undefined])[] = [
      [avIds.nbDomainName, domainName],
      [avIds.nbComputerName, computerName],
      [avIds.dnsDomainName, dnsDomainName],
      [avIds.dnsComputerName, dnsComputerName],
      [avIds.dnsTreeName, dnsTreeName],
    ];
    const pairs = new Map<number, Uint8Array>();
    for (const [id, text] of texts) if (text !== undefined) pairs.set(id, avOfText(text));
    pairs.set(avIds.timestamp, time);
    return writeAvPairs(pairs);
  }

  async #accept(challenged: Challenged, token: Uint8Array): Promise<void> {
    const message = readAuthenticate(token);
    const { user, domain, workstation } = message;
    const tell = (reason: string | null): void => {
      const { address = "" } = this.#request;
      const accepted = reason === null;
      this.#options.onLogon?.({ user, domain, workstation, address, accepted, reason });
    };
    try {
      await this.#logOn(challenged, message, token);
    } catch (error) {
      tell(reasonOf(error));
      throw error;
    }
    tell(null);
  }

  async #logOn(
    challenged: Challenged,
    message: AuthenticateMessage,
    token: Uint8Array,
  ): Promise<void> {
    const negotiated = common(challenged.flags, message.flags);
    const nobody = isAnonymous(message);
    // Nobody's session has a key that everybody knows; Samba's clients don't bother to extend it.
    demandFlags(negotiated, this.#request.level, !nobody && !this.#versions.includes("lm"));
    const proof = nobody
      ? this.#anonymous()
      : await proveUser(message, {
          negotiated,
          serverChallenge: challenged.serverChallenge,
          serverTime: challenged.serverTime,
          accounts: this.#options.accounts,
          versions: this.#versions,
          allowEmptyPasswords: this.#options.allowEmptyPasswords ?? false,
          now: this.#surroundings.now(),
          maxLifetime: this.#options.maxLifetime ?? 36 * 3_600_000,
          channelBindings: this.#options.channelBindings ?? null,
          targetNames: this.#options.targetNames ?? null,
        });
    const sessionKey = sessionKeyOf(negotiated, message, proof.keyExchangeKey);
    this.#checkMic(challenged, token, message, proof, sessionKey);
    this.establish(negotiated, sessionKey, proof.peer, proof.hasMic);
  }

  #anonymous(): Proof {
    if (this.#options.allowAnonymous !== true) {
      throw new SecurityError("logon_denied", "NTLM anonymous logon is not allowed");
    }
    const peer: Principal = { name: "", anonymous: true, mechanism: "ntlm", sid: "S-1-5-7" };
    return { peer, keyExchangeKey: new Uint8Array(16), hasMic: false };
  }

  #checkMic(
    { negotiate, challenge }: Challenged,
    token: Uint8Array,
    message: AuthenticateMessage,
    proof: Proof,
    sessionKey: Uint8Array,
  ): void {
    if (!proof.hasMic) {
      if (this.#options.requireMic === true && !proof.peer.anonymous) {
        throw denied("there is no MIC");
      }
      return;
    }
    if (message.mic === null)
      throw malformed("AUTHENTICATE_MESSAGE lacks the MIC that it announces");
    const bare = copyOf(token);
    bare.fill(0, micPlace.start, micPlace.end);
    if (!isSame(messageCode(sessionKey, [negotiate, challenge, bare]), message.mic)) {
      throw new SecurityError("logon_denied", "NTLM messages were changed on their way");
    }
  }
}

/** A refusal's cause says more than it does itself. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as Error;
  return cause instanceof Error ? cause.message : String(cause);
}

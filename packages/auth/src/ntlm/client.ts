/** The client's side of NTLM ([MS-NLMP] 3.1.5.1). */
import { type ClientContextRequest, SecurityError, type SecurityStep, authTypes } from "@msrpc/rpc";
import { copyOf } from "../bytes.ts";
import { rc4 } from "../crypto/rc4.ts";
import {
  type NtlmCredentials,
  type UserKey,
  userKeyOf,
} from "../credentials/client-credentials.ts";
import type { ClientMechanism } from "../mechanism.ts";
import { toFileTime } from "../time.ts";
import { type AuthenticateMessage, micPlace, writeAuthenticate } from "./authenticate-message.ts";
import {
  type AvPairs,
  avFlags,
  avFlagsOf,
  avIds,
  avOfFlags,
  avOfText,
  readAvPairs,
} from "./av-pairs.ts";
import { type ChallengeMessage, readChallenge } from "./challenge-message.ts";
import { writeClientChallenge } from "./client-challenge.ts";
import { NtlmContext, type NtlmVersion, ntlmOid } from "./context.ts";
import { common, flags, has, join, without } from "./flags.ts";
import { writeNegotiate } from "./negotiate-message.ts";
import {
  channelBindingHash,
  demandFlags,
  messageCode,
  ownVersion,
  realSurroundings,
  type Surroundings,
} from "./policy.ts";
import {
  type Responses,
  respondV1,
  respondV1Extended,
  respondV2,
  responseKeyV2,
} from "./responses.ts";
import { keyExchangeKeyV1 } from "./session-keys.ts";

export interface NtlmClientOptions {
  /** Name of this machine, for the server's log. Default: none. */
  readonly workstation?: string;
  /**
   * `v1` sends a response that is broken within hours of computing, `lm` one within minutes. Default: `v2`;
   * the others are for tests of old servers.
   */
  readonly version?: NtlmVersion;
  /**
   * Service principal name that the server may check. What the binding or transport names goes before it.
   * Default: `host/` and the host of the binding.
   */
  readonly targetName?: string;
  /** Application data of the channel that this exchange is bound to. Default: none. */
  readonly channelBindings?: Uint8Array;
  /** Clock and random numbers. */
  readonly surroundings?: Surroundings;
}

/** NTLM with these credentials, for a client. @throws SecurityError no_credentials */
export function ntlmClient(
  credentials: NtlmCredentials,
  options: NtlmClientOptions = {},
): ClientMechanism {
  const key = userKeyOf(credentials, options.version === "lm");
  return {
    authType: authTypes.ntlm,
    oids: [ntlmOid],
    createContext: (request) => new NtlmClientContext(key, request, options),
  };
}

/** What a client asks for at every level. */
const offeredAlways: number = join(
  flags.unicode,
  flags.requestTarget,
  flags.ntlm,
  flags.alwaysSign,
  flags.version,
  flags.key128,
);

class NtlmClientContext extends NtlmContext {
  readonly #key: UserKey | null;
  readonly #request: ClientContextRequest;
  readonly #options: NtlmClientOptions;
  readonly #version: NtlmVersion;
  readonly #surroundings: Surroundings;
  readonly #offered: number;
  #negotiate: Uint8Array | null = null;

  constructor(key: UserKey | null, request: ClientContextRequest, options: NtlmClientOptions) {
    super("client");
    this.#key = key;
    this.#request = request;
    this.#options = options;
    this.#version = options.version ?? "v2";
    this.#surroundings = options.surroundings ?? realSurroundings;
    this.#offered = join(
      offeredAlways,
      this.#version === "lm" ? flags.lmKey : flags.extendedSecurity,
      // Where nothing is signed, servers differ in whether a key is exchanged; Samba's refuses calls without
      // signatures where signing was agreed on.
      request.level === "connect" ? 0 : join(flags.sign, flags.keyExchange),
      request.level === "privacy" ? flags.seal : 0,
      key === null ? flags.anonymous : 0,
    );
  }

  protected override take(token: Uint8Array | null): SecurityStep {
    if (this.#negotiate === null) {
      if (token !== null) throw this.outOfTurn();
      const message = { flags: this.#offered, domain: "", workstation: "", version: ownVersion };
      this.#negotiate = writeNegotiate(message);
      return { token: copyOf(this.#negotiate), complete: false };
    }
    if (token === null) throw this.outOfTurn();
    return { token: this.#authenticate(this.#negotiate, token), complete: true };
  }

  #authenticate(negotiate: Uint8Array, token: Uint8Array): Uint8Array {
    const challenge = readChallenge(token);
    const negotiated = common(challenge.flags, join(this.#offered, flags.targetInfo));
    demandFlags(negotiated, this.#request.level, this.#version !== "lm");
    const offered = challenge.targetInfo.length === 0 ? null : readAvPairs(challenge.targetInfo);
    const hasTime = offered?.has(avIds.timestamp) ?? false;
    const withMic = this.#key !== null && this.#version === "v2" && hasTime;
    const { responses, keyExchangeKey } = this.#respond(challenge, negotiated, offered);
    const { sessionKey, encrypted } = this.#sessionKeyOf(negotiated, keyExchangeKey);
    const message: AuthenticateMessage = {
      flags: without(join(negotiated, flags.requestTarget), flags.oem),
      lmResponse: responses.lm,
      ntResponse: responses.nt,
      domain: this.#key?.domain ?? "",
      user: this.#key?.user ?? "",
      workstation: this.#options.workstation ?? "",
      encryptedSessionKey: encrypted,
      version: ownVersion,
      mic: this.#version === "v2" ? new Uint8Array(16) : null,
    };
    const octets = writeAuthenticate(message);
    if (withMic) octets.set(messageCode(sessionKey, [negotiate, token, octets]), micPlace.start);
    this.establish(negotiated, sessionKey, null, withMic);
    return octets;
  }

  #respond(
    challenge: ChallengeMessage,
    negotiated: number,
    offered: AvPairs | null,
  ): { readonly responses: Responses; readonly keyExchangeKey: Uint8Array } {
    const key = this.#key;
    if (key === null) {
      // Nobody has no password: one octet stands for the response, zeros for the key.
      const zero = new Uint8Array(16);
      const responses = { nt: new Uint8Array(0), lm: new Uint8Array(1), sessionBaseKey: zero };
      return { responses, keyExchangeKey: zero };
    }
    if (this.#version === "v2") {
      const responses = this.#respondV2(key, challenge, offered);
      return { responses, keyExchangeKey: responses.sessionBaseKey };
    }
    const { serverChallenge } = challenge;
    const lmHash = this.#version === "lm" ? (key.lmHash?.reveal() ?? null) : null;
    const responses = has(negotiated, flags.extendedSecurity)
      ? respondV1Extended(key.ntHash.reveal(), serverChallenge, this.#surroundings.random(8))
      : respondV1(key.ntHash.reveal(), lmHash, serverChallenge);
    const keyExchangeKey = keyExchangeKeyV1(negotiated, responses, serverChallenge, lmHash);
    return { responses, keyExchangeKey };
  }

  #respondV2(key: UserKey, challenge: ChallengeMessage, offered: AvPairs | null): Responses {
    const { level } = this.#request;
    const isNamed = offered?.has(avIds.nbComputerName) && offered.has(avIds.nbDomainName);
    if (level !== "connect" && isNamed !== true) {
      throw new SecurityError("bad_token", "NTLM CHALLENGE_MESSAGE does not name its server");
    }
    const serverTime = offered?.get(avIds.timestamp);
    const nonce = this.#surroundings.random(8);
    const temp = writeClientChallenge({
      time: serverTime ?? toFileTime(this.#surroundings.now()),
      challenge: nonce,
      pairs: this.#pairsOf(offered),
    });
    const responseKey = responseKeyV2(key.ntHash.reveal(), key.user, key.domain);
    const responses = respondV2(responseKey, challenge.serverChallenge, nonce, temp);
    // A server that sends its time checks a MIC; the LMv2 response would only be something to attack.
    return serverTime === undefined ? responses : { ...responses, lm: new Uint8Array(24) };
  }

  /** The server's pairs, with ours added. */
  #pairsOf(offered: AvPairs | null): AvPairs {
    if (offered === null) return new Map();
    const pairs = new Map(offered);
    const { host, principal } = this.#request;
    const { channelBindings } = this.#options;
    const targetName = principal ?? this.#options.targetName ?? `host/${host}`;
    if (pairs.has(avIds.timestamp)) {
      pairs.set(avIds.flags, avOfFlags(join(avFlagsOf(pairs), avFlags.mic)));
    }
    pairs.set(
      avIds.channelBindings,
      channelBindings === undefined ? new Uint8Array(16) : channelBindingHash(channelBindings),
    );
    pairs.set(avIds.targetName, avOfText(targetName));
    return pairs;
  }

  #sessionKeyOf(
    negotiated: number,
    keyExchangeKey: Uint8Array,
  ): { readonly sessionKey: Uint8Array; readonly encrypted: Uint8Array } {
    const isProtected = has(negotiated, flags.sign) || has(negotiated, flags.seal);
    if (!has(negotiated, flags.keyExchange) || !isProtected) {
      return { sessionKey: keyExchangeKey, encrypted: new Uint8Array(0) };
    }
    const sessionKey = this.#surroundings.random(16);
    return { sessionKey, encrypted: rc4(keyExchangeKey, sessionKey) };
  }
}

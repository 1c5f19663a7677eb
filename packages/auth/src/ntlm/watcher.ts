/** Follows NTLM exchanges of others, alone or within SPNEGO, and opens what they sealed: by the user's secret. */
import { authTypes, type ProtectedPdu, SecurityError } from "@msrpc/rpc";
import type { SecurityWatcher } from "@msrpc/rpc/follow";
import { upcase } from "../bytes.ts";
import type { Account } from "../credentials/account.ts";
import { readToken } from "../spnego/tokens.ts";
import { type AuthenticateMessage, readAuthenticate } from "./authenticate-message.ts";
import { readChallenge } from "./challenge-message.ts";
import { bodyOf, protectedBy } from "./context.ts";
import { common } from "./flags.ts";
import { LegacySession } from "./legacy-session.ts";
import { signature } from "./message-reader.ts";
import { keyByV1, keyByV2, responseLengthV1 } from "./prove-user.ts";
import type { NtlmSession } from "./session.ts";
import { isAnonymous, sessionKeyOf } from "./session-key.ts";

/** A user whose traffic is to be read; of several, the one whose secret fits is taken. */
export type WatchedAccount = Pick<Account, "user" | "ntHash" | "lmHash">;

/**
 * Makes watchers for `followCapture`: of NTLM, and of NTLM within SPNEGO; null for other mechanisms. A session that nobody
 * logged on to can be read without accounts, as everybody has its key.
 */
export function ntlmWatcher(
  accounts: readonly WatchedAccount[],
): (authType: number) => SecurityWatcher | null {
  return (authType) =>
    authType === authTypes.ntlm || authType === authTypes.spnego ? new NtlmWatcher(accounts) : null;
}

/** What each end uses: its own state for what the other one sends. */
interface Sessions {
  readonly client: NtlmSession;
  readonly server: NtlmSession;
}

class NtlmWatcher implements SecurityWatcher {
  readonly #accounts: readonly WatchedAccount[];
  #challenge: { readonly flags: number; readonly serverChallenge: Uint8Array } | null = null;
  #mechTypes: Uint8Array = new Uint8Array(0);
  #sessions: Sessions | null = null;
  #problem = "its logon was not captured";

  constructor(accounts: readonly WatchedAccount[]) {
    this.#accounts = accounts;
  }

  token(fromClient: boolean, token: Uint8Array): void {
    try {
      if (isNtlm(token)) this.#message(token);
      else this.#negotiation(fromClient, token);
    } catch (error) {
      if (!(error instanceof SecurityError)) throw error;
      this.#problem = error.message;
    }
  }

  open(fromClient: boolean, pdu: ProtectedPdu, token: Uint8Array, isSealed: boolean): void {
    const session = this.#reader(fromClient);
    if (session === null) throw new SecurityError("no_credentials", this.#problem);
    if (isSealed) session.unseal(pdu.octets, bodyOf(pdu), token);
    else session.verify(pdu.octets, bodyOf(pdu), token);
  }

  /** The state of whoever reads what this end sends. */
  #reader(fromClient: boolean): NtlmSession | null {
    return this.#sessions?.[fromClient ? "server" : "client"] ?? null;
  }

  #negotiation(fromClient: boolean, token: Uint8Array): void {
    const message = readToken(token);
    const inner = message.type === "init" ? message.mechToken : message.responseToken;
    if (message.type === "init") this.#mechTypes = message.mechTypeList;
    if (inner !== null && isNtlm(inner)) this.#message(inner);
    if (message.mechListMic === null) return;
    // The signature of the list takes a number, and leaves the cipher as if it had not been ([MS-SPNG] 3.2.5.1).
    const session = this.#reader(fromClient);
    const body = { start: 0, end: this.#mechTypes.length };
    session?.verify(this.#mechTypes, body, message.mechListMic);
    session?.resetCipher();
  }

  #message(octets: Uint8Array): void {
    const type = octets[8];
    if (type === 1) {
      this.#challenge = null;
      this.#sessions = null;
    } else if (type === 2) this.#challenge = readChallenge(octets);
    else if (type === 3) this.#logOn(readAuthenticate(octets));
  }

  #logOn(message: AuthenticateMessage): void {
    const challenge = this.#challenge;
    if (challenge === null) throw new SecurityError("bad_token", "its challenge was not captured");
    const negotiated = common(challenge.flags, message.flags);
    const key = this.#keyOf(message, negotiated, challenge.serverChallenge);
    const sessionKey = sessionKeyOf(negotiated, message, key);
    const client = protectedBy(negotiated, sessionKey, "client");
    // Without extended security both ends share one key stream.
    const isShared = client instanceof LegacySession;
    const server = isShared ? client : protectedBy(negotiated, sessionKey, "server");
    this.#sessions = { client, server };
  }

  #keyOf(
    message: AuthenticateMessage,
    negotiated: number,
    serverChallenge: Uint8Array,
  ): Uint8Array {
    if (isAnonymous(message)) return new Uint8Array(16);
    const { user, domain, ntResponse } = message;
    const name = domain === "" ? user : `${domain}\\${user}`;
    const named = this.#accounts.filter((account) => upcase(account.user) === upcase(user));
    const isV2 = ntResponse.length > responseLengthV1;
    for (const account of named) {
      const [ntHash, lmHash] = [account.ntHash.reveal(), account.lmHash?.reveal() ?? null];
      const key = isV2
        ? keyByV2(ntHash, message, serverChallenge)
        : keyByV1({ ntHash, lmHash }, message, negotiated, serverChallenge);
      if (key !== null) return key;
    }
    const problem =
      named.length === 0 ? "no password was given for" : "the password is not that of";
    throw new SecurityError("no_credentials", `${problem} ${name}`);
  }
}

function isNtlm(token: Uint8Array): boolean {
  return token.length > 8 && signature.every((octet, at) => token[at] === octet);
}

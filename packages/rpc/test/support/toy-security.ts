/**
 * A security mechanism for tests, with no security in it: counts its legs, signs with a checksum over a
 * sequence number, and seals by adding to each octet.
 */
import {
  type ClientContextRequest,
  type ClientSecurityProvider,
  type ContextRequest,
  type Principal,
  type ProtectedPdu,
  type SecurityContext,
  SecurityError,
  type SecurityStep,
  type ServerSecurityProvider,
} from "@msrpc/rpc";

export interface ToyOptions {
  /** Tokens that go over in all: 3 end with an auth3, 2 and 4 with an answer of the server. */
  readonly legs: number;
  readonly headerSigning?: boolean;
  /** Of a client: what the server checks. */
  readonly password?: string;
  /** Sees what contexts are asked for. */
  readonly onContext?: (request: ContextRequest | ClientContextRequest) => void;
  /** Changes what is signed. */
  readonly tamper?: (pdu: ProtectedPdu) => void;
}

export const toyType = 99;

class ToyContext implements SecurityContext {
  readonly supportsHeaderSigning: boolean;
  readonly sessionKey = null;
  peer: Principal | null = null;
  disposed = false;
  readonly #options: ToyOptions;
  readonly #isClient: boolean;
  /** Number of the leg that comes next. */
  #leg: number;
  #sent = 0;
  #received = 0;

  constructor(options: ToyOptions, isClient: boolean) {
    this.#options = options;
    this.#isClient = isClient;
    this.#leg = isClient ? 0 : 1;
    this.supportsHeaderSigning = options.headerSigning ?? true;
  }

  async step(token: Uint8Array | null): Promise<SecurityStep> {
    const { legs, password = "right" } = this.#options;
    if (token !== null) {
      const [leg, ...name] = token;
      if (leg !== this.#leg - 1) {
        throw new SecurityError("bad_token", `leg ${leg} in the place of ${this.#leg}`);
      }
      if (!this.#isClient && String.fromCharCode(...name) !== "right") {
        throw new SecurityError("logon_denied", "wrong password");
      }
    }
    this.peer = { name: "TOY\\alice", anonymous: false, mechanism: "toy" };
    const answer = this.#leg;
    this.#leg += 2;
    const complete = answer >= legs - 1;
    if (answer > legs - 1) return { token: null, complete };
    const text = this.#isClient ? password : "";
    return { token: Uint8Array.of(answer, ...new TextEncoder().encode(text)), complete };
  }

  signatureLength(seal: boolean): number {
    return seal ? 16 : 12;
  }

  sign(pdu: ProtectedPdu): Uint8Array {
    const token = this.#checksum(pdu, this.#sent++, 12);
    this.#options.tamper?.(pdu);
    return token;
  }

  seal(pdu: ProtectedPdu): Uint8Array {
    const token = this.#checksum(pdu, this.#sent++, 16);
    for (let i = pdu.bodyStart; i < pdu.bodyEnd; i++) pdu.octets[i] = (pdu.octets[i] ?? 0) + 99;
    this.#options.tamper?.(pdu);
    return token;
  }

  verify(pdu: ProtectedPdu, token: Uint8Array): void {
    const expected = this.#checksum(pdu, this.#received++, token.length);
    if (!expected.every((octet, i) => token[i] === octet)) {
      throw new SecurityError("bad_signature", "the checksum differs");
    }
  }

  unseal(pdu: ProtectedPdu, token: Uint8Array): void {
    for (let i = pdu.bodyStart; i < pdu.bodyEnd; i++) pdu.octets[i] = (pdu.octets[i] ?? 0) - 99;
    this.verify(pdu, token);
  }

  dispose(): void {
    this.disposed = true;
  }

  #checksum(pdu: ProtectedPdu, sequence: number, length: number): Uint8Array {
    const { octets, bodyStart, bodyEnd, signHeader } = pdu;
    let sum = sequence;
    for (let i = signHeader ? 0 : bodyStart; i < (signHeader ? octets.length : bodyEnd); i++) {
      sum = (Math.imul(sum, 31) + (octets[i] ?? 0)) >>> 0;
    }
    const token = new Uint8Array(length);
    new DataView(token.buffer).setUint32(4, sum);
    return token;
  }
}

export function toyClient(options: ToyOptions): ClientSecurityProvider {
  return {
    authType: toyType,
    createContext(request) {
      options.onContext?.(request);
      return new ToyContext(options, true);
    },
  };
}

export function toyServer(options: ToyOptions): ServerSecurityProvider {
  return {
    authType: toyType,
    createContext(request) {
      options.onContext?.(request);
      return new ToyContext(options, false);
    },
  };
}

/** What can be wrong with Kerberos, from the statuses of the library. */
import { SecurityError, type SecurityErrorCode } from "@msrpc/rpc";
import { majorBits } from "./native/constants.ts";

export type KerberosProblem =
  /** No ticket, no keytab, or no key in it. */
  | "no_credentials"
  /** A ticket or a password is too old. */
  | "expired"
  /** The KDC doesn't know the client, or has locked it out. */
  | "unknown_client"
  | "wrong_password"
  /** The KDC doesn't know the service principal. */
  | "unknown_server"
  /** No KDC is known for the realm, or none answers. */
  | "no_kdc"
  | "clock_skew"
  /** The server has not the key that the ticket is sealed with. */
  | "wrong_key"
  | "bad_token"
  | "bad_signature"
  /** A message came for the second time. */
  | "replayed"
  /** A message came too early or too late. */
  | "out_of_sequence"
  /** Anything else: the message has the library's words. */
  | "failed";

/** Which side of a context speaks. */
export type Side = "client" | "server";

/** Statuses of GSSAPI (RFC 2744, 3.9.1) and of its mechanism. */
export interface Statuses {
  readonly major: number;
  readonly minor: number;
}

/** A failure of the Kerberos library. */
export class KerberosError extends SecurityError {
  readonly problem: KerberosProblem;
  readonly major: number;
  readonly minor: number;

  constructor(
    problem: KerberosProblem,
    code: SecurityErrorCode,
    message: string,
    { major, minor }: Statuses,
  ) {
    const hint = problem === "no_credentials" && code === problem ? "; kinit gets a ticket" : "";
    super(code, `Kerberos: ${message}${hint}`);
    this.problem = problem;
    this.major = major;
    this.minor = minor;
  }
}

/**
 * The code of a problem with a logon. A client that gets no ticket may go on with another mechanism;
 * one whose password is wrong may not.
 */
export function codeOf(problem: KerberosProblem, side: Side): SecurityErrorCode {
  switch (problem) {
    case "no_credentials":
      return "no_credentials";
    case "expired":
      return side === "client" ? "no_credentials" : "logon_denied";
    case "unknown_server":
    case "no_kdc":
      return "unavailable";
    case "bad_token":
      return "bad_token";
    case "unknown_client":
    case "wrong_password":
    case "clock_skew":
    case "wrong_key":
    case "bad_signature":
    case "replayed":
    case "out_of_sequence":
    case "failed":
      return "logon_denied";
  }
}

/** Minor statuses of krb5 start here, as an OM_uint32; the protocol's own error codes (RFC 4120, 7.5.9) are first. */
const krb5Base = -1_765_328_384 >>> 0;

const problemsByMinor: ReadonlyMap<number, KerberosProblem> = new Map([
  ...each("unknown_client", 6, 18),
  ...each("unknown_server", 7),
  ...each("wrong_password", 24),
  ...each("expired", 23, 32),
  ...each("clock_skew", 33, 37, 148),
  ...each("replayed", 34),
  ...each("wrong_key", 31, 35, 41, 44, 45, 144, 230),
  ...each("no_credentials", 141, 142, 181, 182, 194, 195, 224),
  ...each("no_kdc", 154, 156, 220),
]);

function each(
  problem: KerberosProblem,
  ...offsets: readonly number[]
): (readonly [number, KerberosProblem])[] {
  return offsets.map((offset) => [krb5Base + offset, problem] as const);
}

/** By the routine error of a major status. */
const problemsByMajor: Readonly<Partial<Record<number, KerberosProblem>>> = {
  6: "bad_signature",
  7: "no_credentials",
  9: "bad_token",
  10: "no_credentials",
  11: "expired",
  12: "expired",
};

/** By the supplementary bits of a major status. */
const problemsByBit: readonly (readonly [bit: number, KerberosProblem])[] = [
  [2, "replayed"],
  [4, "replayed"],
  [8, "out_of_sequence"],
  [16, "out_of_sequence"],
];

/** Null for a call that has succeeded, wholly or so far. */
export function problemOf(major: number, minor: number): KerberosProblem | null {
  const routine = (major >>> 16) & 0xff;
  if ((major & majorBits.error) === 0) {
    return problemsByBit.find(([bit]) => (major & bit) !== 0)?.[1] ?? null;
  }
  return problemsByMinor.get(minor) ?? problemsByMajor[routine] ?? "failed";
}

/** Every PDU of the connection-oriented protocol, decoded. */
import type { ContextProposal, ContextResult } from "./presentation.ts";
import type { Verifier } from "./verifier.ts";

interface PduCommon {
  /** pfc_flags */
  readonly flags: number;
  readonly callId: number;
  readonly littleEndian: boolean;
}

/** bind and alter_context ([C706] 12.6.4.3, 12.6.4.1) */
export interface BindPdu extends PduCommon {
  readonly type: "bind" | "alter_context";
  readonly maxTransmit: number;
  readonly maxReceive: number;
  readonly groupId: number;
  readonly proposals: readonly ContextProposal[];
  readonly verifier: Verifier | null;
}

/** Their answers ([C706] 12.6.4.4, 12.6.4.2) */
export interface BindAckPdu extends PduCommon {
  readonly type: "bind_ack" | "alter_context_resp";
  readonly maxTransmit: number;
  readonly maxReceive: number;
  readonly groupId: number;
  /** The port as text; empty in an alter_context_resp. */
  readonly secondaryAddress: string;
  readonly results: readonly ContextResult[];
  readonly verifier: Verifier | null;
}

/** [C706] 12.6.4.5, [MS-RPCE] 2.2.2.9 */
export interface BindNakPdu extends PduCommon {
  readonly type: "bind_nak";
  readonly reason: number;
  /** Protocol versions that the server has. */
  readonly versions: readonly { readonly major: number; readonly minor: number }[];
  /** Records of [MS-EERR]. */
  readonly extendedError?: Uint8Array;
}

/** Says that extended error information follows ([MS-RPCE] 2.2.1.1.2). */
export const extendedErrorSignature = "90740320-fad0-11d3-82d7-009027b130ab";

/** [MS-RPCE] 2.2.2.10 */
export interface Auth3Pdu extends PduCommon {
  readonly type: "auth3";
  readonly verifier: Verifier;
}

/** [C706] 12.6.4.9 */
export interface RequestPdu extends PduCommon {
  readonly type: "request";
  readonly allocHint: number;
  readonly contextId: number;
  readonly opnum: number;
  /** Object UUID; null where there is none. */
  readonly object: string | null;
  /** Stub data and the padding before the verifier, as received: still encrypted at privacy level. */
  readonly body: Uint8Array;
  readonly verifier: Verifier | null;
}

/** [C706] 12.6.4.10 */
export interface ResponsePdu extends PduCommon {
  readonly type: "response";
  readonly allocHint: number;
  readonly contextId: number;
  readonly cancelCount: number;
  readonly body: Uint8Array;
  readonly verifier: Verifier | null;
}

/** [C706] 12.6.4.7, [MS-RPCE] 2.2.2.8 */
export interface FaultPdu extends PduCommon {
  readonly type: "fault";
  readonly allocHint: number;
  readonly contextId: number;
  readonly cancelCount: number;
  /** The body has extended error information ([MS-EERR]). */
  readonly extended: boolean;
  readonly status: number;
  readonly body: Uint8Array;
  readonly verifier: Verifier | null;
}

/** cancel and orphaned ([C706] 12.6.4.6, 12.6.4.8) */
export interface CancelPdu extends PduCommon {
  readonly type: "cancel" | "orphaned";
  readonly verifier: Verifier | null;
}

/** [C706] 12.6.4.11 */
export interface ShutdownPdu extends PduCommon {
  readonly type: "shutdown";
}

export type Pdu =
  | BindPdu
  | BindAckPdu
  | BindNakPdu
  | Auth3Pdu
  | RequestPdu
  | ResponsePdu
  | FaultPdu
  | CancelPdu
  | ShutdownPdu;

/** Why a bind is refused ([MS-RPCE] 2.2.2.5, [C706] 12.6.3.1). */
export const nakReasons = {
  notSpecified: 0,
  temporaryCongestion: 1,
  localLimitExceeded: 2,
  calledPaddrUnknown: 3,
  protocolVersionNotSupported: 4,
  defaultContextNotSupported: 5,
  userDataNotReadable: 6,
  noPsapAvailable: 7,
  authenticationTypeNotRecognized: 8,
  invalidChecksum: 9,
} as const;

const nakNames: readonly string[] = [
  "reason_not_specified",
  "temporary_congestion",
  "local_limit_exceeded",
  "called_paddr_unknown",
  "protocol_version_not_supported",
  "default_context_not_supported",
  "user_data_not_readable",
  "no_psap_available",
  "authentication_type_not_recognized",
  "invalid_checksum",
];

/** The reason's name, or the number as text. */
export function nakName(reason: number): string {
  return nakNames[reason] ?? `reason ${reason}`;
}

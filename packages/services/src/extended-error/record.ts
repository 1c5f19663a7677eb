/** Records of extended errors, as programs have them ([MS-EERR] 2.2.1.8). */

/** What a record says beside its status. Texts are without their terminator; `ansi` has those of ISO 8859-1. */
export type ErrorParameter =
  | { readonly type: "ansi" | "unicode"; readonly value: string }
  /** Signed integers of 32 and 16 bits. */
  | { readonly type: "long" | "short"; readonly value: number }
  /** A signed integer of 64 bits. */
  | { readonly type: "pointer"; readonly value: bigint }
  | { readonly type: "binary"; readonly value: Uint8Array }
  | { readonly type: "none" };

/** One error of a chain. */
export interface ErrorRecord {
  /** Null: the computer that sent it. */
  readonly computerName: string | null;
  readonly processId: number;
  readonly time: Date;
  /** Where it occurred, one of `errorComponents` or another's own number above 255. */
  readonly component: number;
  readonly status: number;
  /** A place in the component. */
  readonly location: number;
  /** At most four. */
  readonly parameters: readonly ErrorParameter[];
  /** Records in front of this one were left out. */
  readonly missingBefore: boolean;
  /** Records behind this one were left out. */
  readonly missingAfter: boolean;
}

/** Components that Microsoft's documentation names. */
export const errorComponents = {
  application: 1,
  runtime: 2,
  securityProvider: 3,
  namedPipeFileSystem: 4,
  redirector: 5,
  namedPipes: 6,
  io: 7,
  winsock: 8,
  authorization: 9,
  localProcedureCall: 10,
} as const;

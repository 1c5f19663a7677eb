/** Names of the status codes that the RPC runtime itself uses ([C706] appendix N, [MS-RPCE] 3.1.1.5.5). */

/** Fault and reject codes that this package sends. */
export const faults = {
  operationRange: 0x1c010002,
  unknownInterface: 0x1c010003,
  cancel: 0x1c00000d,
  unspecified: 0x1c000012,
  contextMismatch: 0x1c00001a,
  remoteNoMemory: 0x1c00001b,
  /** [MS-RPCE] 3.1.3.5.2: what the server could not unmarshal. */
  badStubData: 0x000006f7,
  accessDenied: 0x00000005,
  securityPackage: 0x00000721,
  noCallActive: 0x000006bd,
  protocol: 0x1c01000b,
  tooBusy: 0x1c010014,
} as const;

/** What no fault may say: to a client it would be its own exception, or success ([MS-RPCE] 3.3.3.5.1). */
export const notForFaults: ReadonlySet<number> = new Set([
  0, 0x80000001, 0x80000002, 0x80000003, 0xc0000005, 0xc0000006, 0xc000001d, 0xc0000096, 0xc00000aa,
  0xc00000fd, 0xc0000194, 0xc0000235, 0xc0000409, 0xc0000420,
]);

const faultNames: Readonly<Record<number, string>> = {
  0x00000005: "ERROR_ACCESS_DENIED",
  0x000006ba: "RPC_S_SERVER_UNAVAILABLE",
  0x000006bd: "RPC_S_NO_CALL_ACTIVE",
  0x000006bf: "RPC_S_CALL_FAILED_DNE",
  0x000006c0: "RPC_S_PROTOCOL_ERROR",
  0x000006d1: "RPC_S_PROCNUM_OUT_OF_RANGE",
  0x000006d8: "EPT_S_CANT_PERFORM_OP",
  0x000006d9: "EPT_S_NOT_REGISTERED",
  0x000006f7: "RPC_X_BAD_STUB_DATA",
  0x00000721: "RPC_S_SEC_PKG_ERROR",
  0x1c000001: "nca_s_fault_int_div_by_zero",
  0x1c000002: "nca_s_fault_addr_error",
  0x1c000003: "nca_s_fault_fp_div_zero",
  0x1c000004: "nca_s_fault_fp_underflow",
  0x1c000005: "nca_s_fault_fp_overflow",
  0x1c000006: "nca_s_fault_invalid_tag",
  0x1c000007: "nca_s_fault_invalid_bound",
  0x1c000008: "nca_rpc_version_mismatch",
  0x1c000009: "nca_unspec_reject",
  0x1c00000a: "nca_s_bad_actid",
  0x1c00000b: "nca_who_are_you_failed",
  0x1c00000c: "nca_manager_not_entered",
  0x1c00000d: "nca_s_fault_cancel",
  0x1c00000e: "nca_s_fault_ill_inst",
  0x1c00000f: "nca_s_fault_fp_error",
  0x1c000010: "nca_s_fault_int_overflow",
  0x1c000012: "nca_s_fault_unspec",
  0x1c000013: "nca_s_fault_remote_comm_failure",
  0x1c000014: "nca_s_fault_pipe_empty",
  0x1c000015: "nca_s_fault_pipe_closed",
  0x1c000016: "nca_s_fault_pipe_order",
  0x1c000017: "nca_s_fault_pipe_discipline",
  0x1c000018: "nca_s_fault_pipe_comm_error",
  0x1c000019: "nca_s_fault_pipe_memory",
  0x1c00001a: "nca_s_fault_context_mismatch",
  0x1c00001b: "nca_s_fault_remote_no_memory",
  0x1c00001c: "nca_invalid_pres_context_id",
  0x1c00001d: "nca_unsupported_authn_level",
  0x1c00001f: "nca_invalid_checksum",
  0x1c000020: "nca_invalid_crc",
  0x1c000021: "nca_s_fault_user_defined",
  0x1c000022: "nca_s_fault_tx_open_failed",
  0x1c000023: "nca_s_fault_codeset_conv_error",
  0x1c000024: "nca_s_fault_object_not_found",
  0x1c000025: "nca_s_fault_no_client_stub",
  0x1c010001: "nca_s_comm_failure",
  0x1c010002: "nca_s_op_rng_error",
  0x1c010003: "nca_s_unk_if",
  0x1c010006: "nca_s_wrong_boot_time",
  0x1c010009: "nca_s_you_crashed",
  0x1c01000b: "nca_s_proto_error",
  0x1c010013: "nca_s_out_args_too_big",
  0x1c010014: "nca_s_server_too_busy",
  0x1c010015: "nca_s_fault_string_too_long",
  0x1c010017: "nca_s_unsupported_type",
};

/** The code's name, or the code in hexadecimal. */
export function faultName(status: number): string {
  return faultNames[status] ?? `0x${status.toString(16).padStart(8, "0")}`;
}

/** The code of a name; null for one that no code has. */
export function faultStatus(name: string): number | null {
  const found = Object.entries(faultNames).find(([, known]) => known === name);
  return found === undefined ? null : Number(found[0]);
}

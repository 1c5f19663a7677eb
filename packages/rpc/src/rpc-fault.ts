/** A call that the RPC runtime, not the operation, failed. */
import { faultName, faults, faultStatus } from "./status-names.ts";

export interface RpcFaultOptions extends ErrorOptions {
  /** Default: true. */
  readonly mayHaveRun?: boolean;
  /** Default: null. */
  readonly extendedError?: Uint8Array | null;
}

/**
 * A fault PDU's status: the call was refused or broke off. The association and its handles live on.
 *
 * A handler may throw one to answer with that fault.
 */
export class RpcFault extends Error {
  override readonly name = "RpcFault";
  readonly status: number;
  /** `nca_s_op_rng_error`, or the status in hexadecimal where it has no name. */
  readonly statusName: string;
  /** The operation as the IDL names it; empty where it isn't known. */
  readonly operation: string;
  /**
   * False where the server says that it refused the call before the operation began, and says so as well
   * protected as the call was: the call can be made again without running twice.
   */
  readonly mayHaveRun: boolean;
  /** What the server says beside the status: [MS-EERR] records by type serialization; null where it says no more. */
  readonly extendedError: Uint8Array | null;

  constructor(status: number, operation = "", options: RpcFaultOptions = {}) {
    const statusName = faultName(status);
    super(operation === "" ? statusName : `${statusName}: ${operation}`, options);
    this.status = status;
    this.statusName = statusName;
    this.operation = operation;
    this.mayHaveRun = options.mayHaveRun ?? true;
    this.extendedError = options.extendedError ?? null;
  }

  /** The status of a fault by its name, as `statusName` has it; null for a name that no fault has. */
  static statusOf(name: string): number | null {
    return faultStatus(name);
  }

  /** A context handle that is closed, of another type, or of somebody else. */
  static contextMismatch(): RpcFault {
    return new RpcFault(faults.contextMismatch);
  }
}

/** A call that the RPC runtime, not the operation, failed. */
import { faultName, faults } from "./status-names.ts";

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

  constructor(status: number, operation = "", options?: ErrorOptions) {
    const statusName = faultName(status);
    super(operation === "" ? statusName : `${statusName}: ${operation}`, options);
    this.status = status;
    this.statusName = statusName;
    this.operation = operation;
  }

  /** A context handle that is closed, of another type, or of somebody else. */
  static contextMismatch(): RpcFault {
    return new RpcFault(faults.contextMismatch);
  }
}

/** An operation that answered with a status that is an error. */
import { RpcFault } from "./rpc-fault.ts";

export interface RpcErrorOptions extends ErrorOptions {
  /** The status's name: `ERROR_GROUP_NOT_FOUND`. */
  readonly statusName?: string;
  /** The operation as the IDL names it. */
  readonly operation?: string;
  /** A clause for the message: what the status is about. */
  readonly detail?: string;
  /** What the answer carried beside the status. On a server, members to send with it. */
  readonly response?: object;
}

/** ERROR_INTERNAL_ERROR: what a failure without a status of its own becomes. */
const internalError = 1359;

/**
 * A client throws it where a status member of the response is not 0. A handler throws it to answer
 * with that status.
 */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly status: number;
  readonly statusName: string;
  readonly operation: string;
  readonly response: object | null;

  constructor(status: number, options: RpcErrorOptions = {}) {
    const shown = status > 0xffff ? `0x${status.toString(16)}` : String(status);
    const { statusName = `status ${shown}`, operation = "", response = null, cause } = options;
    const named = options.statusName === undefined ? statusName : `${statusName} (${shown})`;
    const said = [named, operation, options.detail ?? ""].filter((part) => part !== "");
    super(said.join(": "), cause === undefined ? {} : { cause });
    this.status = status;
    this.statusName = statusName;
    this.operation = operation;
    this.response = response;
  }

  /**
   * Anything thrown as an `RpcError`: itself, a fault by its status, a number as a status, and all else
   * as ERROR_INTERNAL_ERROR with the thrown value as its cause.
   */
  static from(thrown: unknown): RpcError {
    if (thrown instanceof RpcError) return thrown;
    if (typeof thrown === "number") return new RpcError(thrown);
    if (thrown instanceof RpcFault) {
      const { status, statusName, operation } = thrown;
      return new RpcError(status, { statusName, operation, cause: thrown });
    }
    return new RpcError(internalError, { statusName: "ERROR_INTERNAL_ERROR", cause: thrown });
  }
}

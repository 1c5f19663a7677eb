/** What the cluster answered where it didn't do what it was asked. */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError, RpcFault } from "@msrpc/rpc";
import { meanings } from "./meanings.ts";
import { type StatusName, statusName } from "./status-name.ts";

export interface ClusterErrorOptions extends ErrorOptions {
  /** As the document names it: `ERROR_GROUP_NOT_FOUND`. */
  readonly codeName: string;
  /** As the IDL names it: `ApiOpenGroup`. */
  readonly operation: string;
  /** What it was about: `group "SQL"`. */
  readonly object: string;
}

/** An operation that a cluster refused or could not do, with the code that it answered. */
export class ClusterError extends Error {
  override readonly name: string = "ClusterError";
  /** A Win32 error: 5013. */
  readonly code: number;
  /** `ERROR_GROUP_NOT_FOUND`. */
  readonly codeName: string;
  /** `ApiOpenGroup`. */
  readonly operation: string;
  /** `group "SQL"`. */
  readonly object: string;
  /** What one can do about it; empty where nothing general can be said. */
  readonly advice: string;

  /** Whether something thrown is what the cluster answered, with one of these codes where any are given. */
  static is(error: unknown, ...codeNames: readonly StatusName[]): error is ClusterError {
    if (!(error instanceof ClusterError)) return false;
    return codeNames.length === 0 || (codeNames as readonly string[]).includes(error.codeName);
  }

  constructor(code: number, { codeName, operation, object, cause }: ClusterErrorOptions) {
    const { means = "", advice = "" } =
      meanings[`${codeName} ${operation}`] ?? meanings[codeName] ?? {};
    const said = means === "" ? "" : ` ${means}`;
    super(`${object}:${said} ${codeName} (${code}) from ${operation}`, { cause });
    this.code = code;
    this.codeName = codeName;
    this.operation = operation;
    this.object = object;
    this.advice = advice;
  }
}

/** A batch that was not done: with the number of the change or condition that failed. */
export class ClusterBatchError extends ClusterError {
  override readonly name = "ClusterBatchError";
  /** From 1, in the order in which they were added. */
  readonly failedCommand: number;

  constructor({ code, codeName, operation, object, cause }: ClusterError, failedCommand: number) {
    super(code, {
      codeName,
      operation,
      object: `${object}, number ${failedCommand} of the batch`,
      cause,
    });
    this.failedCommand = failedCommand;
  }
}

/** A server that speaks MS-CMRP 2.0 alone, and was asked for 3.0. */
export class ClusterVersionError extends Error {
  override readonly name = "ClusterVersionError";

  constructor(binding: string, options?: ErrorOptions) {
    super(`${binding} serves version 2.0 of the interface, and not 3.0`, options);
  }
}

/** An operation that the cluster took on, and that ended otherwise than it should have. */
export class ClusterStateError extends Error {
  override readonly name = "ClusterStateError";
  /** `group "SQL"`. */
  readonly object: string;
  /** `Online`. */
  readonly wanted: string;
  /** `Failed`. */
  readonly state: string;

  constructor(object: string, wanted: string, state: string) {
    super(`${object} is ${state}, and not ${wanted} as asked for`);
    this.object = object;
    this.wanted = wanted;
    this.state = state;
  }
}

/** What the runtime answers in the place of a status: the server has no such operation, or no such handle. */
const faultStatuses: Readonly<Record<string, keyof typeof Status>> = {
  nca_s_op_rng_error: "RPC_S_PROCNUM_OUT_OF_RANGE",
  nca_s_fault_context_mismatch: "ERROR_INVALID_HANDLE",
};

/** A status that the operation answered, as an error about an object; anything else as it is. */
export function asClusterError(error: unknown, object: string): unknown {
  if (error instanceof RpcError) {
    const { status, operation } = error;
    const codeName = statusName(status);
    return new ClusterError(status, { codeName, operation, object, cause: error });
  }
  const codeName = error instanceof RpcFault ? faultStatuses[error.statusName] : undefined;
  if (codeName === undefined) return error;
  const { operation } = error as RpcFault;
  return new ClusterError(Status[codeName], { codeName, operation, object, cause: error });
}

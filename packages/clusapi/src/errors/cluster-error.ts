/** What the cluster answered where it didn't do what it was asked. */
import { RpcError } from "@msrpc/rpc";
import { meanings } from "./meanings.ts";

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
  override readonly name = "ClusterError";
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

  constructor(code: number, { codeName, operation, object, cause }: ClusterErrorOptions) {
    const { means = "", advice = "" } = meanings[codeName] ?? {};
    const said = means === "" ? "" : ` ${means}`;
    super(`${object}:${said} ${codeName} (${code}) from ${operation}`, { cause });
    this.code = code;
    this.codeName = codeName;
    this.operation = operation;
    this.object = object;
    this.advice = advice;
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

/** A status that the operation answered, as an error about an object; anything else as it is. */
export function asClusterError(error: unknown, object: string): unknown {
  if (!(error instanceof RpcError)) return error;
  const { status, statusName: codeName, operation } = error;
  return new ClusterError(status, { codeName, operation, object, cause: error });
}

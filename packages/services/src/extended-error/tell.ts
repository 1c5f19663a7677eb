/** What a server tells its callers of a fault. */
import { type AuthLevel, authLevels, type FaultedCall, RpcError, RpcFault } from "@msrpc/rpc";
import { extendedErrorOf, writeExtendedError } from "./codec.ts";
import { errorComponents, type ErrorRecord } from "./record.ts";

export interface TellOptions {
  /** Callers with less are told nothing. Default: "packet": those that are known, call by call. */
  readonly minimumLevel?: AuthLevel;
  /** Default: none, which means the server. */
  readonly computerName?: string;
  /** Default: 0. */
  readonly processId?: number;
  /**
   * The messages of errors, and what other servers have told this one. They may say what is no caller's business.
   * Default: false.
   */
  readonly details?: boolean;
}

/** ERROR_INTERNAL_ERROR: of an error that has no status. */
const internalError = 1359;
/** Records of a chain, and characters of a message, at the most. */
const mostRecords = 16;
const longestMessage = 512;

/**
 * An `extendedError` for `createRouter`: a record for the error that a call failed with and for each of its causes.
 */
export function tellErrors(options: TellOptions = {}): (call: FaultedCall) => Uint8Array | null {
  const { minimumLevel = "packet" } = options;
  return (call) => {
    if (authLevels[call.caller.level] < authLevels[minimumLevel]) return null;
    return writeExtendedError(recordsOf(call, options));
  };
}

function recordsOf(
  { status, error }: FaultedCall,
  { computerName, processId = 0, details = false }: TellOptions,
): ErrorRecord[] {
  const time = new Date();
  const records: ErrorRecord[] = [];
  let cause: unknown = error;
  do {
    const isFirst = records.length === 0;
    records.push({
      computerName: computerName ?? null,
      processId,
      time,
      component: errorComponents.application,
      status: isFirst ? status : statusOf(cause),
      location: 0,
      parameters: details ? [{ type: "unicode", value: messageOf(cause) }] : [],
      missingBefore: false,
      missingAfter: false,
    });
    if (details) records.push(...heardFrom(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  } while (cause !== undefined && records.length < mostRecords);
  return records.slice(0, mostRecords);
}

function statusOf(error: unknown): number {
  return error instanceof RpcError || error instanceof RpcFault ? error.status : internalError;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, longestMessage);
}

/** What another server said; nothing where that can't be read. */
function heardFrom(error: unknown): ErrorRecord[] {
  try {
    return extendedErrorOf(error);
  } catch {
    return [];
  }
}

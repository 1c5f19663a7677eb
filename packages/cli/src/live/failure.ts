/** What kept a call from being answered, for people: null for an error that is ours. */
import { RpcFault, SecurityError, TransportError, type TransportErrorCode } from "@msrpc/rpc";
import { extendedErrorOf } from "@msrpc/services";

const advice: Readonly<Partial<Record<TransportErrorCode, string>>> = {
  unreachable: "Is it the right host, and does the server run?",
  refused: "Does the server offer this interface in this version, and at this endpoint?",
  security: "Are the account and its password right? Give it as --user DOMAIN\\name.",
};

/** Faults that somebody else may not get. */
const denied: ReadonlySet<string> = new Set(["ERROR_ACCESS_DENIED", "nca_unsupported_authn_level"]);

export function failureOf(error: unknown): string | null {
  const lines = linesOf(error);
  if (lines === null) return null;
  return [...lines, ...recordsOf(error)].filter((line) => line !== "").join("\n  ");
}

function linesOf(error: unknown): string[] | null {
  if (error instanceof RpcFault) {
    const { status, statusName } = error;
    const code = `0x${status.toString(16).padStart(8, "0")}`;
    const named = statusName === code ? code : `${statusName} (${code})`;
    const help = denied.has(statusName) ? "Log on with --user DOMAIN\\name or --kerberos." : "";
    return [`the server answered with the fault ${named}`, help];
  }
  if (error instanceof TransportError) {
    const { cause, message, code } = error;
    const more = cause instanceof Error && !message.includes(cause.message) ? cause.message : "";
    return [more === "" ? message : `${message}: ${more}`, advice[code] ?? ""];
  }
  if (error instanceof SecurityError) {
    return [error.message, "Is the account right, and are there tickets (kinit)?"];
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return ["no answer in time", "Give it longer with --timeout SECONDS."];
  }
  return null;
}

/** What the server says of it beside the status ([MS-EERR]). */
function recordsOf(error: unknown): string[] {
  try {
    return extendedErrorOf(error).map(
      ({ component, status, location }) =>
        `status ${status}, component ${component}, location ${location}`,
    );
  } catch {
    return ["the server says more of it, and that can't be read"];
  }
}

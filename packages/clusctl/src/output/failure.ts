/** Errors as a person reads them: what went wrong, and what to do next. */
import {
  ClusterError,
  ClusterStateError,
  ClusterVersionError,
  PropertyListError,
} from "@msrpc/clusapi";
import { RpcFault, SecurityError, TransportError, type TransportErrorCode } from "@msrpc/rpc";

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly advice: string;
  readonly code?: number;
  readonly codeName?: string;
  readonly operation?: string;
  readonly object?: string;
}

const connecting: Readonly<Partial<Record<TransportErrorCode, string>>> = {
  unreachable: "Is it the right host, and does the cluster service run there?",
  closed: "The node may be restarting: try again, or name another one with --server.",
  protocol:
    "Is it the right port? A host alone has its endpoint mapper asked for it: --server HOST.",
  refused: "Is there a cluster service at this address?",
  security: "Is the name right, and the password? Give the account as --user DOMAIN\\name.",
};

const interrupted =
  "The node was lost before it answered, and may have done it: look with `clusctl status` before you try again.";

/** Null for an error that nobody can do anything about but us. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof ClusterError) {
    const { name, code, codeName, operation, object, message, advice } = error;
    return { name, code, codeName, operation, object, message, advice };
  }
  if (error instanceof ClusterStateError) {
    const { name, object, message } = error;
    return { name, object, message, advice: "`clusctl status` shows what is wrong." };
  }
  if (error instanceof ClusterVersionError) {
    const { name, message } = error;
    return { name, message, advice: "Ask for that: --protocol 2." };
  }
  if (error instanceof TransportError) {
    const { name, message, code, mayHaveRun } = error;
    const advice = mayHaveRun && code === "closed" ? interrupted : (connecting[code] ?? "");
    return { name, message: withCauses(message, error.cause), advice };
  }
  if (error instanceof PropertyListError) {
    const { name, message } = error;
    return { name, message, advice: "The cluster answered with what is no property list." };
  }
  if (error instanceof RpcFault) {
    const { name, statusName, operation } = error;
    const message = `${operation === "" ? "the call" : operation} was refused: ${statusName}`;
    return {
      name,
      message,
      advice: "Log on as an administrator: --user DOMAIN\\name or --kerberos.",
    };
  }
  if (error instanceof SecurityError) {
    const { name, message } = error;
    return { name, message, advice: "Is the account right, and are there tickets (kinit)?" };
  }
  if (error instanceof DOMException && error.name === "TimeoutError") {
    const { name } = error;
    return { name, message: "no answer in time", advice: "Give it longer with --timeout SECONDS." };
  }
  return null;
}

/** What lies behind it, as far as it says more. */
function withCauses(message: string, cause: unknown): string {
  if (!(cause instanceof Error)) return message;
  const said = message.includes(cause.message) ? message : `${message}: ${cause.message}`;
  return withCauses(said, cause.cause);
}

/** Between a response as it stands on the wire and what callers get and handlers give. */
import { ContextHandle } from "@msrpc/ndr";
import type { AnyOperation } from "./operation.ts";
import { RpcError } from "./rpc-error.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * The result of a call: without statuses and closed handle; the opened handle alone where that is all.
 *
 * @throws RpcError where a status is neither 0 nor accepted, or a handle is missing
 */
export function foldResponse(
  operation: AnyOperation,
  response: object,
  statusNames: Readonly<Record<number, string>>,
): unknown {
  const members = response as Members;
  const { status = [], accepts = [], opens, closes } = operation;
  for (const [i, member] of status.entries()) {
    const value = members[member] as number;
    if (value === 0 || (i === 0 && accepts.includes(value))) continue;
    throw errorOf(operation, value, response, statusNames);
  }
  if (opens !== undefined && members[opens.handle] === null) {
    throw errorOf(operation, invalidHandle, response, statusNames);
  }
  const hidden = new Set<string>(accepts.length === 0 ? status : status.slice(1));
  if (closes !== undefined) hidden.add(closes);
  const left = Object.entries(members).filter(([member]) => !hidden.has(member));
  if (left.length === 0) return undefined;
  if (opens !== undefined && left.length === 1) return members[opens.handle];
  return left.length === Object.keys(members).length ? response : Object.fromEntries(left);
}

/** ERROR_INVALID_HANDLE: success was said and no handle came. */
const invalidHandle = 6;

function errorOf(
  operation: AnyOperation,
  status: number,
  response: object,
  statusNames: Readonly<Record<number, string>>,
): RpcError {
  const statusName = statusNames[status >>> 0];
  return new RpcError(status, {
    operation: operation.name,
    response,
    ...(statusName !== undefined && { statusName }),
  });
}

/** Members of an operation's response, once one was made. */
const memberNames = new WeakMap<AnyOperation, readonly string[]>();

/**
 * The response that carries a handler's result: what it leaves out is zero.
 *
 * @throws TypeError for members that the response doesn't have, and for an opened handle that isn't there
 */
export function unfoldResult(operation: AnyOperation, result: unknown, request: object): object {
  const { opens, outPipes = [] } = operation;
  const names = membersOf(operation, request);
  if (opens === undefined && isComplete(result, names)) return result;
  const given: Members =
    opens !== undefined && result instanceof ContextHandle
      ? { [opens.handle]: result }
      : { ...(result as object | null | undefined) };
  for (const member of Object.keys(given)) {
    if (!names.includes(member) && !outPipes.some((pipe) => pipe.member === member)) {
      throw new TypeError(`${operation.name} has no ${member}, which its handler gave`);
    }
  }
  const response = withZeros(operation, names, given, request);
  if (opens !== undefined && response[opens.handle] === null) {
    throw new TypeError(`${operation.name} opens a handle, and its handler gave none`);
  }
  return response;
}

/** Whether it has these members and no others. */
function isComplete(result: unknown, names: readonly string[]): result is object {
  if (typeof result !== "object" || result === null) return false;
  const given = Object.keys(result);
  return given.length === names.length && given.every((member) => names.includes(member));
}

/** Makes no response for it that is as large as its request asks. */
function membersOf(operation: AnyOperation, request: object): readonly string[] {
  let names = memberNames.get(operation);
  if (names === undefined) {
    names = operation.members ?? Object.keys(operation.empty(request));
    memberNames.set(operation, names);
  }
  return names;
}

/** As above: the zeros of statuses and closed handles are known, and most handlers give all the rest. */
function withZeros(
  operation: AnyOperation,
  names: readonly string[],
  given: Members,
  request: object,
): Members {
  const { status = [], closes } = operation;
  const response: Record<string, unknown> = { ...given };
  for (const name of names) {
    if (Object.hasOwn(given, name)) continue;
    if (status.includes(name)) response[name] = 0;
    else if (name === closes) response[name] = null;
    else return { ...operation.empty(request), ...given };
  }
  return response;
}

/** The response that carries a handler's `RpcError`; null where the operation has no status for it. */
export function responseOfError(
  operation: AnyOperation,
  error: RpcError,
  request: object,
): object | null {
  const [status] = operation.status ?? [];
  if (status === undefined) return null;
  const pipes = (operation.outPipes ?? []).map(({ member }) => [member, []] as const);
  const empty = { ...operation.empty(request), ...Object.fromEntries(pipes) };
  return { ...empty, ...error.response, [status]: error.status };
}

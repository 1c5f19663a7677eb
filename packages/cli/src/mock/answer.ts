/** Answers of a server that nobody wrote: drawn from the plan, or from a script. */
import { RpcFault } from "@msrpc/rpc";
import {
  type Choices,
  drawResponse,
  meaningful,
  resultName,
  type StructValue,
  type Value,
  type WireType,
} from "@msrpc/wire";
import type { FoundOperation } from "../find.ts";
import { responseOf, type Script } from "./script.ts";

/** Elements of an array that a request may ask for. */
const mostElements = 1 << 20;
/** nca_s_out_args_too_big, and what a session has no answer to: nca_s_fault_unspec. */
const faults = { tooBig: 0x1c010013, unspecified: 0x1c000012 } as const;

/**
 * The answer to a request: the script's where it has one, else a drawn one, in which statuses are 0 and handles are open, or
 * null where the operation closes them.
 *
 * @throws RpcFault where the script says so, where what is asked for is too large, and, if `isStrict`, where the script has
 * no answer
 */
export function answerTo(
  found: FoundOperation,
  request: StructValue,
  choices: Choices,
  { script, isStrict }: { readonly script: Script | null; readonly isStrict: boolean },
): StructValue {
  const scripted = script?.answerTo(found, request);
  if (scripted === undefined && isStrict) throw new RpcFault(faults.unspecified);
  if (scripted !== undefined && "fault" in scripted) throw new RpcFault(scripted.fault);
  // A recorded answer has all there is, and may be larger than what is drawn.
  const isWhole = scripted !== undefined && names(found).every((name) => name in scripted.response);
  const drawn = isWhole ? {} : drawnFor(found, request, choices);
  return scripted === undefined ? drawn : responseOf(found, scripted.response, drawn);
}

function names({ operation }: FoundOperation): string[] {
  const params = operation.params.filter(({ isOut }) => isOut).map(({ name }) => name);
  return operation.result === null ? params : [...params, resultName];
}

function drawnFor(found: FoundOperation, request: StructValue, choices: Choices): StructValue {
  const { plan, operation, statuses } = found;
  let response: StructValue;
  try {
    response = drawResponse(plan, operation, request, choices, {
      mostElements,
      refine: meaningful,
    });
  } catch (cause) {
    throw new RpcFault(faults.tooBig, operation.name, { cause });
  }
  for (const name of statuses.members)
    if (name in response) response[name] = zeroLike(response[name]);
  for (const { name, type, isIn, isOut } of operation.params) {
    if (isStatusType(type) && isOut) response[name] = 0;
    if (!isIn || !isOut || !isHandle(found, type)) continue;
    response[name] = closes(operation.name) ? null : (request[name] ?? response[name] ?? null);
  }
  if (operation.result && isStatusType(operation.result)) response[resultName] = 0;
  return response;
}

function zeroLike(value: Value | undefined): Value {
  return typeof value === "bigint" ? 0n : 0;
}

function isStatusType(type: WireType): boolean {
  if (type.kind === "pointer") return type.class === "ref" && isStatusType(type.target);
  return type.kind === "primitive" && type.name === "error";
}

function isHandle(found: FoundOperation, type: WireType): boolean {
  if (type.kind === "pointer") return isHandle(found, type.target);
  return type.kind === "named" && found.plan.types[type.name]?.kind === "contextHandle";
}

/** By its name, as IDL doesn't say which operations do. */
function closes(name: string): boolean {
  return /close|delete|release|destroy|free|unbind/i.test(name);
}

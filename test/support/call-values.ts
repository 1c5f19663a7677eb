/**
 * Arbitrary calls of an operation, for fast-check: values keyed by IDL names, as the interpreter of
 * `@msrpc/wire` takes and gives them.
 *
 * A call's values agree with all that the plan says: sizes and lengths with what states them, discriminants
 * with their arms, ranges, string bounds; recursion ends. They fit both transfer syntaxes.
 */
import {
  type OperationPlan,
  type ParamPlan,
  type StructValue,
  type Value,
  type WirePlan,
  type WireType,
  resultName,
} from "@msrpc/wire";
import * as fc from "fast-check";
import { type Fit, fits } from "./counts.ts";
import { type Drawing, drawCounts, drawValue } from "./draw-value.ts";

export interface Call {
  readonly request: StructValue;
  /** With the result as `return`. */
  readonly response: StructValue;
}

export interface ValueOptions {
  /** How deep pointers nest. */
  readonly maxDepth?: number;
  /** About how many fields and elements a value has at most. */
  readonly parts?: number;
}

/** Calls of an operation: request and response that belong together. */
export function calls(
  plan: Pick<WirePlan, "types">,
  operation: OperationPlan,
  { maxDepth = 3, parts = 500 }: ValueOptions = {},
): fc.Arbitrary<Call> {
  return fc.gen().map((gen) => {
    const draw = <T>(arbitrary: fc.Arbitrary<T>): T => gen(() => arbitrary);
    return drawCall(
      { draw, plan, maxDepth, hasNullHandles: false, budget: { left: parts } },
      operation,
    );
  });
}

/** Values of a type, as they stand by themselves: `{ kind: "named", name: "_ENUM_LIST" }`. */
export function values(
  plan: Pick<WirePlan, "types">,
  type: WireType,
  { maxDepth = 3, parts = 500 }: ValueOptions = {},
): fc.Arbitrary<Value> {
  return fc.gen().map((gen) => {
    const draw = <T>(arbitrary: fc.Arbitrary<T>): T => gen(() => arbitrary);
    return drawValue(
      { draw, plan, maxDepth, hasNullHandles: false, budget: { left: parts } },
      type,
      () => undefined,
      0,
    );
  });
}

function drawCall(drawing: Drawing, operation: OperationPlan): Call {
  const { params } = operation;
  const sent = params.filter((param) => param.isIn);
  const answered = params.filter((param) => param.isOut);
  // A count that is in both directions keeps its value, so that one choice settles the call.
  const counts = drawCounts(drawing, params, (candidate) => {
    const request = pick(candidate, sent);
    const response = { ...request, ...pick(candidate, answered) };
    return agree(drawing, sent, request) && agree(drawing, answered, response);
  });
  if (!counts) throw new Error(`No counts of ${operation.name} fit together`);
  const request = drawMembers(drawing, sent, counts, pick(counts, sent));
  const visible = { ...request, ...pick(counts, answered) };
  const answering = { ...drawing, hasNullHandles: true };
  const response = drawMembers(answering, answered, counts, visible);
  if (operation.result) {
    response[resultName] = drawValue(answering, operation.result, (name) => visible[name], 0);
  }
  return { request, response };
}

function pick(counts: StructValue, params: readonly ParamPlan[]): StructValue {
  const picked: StructValue = {};
  for (const { name } of params) if (name in counts) picked[name] = counts[name] ?? null;
  return picked;
}

function agree(drawing: Drawing, params: readonly ParamPlan[], counts: StructValue): boolean {
  const fit: Fit = { plan: drawing.plan, scope: (name) => counts[name], isDeepest: false };
  return params.every((param) => fits(fit, param.type));
}

function drawMembers(
  drawing: Drawing,
  params: readonly ParamPlan[],
  counts: StructValue,
  visible: StructValue,
): StructValue {
  const value: StructValue = {};
  for (const { name, type } of params) {
    value[name] = counts[name] ?? drawValue(drawing, type, (other) => visible[other], 0);
  }
  return value;
}

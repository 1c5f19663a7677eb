/**
 * Draws calls of an operation, and answers to them: values that agree with all that the plan says. Sizes and lengths with what
 * states them, discriminants with their arms, ranges, string bounds; recursion ends. They fit both transfer syntaxes.
 */
import { type StructValue, type Value, resultName } from "../interpret/value.ts";
import type { OperationPlan, ParamPlan, WirePlan, WireType } from "../plan.ts";
import type { Choices } from "./choices.ts";
import { type Fit, fits } from "./counts.ts";
import { type Drawing, drawCounts, drawValue } from "./value.ts";

export interface DrawnCall {
  readonly request: StructValue;
  /** With the result as `return`. */
  readonly response: StructValue;
}

export interface DrawOptions {
  /** How deep pointers nest. Default: 3. */
  readonly maxDepth?: number;
  /** About how many fields and elements a value has at most. Default: 500. */
  readonly parts?: number;
  /** The most elements that an array has whose count is not a constant. Default: 40. */
  readonly mostElements?: number;
  /** Makes of a structure's drawn value, by its name, one that means something. */
  readonly refine?: (name: string, value: StructValue) => StructValue;
}

function start(
  plan: Pick<WirePlan, "types">,
  choices: Choices,
  { maxDepth = 3, parts = 500, mostElements = 40, refine }: DrawOptions,
): Drawing {
  return {
    choices,
    plan,
    maxDepth,
    hasNullHandles: false,
    mostElements: BigInt(mostElements),
    budget: { left: parts },
    refine: refine ?? ((_, value) => value),
  };
}

/**
 * A request and a response that belong together.
 *
 * @throws Error where no counts were found that fit together
 */
export function drawCall(
  plan: Pick<WirePlan, "types">,
  operation: OperationPlan,
  choices: Choices,
  options: DrawOptions = {},
): DrawnCall {
  const drawing = start(plan, choices, options);
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
  return { request, response: drawAnswer(answering, operation, counts, visible) };
}

/**
 * A response to a request that came. Counts that are in both directions stay as they came, and no handle is null.
 *
 * @throws Error where no counts were found that fit together, as for a request that asks for more than `mostElements`
 */
export function drawResponse(
  plan: Pick<WirePlan, "types">,
  operation: OperationPlan,
  request: StructValue,
  choices: Choices,
  options: DrawOptions = {},
): StructValue {
  const drawing = start(plan, choices, options);
  const answered = operation.params.filter((param) => param.isOut);
  const drawn = drawCounts(drawing, answered, (candidate) =>
    agree(drawing, answered, {
      ...candidate,
      ...kept(candidate, request),
      ...others(request, candidate),
    }),
  );
  if (!drawn) throw new Error(`No counts of ${operation.name} fit together`);
  const counts = { ...drawn, ...kept(drawn, request) };
  return drawAnswer(drawing, operation, counts, { ...request, ...counts });
}

/** Of a request's members, those that are counts of the response as well. */
function kept(counts: StructValue, request: StructValue): StructValue {
  const names = Object.keys(counts).filter((name) => Object.hasOwn(request, name));
  return Object.fromEntries(names.map((name) => [name, request[name] ?? null]));
}

function others(request: StructValue, counts: StructValue): StructValue {
  const names = Object.keys(request).filter((name) => !Object.hasOwn(counts, name));
  return Object.fromEntries(names.map((name) => [name, request[name] ?? null]));
}

function drawAnswer(
  drawing: Drawing,
  operation: OperationPlan,
  counts: StructValue,
  visible: StructValue,
): StructValue {
  const answered = operation.params.filter((param) => param.isOut);
  const response = drawMembers(drawing, answered, counts, visible);
  if (operation.result) {
    response[resultName] = drawValue(drawing, operation.result, (name) => visible[name], 0);
  }
  return response;
}

/** A value of a type, as it stands by itself: `{ kind: "named", name: "_ENUM_LIST" }`. */
export function drawType(
  plan: Pick<WirePlan, "types">,
  type: WireType,
  choices: Choices,
  options: DrawOptions = {},
): Value {
  return drawValue(start(plan, choices, options), type, () => undefined, 0);
}

function pick(counts: StructValue, params: readonly ParamPlan[]): StructValue {
  const picked: StructValue = {};
  for (const { name } of params) if (name in counts) picked[name] = counts[name] ?? null;
  return picked;
}

function agree(drawing: Drawing, params: readonly ParamPlan[], counts: StructValue): boolean {
  const { plan, mostElements } = drawing;
  const fit: Fit = { plan, scope: (name) => counts[name], mostElements, isDeepest: false };
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

/**
 * Goes from the operations of the root interfaces down to every type that they send, and checks
 * each declaration on the way. Types of a root file that no operation sends are looked at last and mildly.
 * COM interfaces come after the others, and what is wrong with them is a warning: many are only ever
 * called within a process. The wire plan refuses what can't be sent.
 */
import {
  answerOfMaybe,
  bitField,
  conformantInside,
  duplicateUuid,
  emptyAggregate,
  missingDefault,
  missingDirection,
  missingUuid,
  noBase,
  notOnWire,
  outByValue,
  plainUnion,
  refResult,
  sentUndefined,
  unsizedArray,
  wideEnumerator,
} from "../../catalogue/semantics.ts";
import type { InterfaceSymbol, OperationSymbol, ParamSymbol } from "../../program.ts";
import type { Context } from "../context.ts";
import { asWarnings, type Report } from "../report.ts";
import { withoutTypedefs } from "../types.ts";
import { type Aggregate, factsByValue } from "./by-value.ts";
import { checkDeclaration, checkTypedef } from "./declaration.ts";
import { checkEndless } from "./endless.ts";
import { checkEnum } from "./enumeration.ts";
import { checkParameter } from "./parameter.ts";
import { checkStruct } from "./structure.ts";
import { checkUnion } from "./union.ts";
import { type Declaration, reach, type Walk } from "./walk-state.ts";

export function checkWire(context: Context): void {
  const walk: Walk = {
    context,
    facts: factsByValue(context),
    queue: [],
    reached: new Set(),
    switchedBy: new Map(),
  };
  const sent = context.interfaces.filter(
    ({ isRoot, attributes }) => isRoot && !attributes.has("local"),
  );
  checkIdentities(walk, sent);
  checkEndless(context);
  for (const symbol of sent) if (symbol.form === "rpc") checkInterface(walk, symbol);
  checkReached(walk);
  const lenient = { ...walk, context: { ...context, report: asWarnings(context.report) } };
  for (const symbol of sent) if (symbol.form === "object") checkInterface(lenient, symbol);
  checkReached(lenient);
  const unsent: Walk = { ...walk, context: { ...context, report: whenUnsent(context.report) } };
  for (const symbol of context.rootTypes) {
    if (symbol.kind === "typedef") checkTypedef(unsent, symbol);
    else reach(unsent, symbol);
  }
  checkReached(unsent);
}

/**
 * Of a type that no operation here sends: what its attributes contradict is an error all the same,
 * but it need have no form on the wire, since it may be meant for C alone.
 */
function whenUnsent(report: Report): Report {
  const mild = asWarnings(report);
  return (rule, span, ...parameters) => {
    if (onlyWhenSent.has(rule.code)) return;
    (mildUnlessSent.has(rule.code) ? mild : report)(rule, span, ...parameters);
  };
}

const mildUnlessSent: ReadonlySet<string> = new Set(
  [unsizedArray, conformantInside, missingDefault].map(({ code }) => code),
);

const onlyWhenSent: ReadonlySet<string> = new Set(
  [notOnWire, bitField, emptyAggregate, wideEnumerator, plainUnion, sentUndefined].map(
    ({ code }) => code,
  ),
);

/** Two interfaces must not be bound by the same UUID and version. */
function checkIdentities(walk: Walk, interfaces: readonly InterfaceSymbol[]): void {
  const seen = new Map<string, InterfaceSymbol>();
  for (const symbol of interfaces) {
    const { uuid, version, span, name } = symbol;
    if (uuid === null) continue;
    const identity = `${uuid} ${version.major}.${version.minor}`;
    const first = seen.get(identity);
    if (first) {
      const related = [{ message: "the other one is here", span: first.span }];
      walk.context.report(duplicateUuid, span, { name, other: first.name }, { related });
    } else {
      seen.set(identity, symbol);
    }
  }
}

function checkReached(walk: Walk): void {
  for (let next = walk.queue.pop(); next; next = walk.queue.pop()) {
    if (next.kind === "enum") checkEnum(walk, next);
    else checkAggregate(walk, next);
  }
}

function checkAggregate(walk: Walk, symbol: Aggregate): void {
  if (symbol.kind === "struct") checkStruct(walk, symbol);
  else checkUnion(walk, symbol);
}

function checkInterface(walk: Walk, symbol: InterfaceSymbol): void {
  const sent = symbol.operations.filter(
    ({ opnum, attributes }) => opnum !== null && !attributes.has("local"),
  );
  if (symbol.form === "object" && !symbol.base && symbol.name !== "IUnknown") {
    const named = walk.context.brokenBases.has(symbol);
    if (!named) walk.context.report(noBase, symbol.span, { name: symbol.name });
  }
  if (!symbol.attributes.has("uuid") && sent.length > 0) {
    walk.context.report(missingUuid, symbol.span, { name: symbol.name });
  }
  for (const operation of sent) checkOperation(walk, operation);
}

function checkOperation(walk: Walk, operation: OperationSymbol): void {
  const { context } = walk;
  const result = withoutTypedefs(context, operation.result);
  const isVoid = result.kind === "base" && result.name === "void";
  for (const name of ["maybe", "message"]) {
    const attribute = operation.attributes.get(name);
    if (attribute && (!isVoid || operation.params.some(({ isOut }) => isOut))) {
      context.report(answerOfMaybe, attribute.span, { name: operation.name, attribute: name });
    }
  }
  const params = new Map(operation.params.map((param) => [param.name, param]));
  for (const param of operation.params) checkOperand(walk, operation, param, params);
  if (isVoid) return;
  const ref = operation.attributes.get("ref");
  if (ref) context.report(refResult, ref.span, { name: operation.name });
  const declaration: Declaration = {
    name: operation.name,
    span: operation.span,
    type: operation.result,
    attributes: operation.attributes,
    place: "result",
    neighbours: params,
  };
  checkDeclaration(walk, declaration);
}

function checkOperand(
  walk: Walk,
  operation: OperationSymbol,
  param: ParamSymbol,
  params: ReadonlyMap<string, ParamSymbol>,
): void {
  const type = withoutTypedefs(walk.context, param.type);
  if (type.kind === "base" && type.name === "handle_t") {
    if (param.isOut) walk.context.report(outByValue, param.span, { name: param.name });
    return;
  }
  const isStated = param.attributes.has("in") || param.attributes.has("out");
  if (!isStated) {
    const names = { name: param.name, operation: operation.name };
    walk.context.report(missingDirection, param.span, names);
  }
  checkParameter(walk, param, params);
}

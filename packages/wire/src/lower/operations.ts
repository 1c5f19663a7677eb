/** Operations: parameters in order, without those that are not sent. */
import type { InterfaceSymbol, OperationSymbol, ParamSymbol, Type } from "@msrpc/idl";
import { anyHandle, type OperationPlan, type ParamPlan, type WireType } from "../plan.ts";
import { isPlaceholder } from "./absent.ts";
import { type Lowering, pointerDefault } from "./context.ts";
import { withKnownNames } from "./paths.ts";
import { type Pending, isContextHandle, pendingOf } from "./pending.ts";
import { baseOf } from "./primitives.ts";
import { allOf } from "./types.ts";

/** The operation with an opnum given by who calls, and parameters that it has anyway. One that can't be planned is absent, with a diagnostic. */
export function lowerOperation(
  lowering: Lowering,
  owner: InterfaceSymbol,
  operation: OperationSymbol,
  opnum: number,
  implicit: readonly ParamPlan[],
): OperationPlan {
  const { attributes, name } = operation;
  const place = lowering.place(operation.span);
  const semantics = {
    idempotent: attributes.has("idempotent"),
    broadcast: attributes.has("broadcast"),
    maybe: attributes.has("maybe"),
    message: attributes.has("message"),
    async: attributes.has("async"),
  };
  const absent: OperationPlan = {
    name,
    opnum,
    form: "absent",
    params: [],
    result: null,
    semantics,
    place,
  };
  if (isPlaceholder(operation) || attributes.has("local")) return absent;
  const sent = operation.params.filter((param) => !isBinding(param.type));
  const params = allOf(sent.map((param) => lowerParam(lowering, owner, operation, param)));
  const result = lowerResult(lowering, owner, operation);
  if (!params || result === false) return absent;
  return { ...absent, form: "call", params: [...implicit, ...params], result };
}

/** An opnum that no operation of the program has. */
export function emptyPlace(
  owner: InterfaceSymbol,
  opnum: number,
  lowering: Lowering,
): OperationPlan {
  return {
    name: `Opnum${opnum}NotUsedOnWire`,
    opnum,
    form: "absent",
    params: [],
    result: null,
    semantics: { idempotent: false, broadcast: false, maybe: false, message: false, async: false },
    place: lowering.place(owner.span),
  };
}

function lowerParam(
  lowering: Lowering,
  owner: InterfaceSymbol,
  operation: OperationSymbol,
  param: ParamSymbol,
): ParamPlan | null {
  const site = {
    owner: `Parameter \`${param.name}\` of ${operation.name}`,
    span: param.span,
    pointerDefault: pointerDefault(owner),
    siblings: operation.params,
  };
  const used = lowering.use(site, param.type, withHandle(param), "parameter");
  const type = withKnownNames(lowering, site, used);
  const { name, isIn, isOut } = param;
  return type && { name, isIn, isOut, type, place: lowering.place(param.span) };
}

/** Null for void, false for what can't be sent. */
function lowerResult(
  lowering: Lowering,
  owner: InterfaceSymbol,
  operation: OperationSymbol,
): WireType | null | false {
  if (baseOf(operation.result) === "void") return null;
  const site = {
    owner: `The result of ${operation.name}`,
    span: operation.span,
    pointerDefault: pointerDefault(owner),
    siblings: operation.params,
  };
  const used = lowering.use(site, operation.result, withHandle(operation), "result");
  return withKnownNames(lowering, site, used) ?? false;
}

/** What the attributes say, [context_handle] on the declaration itself included. */
function withHandle(symbol: ParamSymbol | OperationSymbol): Pending {
  const pending = pendingOf(symbol.attributes);
  if (!isContextHandle(symbol.attributes)) return pending;
  const { span, attributes } = symbol;
  return { ...pending, handle: { key: anyHandle, name: anyHandle, span, attributes } };
}

/** Primitive binding handles say where a call goes and are not part of it. */
function isBinding(type: Type): boolean {
  if (type.kind === "pointer") return isBinding(type.target);
  return baseOf(type) === "handle_t";
}

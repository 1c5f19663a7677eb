/** Interfaces: which are planned, and their operations in order of opnum. */
import type { InterfaceSymbol, OperationSymbol } from "@msrpc/idl";
import * as rules from "../catalogue/rules.ts";
import type { InterfacePlan, OperationPlan, ParamPlan } from "../plan.ts";
import { type Lowering, refuse } from "./context.ts";
import { emptyPlace, lowerOperation } from "./operations.ts";
import { orpcParams } from "./orpc.ts";

/** IUnknown, whose operations DCOM carries out by others ([MS-DCOM] 3.1.1.5.6). */
const unknown = "00000000-0000-0000-c000-000000000046";

/** The interface; null where it has no place on the wire. */
export function lowerInterface(lowering: Lowering, symbol: InterfaceSymbol): InterfacePlan | null {
  const { attributes, uuid, form } = symbol;
  if (!symbol.isRoot || form === "dispinterface" || attributes.has("local")) return null;
  if (uuid === null) {
    if (symbol.operations.some((operation) => operation.opnum !== null)) {
      refuse(lowering, rules.interfaceWithoutUuid, symbol.span, { name: symbol.name });
    }
    return null;
  }
  const all = withBases(symbol);
  if (!all) {
    return refuse(lowering, rules.tooManyBases, symbol.span, {
      name: symbol.name,
      limit: mostBases,
    });
  }
  const implicit = orpcParams(lowering, symbol);
  if (!implicit) return null;
  const numbered = (isCallback: boolean): OperationPlan[] =>
    inOrder(
      lowering,
      symbol,
      all.filter(({ operation }) => operation.attributes.has("callback") === isCallback),
      implicit,
    );
  return {
    name: symbol.name,
    form: form === "object" ? "object" : "rpc",
    uuid,
    version: symbol.version,
    base: symbol.base?.name ?? null,
    endpoints: endpointsOf(symbol),
    operations: numbered(false),
    callbacks: numbered(true),
    isStrict: attributes.has("strict_context_handle"),
    isTypeStrict: attributes.has("type_strict_context_handle"),
    place: lowering.place(symbol.span),
  };
}

interface OwnedOperation {
  readonly owner: InterfaceSymbol;
  readonly operation: OperationSymbol;
}

/** An interface has the operations of all its bases again, so their number is bounded. */
const mostBases = 128;

/** The operations of an interface and its bases, outermost base first; null where there are too many bases. */
function withBases(symbol: InterfaceSymbol): OwnedOperation[] | null {
  const chain: InterfaceSymbol[] = [];
  for (let at: InterfaceSymbol | null = symbol; at && !chain.includes(at); at = at.base) {
    chain.unshift(at);
    if (chain.length > mostBases + 1) return null;
  }
  return chain.flatMap((owner) => owner.operations.map((operation) => ({ owner, operation })));
}

/** Operations by opnum, with an absent one wherever an opnum is left out or IUnknown's. */
function inOrder(
  lowering: Lowering,
  symbol: InterfaceSymbol,
  owned: readonly OwnedOperation[],
  implicit: readonly ParamPlan[],
): OperationPlan[] {
  const byOpnum = new Map<number, OwnedOperation>();
  for (const each of owned) {
    if (each.operation.opnum !== null) byOpnum.set(each.operation.opnum, each);
  }
  const count = [...byOpnum.keys()].reduce((most, opnum) => Math.max(most, opnum + 1), 0);
  return Array.from({ length: count }, (_, opnum) => {
    const found = byOpnum.get(opnum);
    if (!found) return emptyPlace(symbol, opnum, lowering);
    const plan = found.owner.uuid === unknown ? null : found;
    if (!plan) return { ...emptyPlace(symbol, opnum, lowering), name: found.operation.name };
    return lowerOperation(lowering, found.owner, found.operation, opnum, implicit);
  });
}

function endpointsOf(symbol: InterfaceSymbol): string[] {
  const args = symbol.attributes.get("endpoint")?.args ?? [];
  return args.flatMap((arg) => (arg.kind === "text" ? [arg.text] : []));
}

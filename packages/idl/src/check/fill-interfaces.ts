/** Fills in interfaces: attributes, base, operations with their opnums and parameters. */
import type { DispinterfaceDecl, Identifier, InterfaceDecl, OperationDecl } from "../ast.ts";
import {
  callAsNotLocal,
  circularBase,
  duplicateOperation,
  duplicateParameter,
  malformedEndpoint,
  nestingTooDeep,
  opnumOverflow,
  undefinedBase,
  undefinedInterface,
  unknownCallAs,
  unknownTarget,
  unnamedParameter,
} from "../catalogue/semantics.ts";
import type {
  Attributes,
  AttributeValue,
  InterfaceSymbol,
  OperationSymbol,
  ParamSymbol,
} from "../program.ts";
import {
  complete,
  type Context,
  deepestNesting,
  type Draft,
  noAttributes,
  type Place,
} from "./context.ts";
import type { Neighbours } from "./correlation.ts";
import { resolveAttributes } from "./resolve-attributes.ts";
import { asWarnings } from "./report.ts";
import { findName } from "./scope.ts";
import { applyParts, resolveSpec } from "./types.ts";

const opnumLimit = 65_536;

export function fillInterface(
  context: Context,
  place: Place,
  node: InterfaceDecl,
  symbol: Draft<InterfaceSymbol>,
): void {
  const attributes = resolveAttributes(context, place, node.attributes, "interface");
  symbol.attributes = attributes;
  symbol.uuid = textOf(attributes.get("uuid"));
  const [major = "0", minor = "0"] = (textOf(attributes.get("version")) ?? "0.0").split(".");
  symbol.version = { major: Number(major), minor: Number(minor) };
  symbol.base = node.base ? resolveBase(context, place, symbol, node.base) : null;
  if (node.base && !symbol.base) context.brokenBases.add(symbol);
  const inherits = symbol.base?.form === "object";
  const isObject = attributes.has("object") || attributes.has("dual") || attributes.has("odl");
  symbol.form = isObject || inherits ? "object" : "rpc";
  checkEndpoints(context, attributes.get("endpoint"));
  const pointerDefault = textOf(attributes.get("pointer_default"));
  if (pointerDefault === "ref" || pointerDefault === "unique" || pointerDefault === "ptr") {
    symbol.pointerDefault = pointerDefault;
  }
  const operations = node.items.filter((item) => item.$type === "Operation");
  const report =
    symbol.form === "object" ? asWarnings(context.report, unknownTarget) : context.report;
  const resolved = operations.map((op) => resolveOperation({ ...context, report }, place, op));
  number(context, symbol, resolved);
  symbol.operations = resolved;
}

export function fillDispinterface(
  context: Context,
  place: Place,
  node: DispinterfaceDecl,
  symbol: Draft<InterfaceSymbol>,
): void {
  symbol.attributes = resolveAttributes(context, place, node.attributes, "dispinterface");
  symbol.uuid = textOf(symbol.attributes.get("uuid"));
  if (node.of && findName(place.scope, node.of.name)?.meaning.kind !== "interface") {
    context.report(undefinedInterface, node.of.span, { name: node.of.name });
  }
  for (const property of node.properties) {
    resolveSpec(context, place, property.type);
    resolveAttributes(context, place, property.attributes, "property");
  }
  symbol.operations = node.methods.map((op) => resolveOperation(context, place, op));
}

function checkEndpoints(context: Context, attribute: AttributeValue | undefined): void {
  for (const argument of attribute?.args ?? []) {
    if (argument.kind !== "text" || /^[a-z][a-z0-9_]*:[^[\]]*\[[^[\]]+\]$/.test(argument.text))
      continue;
    const span = context.argumentSpans.get(argument) ?? attribute!.span;
    context.report(malformedEndpoint, span, { text: argument.text });
  }
}

/** The text of an attribute's first argument. */
function textOf(attribute: AttributeValue | undefined): string | null {
  const argument = attribute?.args[0];
  return argument?.kind === "text" ? argument.text : null;
}

function resolveBase(
  context: Context,
  place: Place,
  symbol: InterfaceSymbol,
  name: Identifier,
): InterfaceSymbol | null {
  const entry = findName(place.scope, name.name);
  if (entry?.meaning.kind !== "interface") {
    context.report(undefinedBase, name.span, { name: symbol.name, base: name.name });
    return null;
  }
  const base = entry.meaning.symbol;
  complete(context, base);
  let depth = 1;
  for (let at: InterfaceSymbol | null = base; at; at = at.base) {
    depth++;
    if (at === symbol || context.unfinished.has(at)) {
      context.report(circularBase, name.span, { name: symbol.name });
      return null;
    }
  }
  if (depth === deepestNesting + 1) {
    context.report(nestingTooDeep, symbol.span, { name: symbol.name, limit: deepestNesting });
  }
  return base;
}

// ---- operations --------------------------------------------------------------------------------

/** The name that compilers give to accessors: `get_X`, `put_X`. */
function accessorName(name: string, attributes: Attributes): string {
  if (attributes.has("propget")) return `get_${name}`;
  if (attributes.has("propput")) return `put_${name}`;
  if (attributes.has("propputref")) return `putref_${name}`;
  if (attributes.has("eventadd")) return `add_${name}`;
  return attributes.has("eventremove") ? `remove_${name}` : name;
}

function resolveOperation(
  context: Context,
  { scope, order }: Place,
  node: OperationDecl,
): Draft<OperationSymbol> {
  const place: Place = { scope, order: context.orderOf.get(node) ?? order };
  const written = node.declarator.name?.name ?? "";
  const result = applyParts(
    context,
    place,
    resolveSpec(context, place, node.type),
    node.declarator.parts,
  );
  const params = resolveParams(context, place, node, written);
  const neighbours = neighboursOf(written, params);
  for (const [i, param] of params.entries()) {
    const { attributes } = node.params[i]!;
    param.attributes = resolveAttributes(context, place, attributes, "parameter", neighbours);
    param.isOut = param.attributes.has("out");
    param.isIn = param.attributes.has("in") || !param.isOut;
  }
  const attributes = resolveAttributes(context, place, node.attributes, "operation", neighbours);
  const name = accessorName(written, attributes);
  const span = node.declarator.name?.span ?? node.span;
  return { kind: "operation", name, span, attributes, opnum: null, params, result };
}

function resolveParams(
  context: Context,
  place: Place,
  node: OperationDecl,
  operation: string,
): Draft<ParamSymbol>[] {
  return node.params.map(({ type, declarator, span }, i) => {
    if (!declarator.name) {
      context.report(unnamedParameter, span, { operation, index: i + 1 });
    }
    const base = resolveSpec(context, place, type);
    return {
      kind: "param",
      name: declarator.name?.name ?? `parameter${i + 1}`,
      span: declarator.name?.span ?? span,
      attributes: noAttributes,
      isIn: false,
      isOut: false,
      type: applyParts(context, place, base, declarator.parts),
    };
  });
}

function neighboursOf(operation: string, params: readonly ParamSymbol[]): Neighbours {
  const symbols = new Map<string, ParamSymbol>();
  for (const param of params) if (!symbols.has(param.name)) symbols.set(param.name, param);
  return { owner: operation, kind: "parameter", symbols };
}

/** Gives opnums. Complains of doubled names and of call_as that points nowhere. */
function number(
  context: Context,
  owner: InterfaceSymbol,
  operations: readonly Draft<OperationSymbol>[],
): void {
  const byName = new Map<string, Draft<OperationSymbol>>();
  for (const operation of operations) {
    const { name, span } = operation;
    const first = byName.get(name);
    if (first) {
      const related = [{ message: "first declared here", span: first.span }];
      context.report(duplicateOperation, span, { name, interface: owner.name }, { related });
    } else {
      byName.set(name, operation);
    }
    duplicateParams(context, operation);
  }
  const twins = new Map<OperationSymbol, Draft<OperationSymbol>>();
  for (const operation of operations) {
    const target = textOf(operation.attributes.get("call_as"));
    if (target === null) continue;
    const local = byName.get(target);
    const names = { name: operation.name, target };
    if (!local) context.report(unknownCallAs, operation.span, names);
    else if (!isLocal(owner, local)) context.report(callAsNotLocal, operation.span, names);
    else twins.set(local, operation);
  }
  const taken = new Set(twins.values());
  let next = owner.base ? (context.opnumsAfter.get(owner.base) ?? 0) : 0;
  let nextCallback = 0;
  for (const operation of operations) {
    const isCallback = operation.attributes.has("callback");
    const slot = isCallback ? nextCallback : next;
    if (owner.form === "object") {
      const twin = twins.get(operation);
      if (taken.has(operation)) continue;
      (twin ?? operation).opnum = slot;
    } else if (isLocal(owner, operation)) {
      continue;
    } else {
      operation.opnum = slot;
    }
    if (slot === opnumLimit) {
      context.report(opnumOverflow, operation.span, {
        name: operation.name,
        interface: owner.name,
      });
    }
    if (isCallback) nextCallback++;
    else next++;
  }
  context.opnumsAfter.set(owner, next);
}

function isLocal(owner: InterfaceSymbol, operation: OperationSymbol): boolean {
  return operation.attributes.has("local") || owner.attributes.has("local");
}

function duplicateParams(context: Context, operation: OperationSymbol): void {
  const seen = new Map<string, ParamSymbol>();
  for (const param of operation.params) {
    const first = seen.get(param.name);
    if (first) {
      const related = [{ message: "first declared here", span: first.span }];
      const names = { name: param.name, operation: operation.name };
      context.report(duplicateParameter, param.span, names, { related });
    } else {
      seen.set(param.name, param);
    }
  }
}

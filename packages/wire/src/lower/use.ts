/**
 * A type in use as a type of the plan: pointers, arrays, strings and handles worked out from the chain of the
 * declarator and the attributes that meet it.
 */
import type { Type, TypedefSymbol } from "@msrpc/idl";
import * as rules from "../catalogue/rules.ts";
import type { WireType } from "../plan.ts";
import { lowerArray } from "./arrays.ts";
import { type Lowering, type Site, type Where, refuse } from "./context.ts";
import { useContextHandle } from "./context-handles.ts";
import { saysSomething } from "./dimensions.ts";
import { lowerPointer } from "./pointers.ts";
import { type Pending, enterTypedef, nothingPending } from "./pending.ts";
import { internationalBytes, primitives } from "./primitives.ts";
import { useTag } from "./types.ts";

/** The type on the wire; null, with a diagnostic, where there is none. */
export function lowerUse(
  lowering: Lowering,
  site: Site,
  type: Type,
  pending: Pending,
  where: Where,
): WireType | null {
  switch (type.kind) {
    case "typedef":
      return lowerTypedef(lowering, site, type.symbol, pending, where);
    case "pointer":
      return lowerPointer(lowering, site, type, pending, where);
    case "array":
      return lowerArray(lowering, site, type, pending, where);
    case "function":
      return refuse(lowering, rules.functionType, site.span, { owner: site.owner });
    case "safearray":
      return lowerSafeArray(lowering, site, pending, where);
    default:
      return lowerPlain(lowering, site, type, pending, where);
  }
}

/** A type that adds nothing to what was said before it: it is what those attributes are about. */
function lowerPlain(
  lowering: Lowering,
  site: Site,
  type: Exclude<Type, { kind: "typedef" | "pointer" | "array" | "function" | "safearray" }>,
  pending: Pending,
  where: Where,
): WireType | null {
  if (pending.handle) return useContextHandle(lowering, pending.handle);
  if (pending.dimensions.some(saysSomething)) {
    return refuse(lowering, rules.unusedDimension, site.span, { owner: site.owner });
  }
  switch (type.kind) {
    case "base":
      return lowerBase(lowering, site, type, pending);
    case "struct":
    case "union":
    case "enum":
      return useTag(lowering, site, type.symbol, pending);
    case "interface":
      return refuse(lowering, rules.interfaceByValue, site.span, {
        owner: site.owner,
        name: type.symbol.name,
      });
    case "pipe":
      return lowerPipe(lowering, site, type.element, pending, where);
  }
}

/** The typedef's target, or what it says is sent in its place (transmit_as, wire_marshal), with what it presents. */
function lowerTypedef(
  lowering: Lowering,
  site: Site,
  typedef: TypedefSymbol,
  pending: Pending,
  where: Where,
): WireType | null {
  const sent =
    typedef.attributes.get("transmit_as")?.args[0] ??
    typedef.attributes.get("wire_marshal")?.args[0];
  if (sent?.kind === "type") {
    // A pointer that is sent for something else is no top-level pointer of the operation.
    const place = where === "parameter" || where === "result" ? "target" : where;
    return presenting(lowering.use(site, sent.type, nothingPending, place), typedef);
  }
  const type = lowering.use(site, typedef.type, enterTypedef(pending, typedef), where);
  const isPresented =
    typedef.attributes.has("represent_as") || typedef.attributes.has("user_marshal");
  return isPresented ? presenting(type, typedef) : type;
}

/** The outermost typedef is what a program sees. */
function presenting(type: WireType | null, { name }: TypedefSymbol): WireType | null {
  return type === null ? null : { ...type, presents: name };
}

function lowerBase(
  lowering: Lowering,
  site: Site,
  type: Type & { readonly kind: "base" },
  pending: Pending,
): WireType | null {
  const { owner, span } = site;
  if (pending.isString) return refuse(lowering, rules.stringElement, span, { owner });
  if (type.name === "void") return refuse(lowering, rules.voidType, span, { owner });
  if (type.name === "handle_t") return refuse(lowering, rules.handleInType, span, { owner });
  const bytes = internationalBytes[type.name];
  if (bytes !== undefined) {
    return {
      kind: "array",
      element: { kind: "primitive", name: "byte" },
      dimensions: [{ size: bytes, isConformant: false, varying: null }],
    };
  }
  const name = primitives[type.name];
  if (name === undefined) return refuse(lowering, rules.int128, span, { owner });
  return {
    kind: "primitive",
    name,
    ...(pending.range ? { range: pending.range } : {}),
    ...(pending.alias === null ? {} : { alias: pending.alias }),
  };
}

function lowerPipe(
  lowering: Lowering,
  site: Site,
  elementType: Type,
  pending: Pending,
  where: Where,
): WireType | null {
  if (where === "member" || where === "element") {
    return refuse(lowering, rules.pipeInType, site.span, { owner: site.owner });
  }
  const element = lowering.use(site, elementType, nothingPending, "element");
  if (!element) return null;
  return { kind: "pipe", element, ...(pending.range ? { range: pending.range } : {}) };
}

/**
 * `SAFEARRAY(T)` as what documents define to be sent for it: `wirePSAFEARRAY`, or, as [MS-OAUT] 2.2.30.10 has
 * it, the pointer `SAFEARRAY`.
 */
function lowerSafeArray(
  lowering: Lowering,
  site: Site,
  pending: Pending,
  where: Where,
): WireType | null {
  const typedefs = lowering.program.types.filter((symbol) => symbol.kind === "typedef");
  const wire =
    typedefs.find((symbol) => symbol.name === "wirePSAFEARRAY") ??
    typedefs.find((symbol) => symbol.name === "SAFEARRAY" && symbol.type.kind === "pointer");
  if (!wire) return refuse(lowering, rules.safeArray, site.span, { owner: site.owner });
  const place = where === "parameter" || where === "result" ? "target" : where;
  return lowering.use(site, { kind: "typedef", symbol: wire }, pending, place);
}

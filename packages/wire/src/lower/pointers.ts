/** Pointers: their class, what they point to, and where their referent id is sent. */
import type { InterfaceSymbol, Type } from "@msrpc/idl";
import * as rules from "../catalogue/rules.ts";
import type { PointerType, WireType } from "../plan.ts";
import { arrayOf, stringOf } from "./arrays.ts";
import { type Lowering, type Site, type Where, refuse } from "./context.ts";
import { useContextHandle } from "./context-handles.ts";
import { noDimension } from "./dimensions.ts";
import { type Pending, enterTarget, pointerClassOf } from "./pending.ts";
import { baseOf, characterOf } from "./primitives.ts";

export function lowerPointer(
  lowering: Lowering,
  site: Site,
  type: Type & { readonly kind: "pointer" },
  pending: Pending,
  where: Where,
): WireType | null {
  if (pending.handle && !leadsToPointer(type.target)) {
    return useContextHandle(lowering, pending.handle);
  }
  const own = pending.pointerClass ?? pointerClassOf(type.attributes);
  const object = interfaceAt(type.target);
  if (object || (pending.iidIs && baseOf(type.target) === "void")) {
    const target: WireType = {
      kind: "interfacePointer",
      interface: object?.name ?? null,
      iidIs: pending.iidIs,
    };
    return { kind: "pointer", class: own === "full" ? "full" : "unique", id: "both", target };
  }
  const target = lowerTarget(lowering, site, type.target, pending);
  if (!target) return null;
  if (target.kind === "pipe") return target;
  const pointerClass = own ?? defaultClass(site, where);
  return {
    kind: "pointer",
    class: pointerClass,
    id: idOf(pointerClass, where),
    target,
    ...(pending.isIgnored ? { isIgnored: true } : {}),
    ...(pending.mayBeNullWithCount ? { mayBeNullWithCount: true } : {}),
  };
}

function lowerTarget(
  lowering: Lowering,
  site: Site,
  type: Type,
  pending: Pending,
): WireType | null {
  const { owner, span } = site;
  const left = enterTarget(pending);
  if (pending.isIgnored && !leadsToPointer(type)) return { kind: "primitive", name: "byte" };
  const here = pending.dimensions[0] ?? noDimension;
  const character = characterOf(type);
  if (pending.isString && character) return stringOf(character, here, null, pending.range);
  if (here.size === null) {
    if (here.length !== null || here.first !== null) {
      return refuse(lowering, rules.lengthWithoutSize, span, { owner });
    }
    return lowering.use(site, type, left, "target");
  }
  const element = lowering.use(site, type, { ...left, range: null }, "element");
  return element && arrayOf(lowering, site, element, here, null, pending.range);
}

/** Top-level pointers of parameters are ref pointers; others are what the interface says. */
function defaultClass(site: Site, where: Where): PointerType["class"] {
  if (where === "parameter") return "ref";
  // What an operation returns may be null, so it is no ref pointer ([MS-RPCE] 2.2.4.10).
  if (where === "result" && site.pointerDefault === "ref") return "unique";
  return site.pointerDefault;
}

function idOf(pointerClass: PointerType["class"], where: Where): PointerType["id"] {
  if (pointerClass !== "ref") return "both";
  if (where === "member") return "both";
  return where === "element" ? "ndr64" : "none";
}

/** Whether another pointer comes further down. */
function leadsToPointer(type: Type): boolean {
  if (type.kind === "typedef") return leadsToPointer(type.symbol.type);
  return type.kind === "pointer";
}

/** The interface that a type is, through typedefs. */
function interfaceAt(type: Type): InterfaceSymbol | null {
  if (type.kind === "typedef") return interfaceAt(type.symbol.type);
  return type.kind === "interface" ? type.symbol : null;
}

/** Names in expressions: each must be a parameter or field beside the declaration, or inside one. */
import type { Type } from "@msrpc/idl";
import * as rules from "../catalogue/rules.ts";
import type { Expr, WireType } from "../plan.ts";
import { type Lowering, type Site, refuse } from "./context.ts";

/** The type itself, or null after a complaint where an expression in it names what is not there. */
export function withKnownNames(
  lowering: Lowering,
  site: Site,
  type: WireType | null,
): WireType | null {
  for (const expr of type ? expressionsIn(type) : []) {
    for (const path of pathsIn(expr)) {
      if (leadsSomewhere(path, site.siblings)) continue;
      const { owner, span } = site;
      return refuse(lowering, rules.unknownName, span, { owner, path: path.join(".") });
    }
  }
  return type;
}

/** Those that stand at this use; named types have their own. */
function expressionsIn(type: WireType): Expr[] {
  switch (type.kind) {
    case "union":
      return [type.switchIs];
    case "pointer":
      return expressionsIn(type.target);
    case "array": {
      const own = type.dimensions.flatMap(({ size, varying }) => [
        typeof size === "number" ? null : size,
        varying?.length ?? null,
        varying?.first ?? null,
      ]);
      return [...own.filter((expr) => expr !== null), ...expressionsIn(type.element)];
    }
    case "string":
      return type.size ? [type.size] : [];
    case "pipe":
      return expressionsIn(type.element);
    case "interfacePointer":
      return type.iidIs ? [type.iidIs] : [];
    case "primitive":
    case "named":
      return [];
  }
}

function pathsIn(expr: Expr): (readonly string[])[] {
  switch (expr.op) {
    case "const":
      return [];
    case "field":
      return [expr.path];
    case "deref":
    case "unary":
      return pathsIn(expr.of);
    case "binary":
      return [...pathsIn(expr.left), ...pathsIn(expr.right)];
    case "conditional":
      return [...pathsIn(expr.test), ...pathsIn(expr.then), ...pathsIn(expr.else)];
  }
}

function leadsSomewhere(path: readonly string[], from: Site["siblings"]): boolean {
  let members: readonly { readonly name: string; readonly type: Type }[] = from;
  for (const name of path) {
    const found = members.find((member) => member.name === name);
    if (!found) return false;
    members = membersOf(found.type);
  }
  return true;
}

/** The members of a structure or union, through typedefs and pointers. */
function membersOf(type: Type): readonly { readonly name: string; readonly type: Type }[] {
  switch (type.kind) {
    case "typedef":
      return membersOf(type.symbol.type);
    case "pointer":
      return membersOf(type.target);
    case "struct":
      return type.symbol.fields;
    case "union":
      return type.symbol.arms.flatMap(({ field }) => field ?? []);
    default:
      return [];
  }
}

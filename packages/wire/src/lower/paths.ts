/** Names in expressions: each must be a parameter or field beside the declaration, or inside one. */
import type { Type } from "@msrpc/idl";
import * as rules from "../catalogue/rules.ts";
import { expressionsIn, fieldPaths } from "../expressions.ts";
import type { WireType } from "../plan.ts";
import { type Lowering, type Site, refuse } from "./context.ts";

/** The type itself, or null after a complaint where an expression in it names what is not there. */
export function withKnownNames(
  lowering: Lowering,
  site: Site,
  type: WireType | null,
): WireType | null {
  for (const expr of type ? expressionsIn(type) : []) {
    for (const path of fieldPaths(expr)) {
      if (leadsSomewhere(path, site.siblings)) continue;
      const { owner, span } = site;
      return refuse(lowering, rules.unknownName, span, { owner, path: path.join(".") });
    }
  }
  return type;
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

/** What of a type stands elsewhere: counts in front of it, targets behind it. */
import type { FieldPlan, WireType } from "../plan.ts";
import { type Types, namedType } from "./type-layout.ts";

/** Whether a member of this type leaves something for the deferred part of what it is in. */
export function hasDeferred(type: WireType, types: Types): boolean {
  switch (type.kind) {
    case "pointer":
      return type.isIgnored !== true;
    case "array":
      return hasDeferred(type.element, types);
    case "named":
    case "union": {
      const plan = namedType(types, type.name);
      return (plan.kind === "struct" || plan.kind === "union") && plan.hasDeferred;
    }
    default:
      return false;
  }
}

/** The number of max counts that stand before a structure that ends in this type. */
function hoistedCounts(type: WireType, types: Types): number {
  switch (type.kind) {
    case "array":
      return type.dimensions.filter((dimension) => dimension.isConformant).length;
    case "string":
      return type.isConformant ? 1 : 0;
    case "named": {
      const plan = namedType(types, type.name);
      return plan.kind === "struct" ? plan.hoisted : 0;
    }
    default:
      return 0;
  }
}

/** The number of max counts that stand before a structure with these fields. */
export function structHoistedCounts(fields: readonly FieldPlan[], types: Types): number {
  const last = fields.at(-1);
  return last ? hoistedCounts(last.type, types) : 0;
}

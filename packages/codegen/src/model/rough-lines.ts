/** How long the code of a type will be, before it is there: files are filled by it. */
import type { TypePlan, WireType } from "@msrpc/wire";

/** About how many lines a type's code has. */
export function roughLines(plan: TypePlan): number {
  switch (plan.kind) {
    case "struct": {
      const fields = plan.fields.reduce((sum, field) => sum + roughFieldLines(field.type), 0);
      return 12 + (plan.hasDeferred ? 8 : 0) + plan.hoisted * 4 + fields;
    }
    case "union": {
      const arms = plan.arms.reduce(
        (sum, { field }) => sum + 9 + (field === null ? 0 : roughFieldLines(field.type)),
        0,
      );
      return 30 + (plan.hasDeferred ? 10 : 0) + arms;
    }
    case "enum":
      return 6 + plan.members.length;
    case "contextHandle":
      return 3;
  }
}

function roughFieldLines(type: WireType): number {
  switch (type.kind) {
    case "named":
    case "union":
      return 14;
    case "array":
      return type.element.kind === "primitive" ? 8 : 24;
    case "pointer":
      if (type.target.kind === "string" || type.target.kind === "primitive") return 6;
      return 6 + roughFieldLines(type.target);
    default:
      return 4;
  }
}

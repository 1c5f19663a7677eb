/** How much of a type is left out where an explanation would grow too long: counted, not walked. */
import { hasDeferred } from "../layout/parts.ts";
import { type Types, namedType } from "../layout/type-layout.ts";
import type { WireType } from "../plan.ts";

/** Structures within structures multiply: an explanation ends after so many rows. */
export const mostRows = 2000;

/** Counts what stands in a type in place, and the pointers in it, each type once. */
export interface Counts {
  readonly parts: (type: WireType) => bigint;
  readonly targets: (type: WireType) => bigint;
}

export function startCounts(types: Types): Counts {
  const counter = (countOne: (type: WireType) => bigint): ((type: WireType) => bigint) => {
    const known = new Map<string, bigint>();
    const count = (type: WireType): bigint => {
      if (type.kind === "array") return count(type.element);
      if (type.kind !== "named") return countOne(type);
      const plan = namedType(types, type.name);
      if (plan.kind !== "struct") return countOne(type);
      const sum =
        known.get(plan.name) ?? plan.fields.reduce((all, field) => all + count(field.type), 0n);
      known.set(plan.name, sum);
      return sum;
    };
    return count;
  };
  return {
    parts: counter(() => 1n),
    targets: counter((type) => (hasDeferred(type, types) ? 1n : 0n)),
  };
}

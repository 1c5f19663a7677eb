/** Types in an order in which none speaks of a later one; those that speak of each other stand together. */
import type { TypePlan, WireType } from "@msrpc/wire";

/** Types that a type is made of or points at, by name. */
export function usedBy(plan: TypePlan): string[] {
  if (plan.kind === "struct") return plan.fields.flatMap((field) => namesIn(field.type));
  if (plan.kind === "union")
    return plan.arms.flatMap((arm) => (arm.field === null ? [] : namesIn(arm.field.type)));
  return [];
}

function namesIn(type: WireType): string[] {
  switch (type.kind) {
    case "named":
    case "union":
      return [type.name];
    case "pointer":
      return namesIn(type.target);
    case "array":
    case "pipe":
      return namesIn(type.element);
    default:
      return [];
  }
}

interface Visit {
  readonly name: string;
  readonly uses: readonly string[];
  /** How many of them were followed. */
  next: number;
  /** The first type on the path that this one leads back to. */
  lowest: number;
}

/** Groups of types that lead to each other through pointers, most of one type; each after what it uses. */
export function typeGroups(types: Readonly<Record<string, TypePlan>>): TypePlan[][] {
  const groups: TypePlan[][] = [];
  const numbers = new Map<string, number>();
  const done = new Set<string>();
  const open: string[] = [];
  const enter = (name: string): Visit => {
    const plan = types[name];
    numbers.set(name, numbers.size);
    open.push(name);
    return {
      name,
      uses: plan === undefined ? [] : usedBy(plan),
      next: 0,
      lowest: numbers.size - 1,
    };
  };
  for (const root of Object.keys(types)) {
    if (numbers.has(root)) continue;
    const path = [enter(root)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const used = visit.uses[visit.next++];
      if (used !== undefined) {
        if (!numbers.has(used)) path.push(enter(used));
        else if (!done.has(used)) visit.lowest = Math.min(visit.lowest, numbers.get(used)!);
        continue;
      }
      path.pop();
      const { name, lowest } = visit;
      const parent = path.at(-1);
      if (parent !== undefined) parent.lowest = Math.min(parent.lowest, lowest);
      if (lowest !== numbers.get(name)) continue;
      const names = open.splice(open.indexOf(name));
      for (const each of names) done.add(each);
      groups.push(names.map((each) => types[each]).filter((plan) => plan !== undefined));
    }
  }
  return groups;
}

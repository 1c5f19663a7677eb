/** Group sets, and what starts before what. */
import { createGroupSet } from "../core/create.ts";
import {
  addDependencyOnSet,
  setGroupExpression,
  setSetExpression,
} from "../core/group-dependencies.ts";
import { addToGroupSet } from "../core/group-sets.ts";
import type { Transaction } from "../core/transaction.ts";
import type { ClusterDefinition, DefinitionPath } from "./definition.ts";
import { demandNew, ids, known } from "./names.ts";
import { defineProperties, refusing } from "./values.ts";

/** When all groups are there. @throws DefinitionError */
export function defineGroupOrder(
  tx: Transaction,
  { groups, groupSets = [] }: Pick<ClusterDefinition, "groups" | "groupSets">,
): void {
  const { state } = tx;
  for (const [at, one] of groupSets.entries()) {
    const path = ["groupSets", at];
    demandNew(state.groupSets, one.name, path);
    const object = createGroupSet(tx, { name: one.name });
    for (const [place, name] of one.groups.entries()) {
      const below = [...path, "groups", place];
      const group = known(state.groups, name, below);
      refusing(below, () => addToGroupSet(tx, object, group));
    }
    defineProperties(tx, { kind: "groupSet", object }, one, path);
  }
  for (const [at, { name, dependsOn }] of groupSets.entries()) {
    if (dependsOn === undefined) continue;
    const path: DefinitionPath = ["groupSets", at, "dependsOn"];
    const set = known(state.groupSets, name, path);
    const expression = expressionOf(ids(state.groupSets, dependsOn, path));
    refusing(path, () => setSetExpression(tx, set, expression));
  }
  for (const [at, { name, dependsOn, dependsOnSet }] of groups.entries()) {
    const group = known(state.groups, name, ["groups", at]);
    if (dependsOn !== undefined) {
      const path: DefinitionPath = ["groups", at, "dependsOn"];
      const expression = expressionOf(ids(state.groups, dependsOn, path));
      refusing(path, () => setGroupExpression(tx, group, expression));
    }
    if (dependsOnSet !== undefined) {
      const path: DefinitionPath = ["groups", at, "dependsOnSet"];
      const set = known(state.groupSets, dependsOnSet, path);
      refusing(path, () => addDependencyOnSet(tx, group, set));
    }
  }
}

/** All of them. */
function expressionOf(providers: readonly string[]): string {
  return providers.map((id) => `[${id}]`).join(" and ");
}

/** Errors of methods on group sets and on what starts before groups. */
import { addDependencyOnSet } from "../../../src/core/group-dependencies.ts";
import { createGroup, createGroupSet } from "../../../src/core/create.ts";
import type { Scene } from "../scene.ts";
import { all, type ErrorCase, known } from "./case.ts";

/** A set starts after as many others, one after the other. */
function longChain(name: string, length: number): (scene: Scene) => void {
  return ({ cluster }) => {
    cluster.run((tx) => {
      let providers: string[] = [];
      for (let at = 0; at < length; at++) {
        const set = createGroupSet(tx, { name: `chain ${at}` });
        tx.update("groupSet", set, { providers });
        providers = [set.id];
      }
      tx.update("groupSet", known(cluster.state.groupSets.find(name)), { providers });
    });
  };
}

/** In a set are as many groups, each of which starts after the one before. */
export function longSet(name: string, length: number): (scene: Scene) => void {
  return ({ cluster }) => {
    const set = known(cluster.state.groupSets.find(name));
    cluster.run((tx) => {
      let providerGroups: string[] = [];
      for (let at = 0; at < length; at++) {
        const group = createGroup(tx, { name: `member ${at}` });
        tx.configure("group", group, { providerGroups });
        tx.update("group", group, { groupSet: set.id });
        tx.update("groupSet", set, { groups: [...set.groups, group.id] });
        providerGroups = [group.id];
      }
    });
  };
}

/** A group starts after another one. */
function after(name: string, provider: string): (scene: Scene) => void {
  return ({ cluster }) => {
    const { groups } = cluster.state;
    const providerGroups = [known(groups.find(provider)).id];
    cluster.run((tx) => tx.configure("group", known(groups.find(name)), { providerGroups }));
  };
}

/** The empty group starts after a set. */
function emptyAfter(name: string): (scene: Scene) => void {
  return ({ cluster }) => {
    const { groups, groupSets } = cluster.state;
    const provider = known(groupSets.find(name));
    cluster.run((tx) => addDependencyOnSet(tx, known(groups.find("Empty")), provider));
  };
}

/** A set has two fault domains. */
function hasFaultDomains({ cluster }: Scene): void {
  const set = known(cluster.state.groupSets.find("Set"));
  cluster.run((tx) => tx.configure("groupSet", set, { faultDomains: 2 }));
}

/** Groups outside of sets start after the empty one, which starts after the spare one, which is in a set. */
const globalIsAfterSpare = all(after("Empty", "Spare"), ({ cluster }) => {
  const { groups, groupSets } = cluster.state;
  cluster.run((tx) => {
    const [set, group] = [known(groupSets.find("Empty Set")), known(groups.find("Empty"))];
    tx.update("group", group, { groupSet: set.id });
    tx.update("groupSet", set, { groups: [group.id], isGlobal: 1 });
  });
});

const deep = longChain("Empty Set", 100);
const adding: ErrorCase["keys"] = ["addGroupToGroupSet", "addGroupToGroupSetEx"];

export const groupSetErrors: readonly ErrorCase[] = [
  { keys: ["createGroupSet"], error: "ERROR_INVALID_NAME", but: () => ({ groupSetName: " " }) },
  {
    keys: ["createGroupSet"],
    error: "ERROR_OBJECT_ALREADY_EXISTS",
    but: () => ({ groupSetName: "Set" }),
  },
  {
    keys: ["openGroupSet"],
    error: "ERROR_GROUPSET_NOT_FOUND",
    but: () => ({ groupSetName: "nothing" }),
  },
  {
    keys: ["deleteGroupSet"],
    error: "ERROR_DIR_NOT_EMPTY",
    but: ({ providerSet }) => ({ groupSet: providerSet }),
  },
  {
    keys: ["deleteGroupSet", "removeGroupFromGroupSet"],
    error: "ERROR_CIRCULAR_DEPENDENCY",
    given: globalIsAfterSpare,
  },
  { keys: adding, error: "ERROR_ALREADY_EXISTS", but: ({ spare }) => ({ group: spare }) },
  {
    keys: adding,
    error: "ERROR_INVALID_STATE",
    but: ({ spare, emptySet }) => ({ group: spare, groupSet: emptySet }),
  },
  {
    keys: [...adding, "moveGroupToGroupSet"],
    error: "ERROR_CIRCULAR_DEPENDENCY",
    given: emptyAfter("Set"),
    but: ({ empty, providerSet }) => ({ group: empty, groupSet: providerSet }),
  },
  {
    keys: adding,
    error: "ERROR_DEPENDENCY_TREE_TOO_COMPLEX",
    given: all(deep, after("Services", "Empty")),
    but: ({ emptySet }) => ({ groupSet: emptySet }),
  },
  {
    keys: ["addGroupToGroupSetEx"],
    error: "ERROR_INVALID_PARAMETER",
    given: hasFaultDomains,
    but: () => ({ faultDomain: 2, useDomains: 1 }),
  },
  {
    keys: ["moveGroupToGroupSet"],
    error: "ERROR_DEPENDENCY_TREE_TOO_COMPLEX",
    given: all(deep, after("Services", "Spare")),
  },
  {
    keys: ["removeGroupFromGroupSet"],
    error: "ERROR_INVALID_STATE",
    but: ({ empty }) => ({ group: empty }),
  },
  {
    keys: ["addGroupSetDependency"],
    error: "ERROR_INVALID_PARAMETER",
    but: ({ groupSet }) => ({ providerGroupSet: groupSet }),
  },
  {
    keys: ["addGroupSetDependency"],
    error: "ERROR_DEPENDENCY_ALREADY_EXISTS",
    but: ({ providerSet }) => ({ providerGroupSet: providerSet }),
  },
  { keys: ["addGroupSetDependency"], error: "ERROR_DEPENDENCY_TREE_TOO_COMPLEX", given: deep },
  {
    keys: ["addGroupToGroupSetDependency"],
    error: "ERROR_DEPENDENCY_TREE_TOO_COMPLEX",
    given: deep,
    but: ({ emptySet }) => ({ providerGroupSet: emptySet }),
  },
  {
    keys: ["setGroupSetDependencyExpression"],
    error: "ERROR_DEPENDENCY_TREE_TOO_COMPLEX",
    given: longChain("Provider Set", 99),
  },
  {
    keys: ["setGroupDependencyExpression"],
    error: "ERROR_DEPENDENCY_TREE_TOO_COMPLEX",
    given: longChain("Provider Set", 99),
    but: () => ({ dependencyExpression: "([Spare])" }),
  },
  {
    keys: ["setGroupDependencyExpression", "setGroupSetDependencyExpression"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ dependencyExpression: "nothing" }),
  },
  {
    keys: ["removeClusterGroupDependency"],
    error: "ERROR_DEPENDENCY_NOT_FOUND",
    but: ({ spare }) => ({ dependsOn: spare }),
  },
  {
    keys: ["removeClusterGroupToGroupSetDependency", "removeGroupSetDependency"],
    error: "ERROR_DEPENDENCY_NOT_FOUND",
    but: ({ emptySet }) => ({ dependsOn: emptySet }),
  },
];

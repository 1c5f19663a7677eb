/** Operations on group sets, and on what starts before groups ([MS-CMRP] 3.1.4.2.146 to 3.1.4.2.154, 3.1.4.2.157 to 3.1.4.2.162, 3.1.4.2.165). */
import { type GroupHandle, Status } from "@msrpc/ms-cmrp";
import type { GroupSetHandle } from "@msrpc/ms-cmrp/clusapi3";
import type { CallContext } from "@msrpc/rpc";
import * as dependencies from "../core/group-dependencies.ts";
import * as core from "../core/group-sets.ts";
import type { Group, GroupSet } from "../model/objects.ts";
import { type AccessLevel, demandAccess, kinds, use } from "./opened.ts";
import { type Handlers3, listNames, opener, present, type Served, usedGroup } from "./served.ts";

/** The document has no value for what kind of entry a group set is. */
const untyped = 0;

export function groupSetMethods(served: Served): Handlers3 {
  const { cluster, policy } = served;
  const { state } = cluster;
  const { groupSets } = state;
  const sets = opener(served, kinds.groupSet, groupSets, Status.ERROR_GROUPSET_NOT_FOUND);
  const used = (
    context: CallContext,
    handle: GroupSetHandle,
    needed: AccessLevel = "all",
    gone: number = Status.ERROR_GROUPSET_NOT_AVAILABLE,
  ): GroupSet => present(groupSets, use(context, kinds.groupSet, handle, needed), gone);
  const grouped = (context: CallContext, handle: GroupHandle, needed?: AccessLevel): Group =>
    usedGroup(served, context, handle, needed);
  return {
    createGroupSet({ groupSetName: name }, { caller, handles }) {
      demandAccess(policy, caller, "all");
      const object = cluster.run((tx) => core.addGroupSet(tx, name));
      return handles.open(kinds.groupSet, { object, access: "all" });
    },
    openGroupSet: ({ groupSetName }, context) => sets.open(groupSetName, context),
    closeGroupSet({ groupSet }, { handles }) {
      handles.close(kinds.groupSet, groupSet);
    },
    deleteGroupSet({ groupSet }, context) {
      const deleted = used(context, groupSet);
      cluster.run((tx) => core.deleteGroupSet(tx, deleted));
    },
    addGroupToGroupSet({ groupSet, group }, context) {
      const into = used(context, groupSet, "read");
      const added = grouped(context, group, "read");
      cluster.run((tx) => core.addToGroupSet(tx, into, added));
    },
    addGroupToGroupSetEx({ groupSet, group, useDomains, faultDomain, updateDomain }, context) {
      const into = used(context, groupSet, "read");
      const added = grouped(context, group, "read");
      const domains = useDomains === 0 ? null : { faultDomain, updateDomain };
      cluster.run((tx) => core.addToGroupSet(tx, into, added, domains));
    },
    removeGroupFromGroupSet({ group }, context) {
      const removed = grouped(context, group);
      cluster.run((tx) => core.removeFromGroupSet(tx, removed));
    },
    moveGroupToGroupSet({ groupSet, group }, context) {
      const into = used(context, groupSet);
      const moved = grouped(context, group);
      cluster.run((tx) => core.moveToGroupSet(tx, into, moved));
    },
    addGroupSetDependency({ dependentGroupSet, providerGroupSet }, context) {
      const dependent = used(context, dependentGroupSet);
      const provider = used(context, providerGroupSet);
      cluster.run((tx) => dependencies.addSetDependency(tx, dependent, provider));
    },
    removeGroupSetDependency({ groupSet, dependsOn }, context) {
      const dependent = used(context, groupSet);
      const provider = used(context, dependsOn);
      cluster.run((tx) => dependencies.removeSetDependency(tx, dependent, provider));
    },
    setGroupSetDependencyExpression({ groupSet, dependencyExpression }, context) {
      const dependent = used(context, groupSet, "all", Status.ERROR_GROUPSET_NOT_FOUND);
      cluster.run((tx) => dependencies.setSetExpression(tx, dependent, dependencyExpression));
    },
    addGroupToGroupSetDependency({ dependentGroup, providerGroupSet }, context) {
      const dependent = grouped(context, dependentGroup);
      const provider = used(context, providerGroupSet);
      cluster.run((tx) => dependencies.addDependencyOnSet(tx, dependent, provider));
    },
    removeClusterGroupToGroupSetDependency({ group, dependsOn }, context) {
      const dependent = grouped(context, group);
      const provider = used(context, dependsOn);
      cluster.run((tx) => dependencies.removeDependencyOnSet(tx, dependent, provider));
    },
    setGroupDependencyExpression({ group, dependencyExpression }, context) {
      const dependent = grouped(context, group);
      cluster.run((tx) => dependencies.setGroupExpression(tx, dependent, dependencyExpression));
    },
    removeClusterGroupDependency({ group, dependsOn }, context) {
      const dependent = grouped(context, group);
      const provider = grouped(context, dependsOn);
      cluster.run((tx) => dependencies.removeGroupDependency(tx, dependent, provider));
    },
    createGroupSetEnum({ cluster: handle }, context) {
      use(context, kinds.cluster, handle);
      return listNames(
        untyped,
        Array.from(groupSets, ({ name }) => name),
      );
    },
  };
}

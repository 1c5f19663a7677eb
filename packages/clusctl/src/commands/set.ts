/** `clusctl set`: group sets, and what starts before them. */
import type { Cluster, GroupSet } from "@msrpc/clusapi";
import { Command } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { checkExpression } from "../output/expression.ts";
import { type Column, table } from "../output/table.ts";
import { listOf, together } from "../output/together.ts";
import { propertyCommands } from "./properties.ts";

interface SetView {
  readonly name: string;
  readonly id: string;
  readonly groups: readonly string[];
  /** What starts before it. */
  readonly after: readonly string[];
}

const columns: readonly Column<SetView>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "GROUPS", value: ({ groups }) => groups.join(", ") },
  { heading: "STARTS AFTER", value: ({ after }) => after.join(", ") },
];

const namesOf = async (objects: AsyncIterable<{ readonly name: string }>): Promise<string[]> =>
  (await listOf(objects)).map(({ name }) => name);

async function viewOf(set: GroupSet): Promise<SetView> {
  return {
    name: set.name,
    id: await set.id(),
    groups: await namesOf(set.groups()),
    after: await namesOf(set.providers()),
  };
}

export function setCommand(io: Io): Command {
  const command = new Command("set").description("groups that start before or after others");
  const list = works(
    new Command("list").description("list the group sets"),
    io,
    async ({ cluster }): Promise<Report> => {
      const sets = await together(await listOf(cluster.groupSets()), viewOf);
      return { json: sets, text: (style) => table(sets, columns, style) };
    },
  );
  command.addCommand(list, { isDefault: true });
  command.addCommand(
    works(named("create", "make a group set with nothing in it"), io, async ({ cluster }, name) =>
      done(`created group set ${name}`, await viewOf(await cluster.createGroupSet(name))),
    ),
  );
  command.addCommand(
    works(named("delete", "delete a group set; its groups stay"), io, async (work, name = "") => {
      await work.confirm(`Delete group set ${name}`);
      await work.cluster.groupSet(name).delete();
      return done(`deleted group set ${name}`, { deleted: name });
    }),
  );
  command.addCommand(
    works(
      named("add", "put a group into a group set, out of the one that it is in").argument(
        "<group>",
        "the group",
      ),
      io,
      async ({ cluster }, name, group) => {
        const set = cluster.groupSet(name);
        const sets = await together(await listOf(cluster.groupSets()), viewOf);
        const isElsewhere = sets.some(({ groups }) => isAmong(groups, group));
        await (isElsewhere ? set.take(group) : set.add(group));
        return done(`group ${group} is in group set ${name}`, await viewOf(set));
      },
    ),
  );
  command.addCommand(
    works(
      named("remove", "take a group out of a group set").argument("<group>", "the group"),
      io,
      async ({ cluster }, name, group) => {
        const set = cluster.groupSet(name);
        await set.remove(group);
        return done(`group ${group} is no longer in group set ${name}`, await viewOf(set));
      },
    ),
  );
  command.addCommand(
    works<{ readonly on?: string; readonly off?: string; readonly set?: string }>(
      named("depend", "show or change what starts before a group set")
        .option("--on <set>", "a group set that is to start before as well")
        .option("--off <set>", "a group set that is not to start before any more")
        .option("--set <expression>", "all that are to start before: '[A] and [B]'"),
      io,
      async ({ cluster, options: { on, off, set: expression } }, name = "") => {
        const set = cluster.groupSet(name);
        if (expression !== undefined) {
          checkExpression(expression, "groups");
          await set.setDependencyExpression(expression);
        }
        if (off !== undefined) await set.removeDependency(off);
        if (on !== undefined) await set.addDependency(on);
        const view = await viewOf(set);
        const said = view.after.length === 0 ? "nothing" : view.after.join(", ");
        return done(`group set ${name} starts after ${said}`, view);
      },
    ),
  );
  // Group sets have no private properties.
  const find = (cluster: Cluster, name: string): Pick<GroupSet, "common"> => {
    const { common } = cluster.groupSet(name);
    return { common };
  };
  for (const one of propertyCommands(io, "set", find)) command.addCommand(one);
  return command.addHelpText("after", "\nExample:\n  $ clusctl set depend Front --on Back");
}

function named(name: string, description: string): Command {
  return new Command(name).description(description).argument("<set>", "its name or ID");
}

function isAmong(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** `clusctl group`: resources that go together. */
import type { GroupStatus } from "@msrpc/clusapi";
import { Argument, Command } from "commander";
import { done, type Report, type Work, works } from "../command.ts";
import type { Io } from "../io.ts";
import { words } from "../output/style.ts";
import { type Column, table } from "../output/table.ts";
import { groupsOf, type GroupView, groupView } from "../views.ts";
import { propertyCommands } from "./properties.ts";

const columns: readonly Column<GroupView>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "STATE", value: ({ state }) => state, isState: true },
  { heading: "OWNER", value: ({ owner }) => owner },
];

export function groupCommand(io: Io): Command {
  const command = new Command("group").description("resources that are on one node together");
  const list = works(
    new Command("list").description("list the groups"),
    io,
    async ({ cluster }): Promise<Report> => {
      const groups = await groupsOf(cluster);
      return { json: groups, text: (style) => table(groups, columns, style) };
    },
  );
  command.addCommand(list, { isDefault: true });
  command.addCommand(
    works(named("online", "bring a group's resources online"), io, async (work, name) => {
      const onProgress = progress(work, name);
      await work.cluster.group(name).online({ onProgress });
      return await ended(work, name);
    }),
  );
  command.addCommand(
    works(named("offline", "take a group's resources offline"), io, async (work, name) => {
      await work.confirm(`Take group ${name} offline`);
      const onProgress = progress(work, name);
      await work.cluster.group(name).offline({ onProgress });
      return await ended(work, name);
    }),
  );
  command.addCommand(
    works(
      named("move", "move a group to another node").addArgument(
        new Argument("[node]").default("", "the best one"),
      ),
      io,
      async (work, name, node) => {
        const onProgress = progress(work, name);
        await work.cluster.group(name).moveTo(node === "" ? null : node, { onProgress });
        return await ended(work, name);
      },
    ),
  );
  command.addCommand(
    works(named("create", "make a group with nothing in it"), io, async (work, name) => {
      return done(`created group ${name}`, await groupView(await work.cluster.createGroup(name)));
    }),
  );
  command.addCommand(
    works(
      named("rename", "give a group another name").argument("<to>", "the new name"),
      io,
      async ({ cluster }, name, to) => {
        const group = cluster.group(name);
        await group.rename(to);
        return done(`renamed group ${name} to ${to}`, await groupView(group));
      },
    ),
  );
  command.addCommand(
    works<{ readonly force?: true }>(
      named("delete", "delete a group that is empty").option("--force", "with its resources"),
      io,
      async (work, name = "") => {
        const force = work.options.force === true;
        await work.confirm(`Delete group ${name}${force ? " with its resources" : ""}`);
        await work.cluster.group(name).delete({ force });
        return done(`deleted group ${name}`, { deleted: name });
      },
    ),
  );
  for (const one of propertyCommands(io, "group", (cluster, name) => cluster.group(name)))
    command.addCommand(one);
  return command.addHelpText("after", "\nExample:\n  $ clusctl group move SQL node2");
}

function named(name: string, description: string): Command {
  return new Command(name).description(description).argument("<group>", "its name or ID");
}

function progress({ progress }: Work<object>, name: string): (status: GroupStatus) => void {
  return ({ state, owner }) => progress(`group ${name}: ${words(state)} on ${owner}`);
}

async function ended({ cluster }: Work<object>, name: string): Promise<Report> {
  const view = await groupView(cluster.group(name));
  return done(`group ${name} is ${words(view.state)} on ${view.owner}`, view);
}

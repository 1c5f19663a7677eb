/** `clusctl group`: resources that go together. */
import type { Cluster, Group, GroupStatus } from "@msrpc/clusapi";
import { Argument, Command } from "commander";
import { done, type Report, type Work, works } from "../command.ts";
import type { Io } from "../io.ts";
import { checkExpression } from "../output/expression.ts";
import { words } from "../output/style.ts";
import type { Column } from "../output/table.ts";
import { namesIn } from "../output/names.ts";
import {
  groupsOf,
  type GroupView,
  groupView,
  providersOf,
  resourcesOf,
  waitsFor,
} from "../views.ts";
import { propertyCommands, type Summary } from "./properties.ts";
import { type WithColumns, withColumns, withProperties } from "./property-columns.ts";

const columns: readonly Column<GroupView>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "STATE", value: ({ state }) => state, isState: true },
  { heading: "OWNER", value: ({ owner }) => owner },
];

export function groupCommand(io: Io): Command {
  const command = new Command("group").description("resources that are on one node together");
  const list = works<WithColumns>(
    withColumns(new Command("list").description("list the groups")),
    io,
    async ({ cluster, options }): Promise<Report> => {
      const groups = await groupsOf(cluster);
      return await withProperties(groups, columns, options, (o) => cluster.listGroups(o));
    },
  );
  command.addCommand(list, { isDefault: true });
  command.addCommand(
    works(named("online", "bring a group's resources online"), io, async (work, name) => {
      const group = work.cluster.group(name);
      await work.wait(told(name), (o) => group.online(o));
      return await ended(work, name, await whyOffline(work.cluster, group));
    }),
  );
  command.addCommand(
    works(named("offline", "take a group's resources offline"), io, async (work, name) => {
      await work.confirm(`Take group ${name} offline`);
      await work.wait(told(name), (o) => work.cluster.group(name).offline(o));
      return await ended(work, name);
    }),
  );
  command.addCommand(
    works<{ readonly queue?: true }>(
      named("move", "move a group to another node")
        .addArgument(new Argument("[node]").default("", "the best one"))
        .option("--queue", "where the node has no room now, go on trying"),
      io,
      async (work, name = "", node = "") => {
        const flags = work.options.queue === true ? (["QueueEnabled"] as const) : [];
        const to = node === "" ? null : node;
        await work.wait(told(name), (o) => work.cluster.group(name).moveTo(to, { ...o, flags }));
        return await ended(work, name);
      },
    ),
  );
  command.addCommand(
    works(named("cancel", "give up the move of a group"), io, async (work, name) => {
      await work.wait(told(name), (o) => work.cluster.group(name).cancelMove(o));
      return await ended(work, name);
    }),
  );
  command.addCommand(
    works<{ readonly set?: string }>(
      named("owners", "show or set the nodes that a group should be on, the best one first").option(
        "--set <nodes>",
        "names between commas; nothing for any node",
      ),
      io,
      async ({ cluster, options: { set } }, name = "") => {
        const group = cluster.group(name);
        if (set !== undefined) await group.setPreferredOwners(namesIn(set));
        const owners = await group.preferredOwners();
        const said = owners.length === 0 ? "on any node" : `on ${owners.join(", ")}`;
        return done(`group ${name} should be ${said}`, { name, owners });
      },
    ),
  );
  command.addCommand(
    works<{ readonly set?: string; readonly onSet?: string; readonly offSet?: string }>(
      named("depend", "show or change what starts before a group")
        .option("--set <expression>", "all groups that are to start before: '[A] and [B]'")
        .option("--on-set <set>", "a group set that is to start before")
        .option("--off-set <set>", "a group set that is not to start before any more"),
      io,
      async ({ cluster, options: { set, onSet, offSet } }, name = "") => {
        const group = cluster.group(name);
        if (set !== undefined) {
          checkExpression(set, "groups");
          await group.setDependencyExpression(set);
        }
        if (offSet !== undefined) await group.removeSetDependency(offSet);
        if (onSet !== undefined) await group.addSetDependency(onSet);
        const { groups, groupSets } = await group.providers();
        const all = [...groups, ...groupSets.map((one) => `set ${one}`)];
        const said = all.length === 0 ? "nothing" : all.join(", ");
        return done(`group ${name} starts after ${said}`, { name, groups, groupSets });
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
  const find = (cluster: Cluster, name: string): Group => cluster.group(name);
  for (const one of propertyCommands(io, "group", find, summaryOf)) command.addCommand(one);
  return command.addHelpText("after", "\nExample:\n  $ clusctl group move SQL node2");
}

function named(name: string, description: string): Command {
  return new Command(name).description(description).argument("<group>", "its name or ID");
}

function told(name: string): (status: GroupStatus) => string {
  return ({ state, owner }) => `group ${name}: ${words(state)} on ${owner}`;
}

async function summaryOf(cluster: Cluster, name: string): Promise<Summary> {
  const group = cluster.group(name);
  const view = await groupView(group);
  const resources = await resourcesOf(group);
  const names = await waitsFor(cluster, group);
  const wait = names === null ? "" : `, waiting for ${names.join(", ") || "others"}`;
  const owners = await group.preferredOwners();
  const { groups, groupSets } = await providersOf(group);
  const before = [...groups, ...groupSets.map((one) => `set ${one}`)];
  return [
    ["State", `${words(view.state)} on ${view.owner}${wait}`],
    ["Preferred owners", owners.join(", ") || "any node"],
    ["Starts after", before.join(", ") || "nothing"],
    ...resources.map(({ name, state, type, reason }, at): Summary[number] => {
      const why = reason === undefined ? "" : `: ${reason}`;
      return [at === 0 ? "Resources" : "", `${name}: ${words(state)}, ${type}${why}`];
    }),
  ];
}

async function ended({ cluster }: Work<object>, name: string, why = ""): Promise<Report> {
  const view = await groupView(cluster.group(name));
  return done(`group ${name} is ${words(view.state)} on ${view.owner}${why}`, view);
}

/** Why a group that was brought online isn't. */
async function whyOffline(cluster: Cluster, group: Group): Promise<string> {
  if ((await group.status()).state !== "Offline") return "";
  for await (const _resource of group.resources()) {
    const names = await waitsFor(cluster, group);
    return names === null ? "" : `: it waits for ${names.join(", ") || "others"} to start`;
  }
  return ": there is nothing in it that could be online";
}

/** `clusctl resource`: what the cluster keeps running. */
import type { Cluster, Resource, ResourceStatus } from "@msrpc/clusapi";
import { Command } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { checkExpression } from "../output/expression.ts";
import { words } from "../output/style.ts";
import { namesIn } from "../output/names.ts";
import type { Column } from "../output/table.ts";
import { resourcesOf, resourceView, type ResourceView } from "../views.ts";
import { propertyCommands, type Summary } from "./properties.ts";
import { type WithColumns, withColumns, withProperties } from "./property-columns.ts";

const columns: readonly Column<ResourceView>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "STATE", value: ({ state }) => state, isState: true },
  { heading: "TYPE", value: ({ type }) => type },
  { heading: "GROUP", value: ({ group }) => group },
  { heading: "OWNER", value: ({ owner }) => owner },
];

export function resourceCommand(io: Io): Command {
  const command = new Command("resource").description("what the cluster keeps running");
  const list = works<WithColumns & { readonly group?: string }>(
    withColumns(new Command("list").description("list the resources")).option(
      "--group <group>",
      "only those of this group",
    ),
    io,
    async ({ cluster, options }): Promise<Report> => {
      const { group } = options;
      const resources = await resourcesOf(group === undefined ? cluster : cluster.group(group));
      return await withProperties(resources, columns, options, (o) => cluster.listResources(o));
    },
  );
  command.addCommand(list, { isDefault: true });
  command.addCommand(
    works(named("online", "bring a resource online"), io, async (work, name) => {
      const resource = work.cluster.resource(name);
      return ended(name, await work.wait(told(name), (o) => resource.online(o)));
    }),
  );
  command.addCommand(
    works(named("offline", "take a resource offline"), io, async (work, name) => {
      await work.confirm(`Take resource ${name} and what needs it offline`);
      const resource = work.cluster.resource(name);
      return ended(name, await work.wait(told(name), (o) => resource.offline(o)));
    }),
  );
  command.addCommand(
    works(named("fail", "have the cluster treat a resource as failed"), io, async (work, name) => {
      await work.confirm(`Fail resource ${name}`);
      const resource = work.cluster.resource(name);
      await resource.fail();
      return ended(name, await resource.status());
    }),
  );
  command.addCommand(
    works<{ readonly type: string; readonly group: string }>(
      named("create", "make a resource, offline")
        .requiredOption("--type <type>", "its type")
        .requiredOption("--group <group>", "the group that it is to be in"),
      io,
      async ({ cluster, options: { type, group } }, name) => {
        const resource = await cluster.group(group).createResource(name, type);
        return done(`created resource ${name} in group ${group}`, await resourceView(resource));
      },
    ),
  );
  command.addCommand(
    works(
      named("rename", "give a resource another name").argument("<to>", "the new name"),
      io,
      async ({ cluster }, name, to) => {
        const resource = cluster.resource(name);
        await resource.rename(to);
        return done(`renamed resource ${name} to ${to}`, await resourceView(resource));
      },
    ),
  );
  command.addCommand(
    works(named("restart", "take a resource offline and back"), io, async (work, name = "") => {
      await work.confirm(`Restart resource ${name}`);
      const resource = work.cluster.resource(name);
      return ended(name, await work.wait(told(name), (o) => resource.restart(o)));
    }),
  );
  command.addCommand(
    works(named("delete", "delete a resource that is offline"), io, async (work, name = "") => {
      await work.confirm(`Delete resource ${name}`);
      await work.cluster.resource(name).delete();
      return done(`deleted resource ${name}`, { deleted: name });
    }),
  );
  command.addCommand(
    works(
      named("move", "put a resource into another group").argument("<group>", "the group"),
      io,
      async ({ cluster }, name, group) => {
        const resource = cluster.resource(name);
        await resource.moveToGroup(group);
        return done(`resource ${name} is in group ${group}`, await resourceView(resource));
      },
    ),
  );
  command.addCommand(
    works<{ readonly add?: string; readonly remove?: string }>(
      named("owners", "show or change the nodes that a resource may be on")
        .option("--add <nodes>", "names between commas")
        .option("--remove <nodes>", "names between commas"),
      io,
      async ({ cluster, options: { add = "", remove = "" } }, name = "") => {
        const resource = cluster.resource(name);
        for (const node of namesIn(add)) await resource.addPossibleOwner(node);
        for (const node of namesIn(remove)) await resource.removePossibleOwner(node);
        const owners = await resource.possibleOwners();
        const said = owners.length === 0 ? "no node" : owners.join(", ");
        return done(`resource ${name} may be on ${said}`, { name, owners });
      },
    ),
  );
  command.addCommand(
    works<{ readonly off?: true; readonly volume?: string }>(
      named("share", "have every node use a disk at once: a cluster shared volume")
        .option("--off", "the one alone that it is on")
        .option("--volume <name>", "one volume of the disk"),
      io,
      async (work, name = "") => {
        const { off, volume } = work.options;
        if (off === true) await work.confirm(`Share disk ${name} no longer`);
        const resource = work.cluster.resource(name);
        const which = volume === undefined ? {} : { volume };
        const status = await work.wait(told(name), (o) =>
          resource.setShared(off !== true, { ...o, ...which }),
        );
        return ended(name, status);
      },
    ),
  );
  command.addCommand(
    works<{ readonly on?: string; readonly off?: string; readonly set?: string }>(
      named("depend", "show or change what a resource needs")
        .option("--on <resource>", "one that it is to need as well")
        .option("--off <resource>", "one that it is not to need any more")
        .option("--set <expression>", "all that it is to need: '([A] or [B]) and ([C])'"),
      io,
      async ({ cluster, options: { on, off, set } }, name = "") => {
        const resource = cluster.resource(name);
        if (set !== undefined) {
          checkExpression(set, "resources");
          await resource.setDependencyExpression(set);
        }
        if (off !== undefined) await resource.removeDependency(off);
        if (on !== undefined) await resource.addDependency(on);
        const needs = await resource.dependencies();
        const said = needs.length === 0 ? "nothing" : needs.join(", ");
        const expression = await resource.dependencyExpression();
        return done(`resource ${name} needs ${said}`, { name, needs, expression });
      },
    ),
  );
  const find = (cluster: Cluster, name: string): Resource => cluster.resource(name);
  for (const one of propertyCommands(io, "resource", find, summaryOf)) command.addCommand(one);
  return command.addHelpText(
    "after",
    "\nExample:\n  $ clusctl resource create 'Disk 1' --type 'Physical Disk' --group SQL",
  );
}

function named(name: string, description: string): Command {
  return new Command(name).description(description).argument("<resource>", "its name or ID");
}

async function summaryOf(cluster: Cluster, name: string): Promise<Summary> {
  const resource = cluster.resource(name);
  const needs = await resource.dependencies();
  const owners = await resource.possibleOwners();
  const { state, owner, group, type, reason } = await resourceView(resource);
  return [
    ["State", `${words(state)} on ${owner}${reason === undefined ? "" : `: ${reason}`}`],
    ["Type", type],
    ["Group", group],
    ["Needs", needs.join(", ") || "nothing"],
    ["Possible owners", owners.join(", ") || "no node"],
  ];
}

function told(name: string): (status: ResourceStatus) => string {
  return ({ state }) => `resource ${name}: ${words(state)}`;
}

function ended(name: string, status: ResourceStatus): Report {
  const { state, owner } = status;
  return done(`resource ${name} is ${words(state)} on ${owner}`, { name, ...status });
}

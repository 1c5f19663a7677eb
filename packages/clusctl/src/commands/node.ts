/** `clusctl node`: the machines of the cluster. */
import type { DrainStatus } from "@msrpc/clusapi";
import { Command, Option } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { words } from "../output/style.ts";
import { type Column, table } from "../output/table.ts";
import { nodesOf, type NodeView } from "../views.ts";
import { propertyCommands } from "./properties.ts";

const columns: readonly Column<NodeView>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "STATE", value: ({ state }) => state, isState: true },
  { heading: "ID", value: ({ id }) => id },
];

export function nodeCommand(io: Io): Command {
  const list = works(
    new Command("list").description("list the nodes"),
    io,
    async ({ cluster }): Promise<Report> => {
      const nodes = await nodesOf(cluster);
      return { json: nodes, text: (style) => table(nodes, columns, style) };
    },
  );
  const pause = works<{ readonly drain?: true; readonly to?: string }>(
    named("pause", "have a node take no more groups; those that it has stay")
      .option("--drain", "move its groups away")
      .option("--to <node>", "the node that they are moved to"),
    io,
    async (work, name = "") => {
      const {
        cluster,
        options: { drain, to },
      } = work;
      const node = cluster.node(name);
      if (drain !== true && to === undefined) {
        await node.pause();
        return done(`paused node ${name}`, { name, state: await node.state() });
      }
      const told = ({ drain }: DrainStatus): string =>
        `node ${name}: its drain is ${words(drain).toLowerCase()}`;
      const status = await work.wait(told, (o) =>
        node.drain({ ...o, ...(to !== undefined && { to }) }),
      );
      return done(`paused node ${name} and moved its groups away`, { name, ...status });
    },
  );
  const resume = works<{ readonly failback: "none" | "all" | "byPolicy" }>(
    named("resume", "end the pause of a node").addOption(
      new Option("--failback <which>", "groups that come back to it")
        .choices(["none", "all", "byPolicy"])
        .default("none"),
    ),
    io,
    async ({ cluster, options: { failback } }, name = "") => {
      const node = cluster.node(name);
      await node.resume({ failback });
      return done(`resumed node ${name}`, { name, state: await node.state() });
    },
  );
  const evict = works(
    named("evict", "take a node out of the cluster"),
    io,
    async (work, name = "") => {
      await work.confirm(`Evict node ${name}`);
      await work.cluster.node(name).evict();
      return done(`evicted node ${name}`, { evicted: name });
    },
  );
  const command = new Command("node")
    .description("the machines of the cluster")
    .addCommand(list, { isDefault: true })
    .addCommand(pause)
    .addCommand(resume)
    .addCommand(evict)
    .addHelpText("after", "\nExample:\n  $ clusctl node pause node2 --drain");
  for (const one of propertyCommands(io, "node", (cluster, name) => cluster.node(name)))
    command.addCommand(one);
  return command;
}

function named(name: string, description: string): Command {
  return new Command(name).description(description).argument("<node>", "its name or ID");
}

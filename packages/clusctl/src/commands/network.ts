/** `clusctl network` and `clusctl interface`: what nodes reach each other over. */
import type { Cluster, NetInterface } from "@msrpc/clusapi";
import { Command } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { propertyCommands } from "./properties.ts";
import { type Column, table } from "../output/table.ts";
import { interfacesOf, type InterfaceView, networksOf, type NetworkView } from "../views.ts";

const networkColumns: readonly Column<NetworkView>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "STATE", value: ({ state }) => state, isState: true },
];

const interfaceColumns: readonly Column<InterfaceView>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "STATE", value: ({ state }) => state, isState: true },
  { heading: "NODE", value: ({ node }) => node },
  { heading: "NETWORK", value: ({ network }) => network },
];

export function networkCommand(io: Io): Command {
  const list = works(
    new Command("list").description("list the networks"),
    io,
    async ({ cluster }): Promise<Report> => {
      const networks = await networksOf(cluster);
      return { json: networks, text: (style) => table(networks, networkColumns, style) };
    },
  );
  const rename = works(
    new Command("rename")
      .description("give a network another name")
      .argument("<network>", "its name or ID")
      .argument("<to>", "the new name"),
    io,
    async ({ cluster }, name, to) => {
      const network = cluster.network(name);
      await network.rename(to);
      return done(`renamed network ${name} to ${to}`, { name: to, state: await network.state() });
    },
  );
  const command = new Command("network")
    .description("networks between nodes")
    .addCommand(list, { isDefault: true })
    .addCommand(rename)
    .addHelpText("after", "\nExample:\n  $ clusctl network rename 'Cluster Network 1' Front");
  for (const one of propertyCommands(io, "network", (cluster, name) => cluster.network(name)))
    command.addCommand(one);
  return command;
}

export function interfaceCommand(io: Io): Command {
  const list = works(
    new Command("list").description("list the interfaces"),
    io,
    async ({ cluster }): Promise<Report> => {
      const interfaces = await interfacesOf(cluster);
      return { json: interfaces, text: (style) => table(interfaces, interfaceColumns, style) };
    },
  );
  const command = new Command("interface")
    .description("what nodes are connected to networks by")
    .addCommand(list, { isDefault: true });
  const find = (cluster: Cluster, name: string): NetInterface => cluster.netInterface(name);
  for (const one of propertyCommands(io, "interface", find)) command.addCommand(one);
  return command;
}

/** `clusctl cluster`: the cluster as a whole. */
import { Command } from "commander";
import { type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { propertyCommands } from "./properties.ts";
import { printable } from "../output/table.ts";

export function clusterCommand(io: Io): Command {
  const show = works(
    new Command("show").description("show the cluster's name and versions"),
    io,
    async ({ cluster }): Promise<Report> => {
      const [names, version] = await Promise.all([cluster.names(), cluster.version()]);
      const rows: readonly (readonly [string, string])[] = [
        ["Name", names.name],
        ["Answered by", names.answeringNode],
        ["System", version.system],
        ["Software", version.vendor],
        ["Versions", `${version.lowest ?? "?"} to ${version.highest ?? "?"}`],
      ];
      return {
        json: { ...names, version },
        text: (style) =>
          rows
            .map(([name, value]) => `${style.dim(name.padEnd(13))}${printable(value)}\n`)
            .join(""),
      };
    },
  );
  const command = new Command("cluster")
    .description("the cluster as a whole")
    .addCommand(show, { isDefault: true });
  for (const one of propertyCommands(io, null, (cluster) => cluster)) command.addCommand(one);
  return command;
}

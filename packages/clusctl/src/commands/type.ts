/** `clusctl type`: the types that resources may have. */
import { Command } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { table } from "../output/table.ts";
import { listOf } from "../output/together.ts";
import { propertyCommands } from "./properties.ts";

export function typeCommand(io: Io): Command {
  const command = new Command("type").description("types of resources");
  const list = works(
    new Command("list").description("list the types"),
    io,
    async ({ cluster }): Promise<Report> => {
      const types = (await listOf(cluster.resourceTypes())).map(({ name }) => ({ name }));
      const columns = [{ heading: "NAME", value: ({ name }: { name: string }) => name }];
      return { json: types, text: (style) => table(types, columns, style) };
    },
  );
  command.addCommand(list, { isDefault: true });
  command.addCommand(
    works<{ readonly dll: string; readonly displayName?: string }>(
      named("create", "make a type")
        .requiredOption("--dll <name>", "the library that stands behind it, on every node")
        .option("--display-name <text>", "what people see; the name where nothing is given"),
      io,
      async ({ cluster, options: { dll, displayName } }, name = "") => {
        await cluster.createResourceType(
          name,
          dll,
          displayName === undefined ? {} : { displayName },
        );
        return done(`created type ${name}`, { name });
      },
    ),
  );
  command.addCommand(
    works(named("delete", "delete a type that no resource has"), io, async (work, name = "") => {
      await work.confirm(`Delete type ${name}`);
      await work.cluster.resourceType(name).delete();
      return done(`deleted type ${name}`, { deleted: name });
    }),
  );
  command.addCommand(
    works(named("owners", "show the nodes that have a type"), io, async ({ cluster }, name) => {
      const owners = await cluster.resourceType(name).possibleOwners();
      const said = owners.length === 0 ? "no node" : owners.join(", ");
      return done(`resources of type ${name} may be on ${said}`, { name, owners });
    }),
  );
  for (const one of propertyCommands(io, "type", (cluster, name) => cluster.resourceType(name)))
    command.addCommand(one);
  return command.addHelpText("after", "\nExample:\n  $ clusctl type show 'Physical Disk'");
}

function named(name: string, description: string): Command {
  return new Command(name).description(description).argument("<type>", "its name");
}

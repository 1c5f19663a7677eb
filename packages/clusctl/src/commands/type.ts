/** `clusctl type`: the types that resources may have. */
import { Command } from "commander";
import { type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { listOf } from "../output/together.ts";
import { table } from "../output/table.ts";

export function typeCommand(io: Io): Command {
  const list = works(
    new Command("list").description("list the types"),
    io,
    async ({ cluster }): Promise<Report> => {
      const types = (await listOf(cluster.resourceTypes())).map(({ name }) => ({ name }));
      const columns = [{ heading: "NAME", value: ({ name }: { name: string }) => name }];
      return { json: types, text: (style) => table(types, columns, style) };
    },
  );
  return new Command("type")
    .description("types of resources")
    .addCommand(list, { isDefault: true });
}

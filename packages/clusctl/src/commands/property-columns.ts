/** Tables of objects with columns for properties of theirs: `--columns Priority,Description`. */
import type { ListingOptions, Properties } from "@msrpc/clusapi";
import type { Command } from "commander";
import type { Report } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { namesIn } from "../output/names.ts";
import { type Column, table } from "../output/table.ts";
import { plain, shown } from "./properties.ts";

export interface WithColumns {
  readonly columns?: string;
}

export function withColumns(command: Command): Command {
  return command.option(
    "--columns <properties>",
    "common properties to show beside, between commas",
  );
}

interface Listed {
  readonly name: string;
  readonly properties: Properties;
}

/** @throws UsageError for a property that these objects don't have */
export async function withProperties<T extends { readonly name: string }>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  { columns: asked = "" }: WithColumns,
  list: (options: ListingOptions) => Promise<readonly Listed[]>,
): Promise<Report> {
  const names = namesIn(asked);
  if (names.length === 0) return { json: rows, text: (style) => table(rows, columns, style) };
  const all = await list({ properties: ["*"], readOnlyProperties: ["*"] });
  const byName = new Map(all.map(({ name, properties }) => [name, properties]));
  const known = Object.keys(all[0]?.properties ?? {});
  const wanted = names.map((name) => {
    const found = known.find((one) => one.toLowerCase() === name.toLowerCase());
    if (found !== undefined || all.length === 0) return found ?? name;
    throw new UsageError(`there is no common property "${name}": ${known.join(", ")}`);
  });
  const more = wanted.map((property): Column<T> => ({
    heading: property.toUpperCase(),
    value: ({ name }) => shown(byName.get(name)?.[property] ?? ""),
  }));
  const json = rows.map((row) => ({
    ...row,
    properties: Object.fromEntries(
      wanted.map((property) => [property, plain(byName.get(row.name)?.[property] ?? "")]),
    ),
  }));
  return { json, text: (style) => table(rows, [...columns, ...more], style) };
}

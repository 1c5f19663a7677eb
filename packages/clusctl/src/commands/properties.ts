/** `show` and `set` of every kind of object: its properties. */
import type { Cluster, PropertyBag, PropertyEntry, PropertyValue } from "@msrpc/clusapi";
import { Command } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { meant } from "../output/near.ts";
import type { Style } from "../output/style.ts";
import { type Column, printable, table } from "../output/table.ts";
import { UsageError } from "../usage-error.ts";

/** What has properties. */
interface Owner {
  readonly common: Pick<PropertyBag<unknown>, "list" | "set">;
  /** Not of group sets. */
  readonly private?: Pick<PropertyBag<unknown>, "list" | "set">;
}

interface Row extends PropertyEntry {
  readonly scope: "common" | "private";
}

const columns: readonly Column<Row>[] = [
  { heading: "PROPERTY", value: ({ name }) => name },
  { heading: "VALUE", value: ({ value }) => shown(value) },
  { heading: "FORMAT", value: ({ format }) => format },
  { heading: "", value: ({ isReadOnly, scope }) => `${scope}${isReadOnly ? ", read only" : ""}` },
];

/** `noun` is null for the cluster, which needs no name. */
export function propertyCommands(
  io: Io,
  noun: string | null,
  find: (cluster: Cluster, name: string) => Owner,
  summary?: (cluster: Cluster, name: string) => Promise<Summary>,
): Command[] {
  const named = (command: Command): Command =>
    noun === null ? command : command.argument(`<${noun}>`, "its name or ID");
  const title = noun ?? "cluster";
  const show = works(
    named(new Command(noun === null ? "properties" : "show")).description(
      `show the properties of a ${title}`,
    ),
    io,
    async ({ cluster }, name = ""): Promise<Report> => {
      const owner = find(cluster, name);
      const rows: Row[] = [
        ...(await owner.common.list()).map((one) => ({ ...one, scope: "common" as const })),
        ...((await owner.private?.list()) ?? []).map((one) => ({
          ...one,
          scope: "private" as const,
        })),
      ];
      const json = rows.map((row) => ({ ...row, value: plain(row.value) }));
      const head = (await summary?.(cluster, name)) ?? [];
      return { json, text: (style) => `${headOf(head, style)}${table(rows, columns, style)}` };
    },
  );
  const set = works<{ readonly private?: true }>(
    named(new Command("set"))
      .description(`set properties of a ${title}`)
      .argument("<name=value...>", "what to set; nothing behind = gives the default back")
      .option("--private", "private properties, and not common ones"),
    io,
    async ({ cluster, options }, ...args): Promise<Report> => {
      const name = noun === null ? "" : (args[0] ?? "");
      // The last argument is a list of all that follow.
      const given = ([] as string[]).concat(args.at(-1) ?? []);
      const owner = find(cluster, name);
      const bag = options.private === true ? owner.private : owner.common;
      if (bag === undefined) throw new UsageError(`a ${title} has no private properties`);
      const known = await bag.list();
      const changes = Object.fromEntries(given.map((one) => change(one, known)));
      // Anybody may add private properties; of common ones there are those that there are.
      if (options.private !== true) demandKnown(title, Object.keys(changes), known);
      const outcome = await bag.set(changes);
      const when = outcome === "stored" ? "; it has its effect when it comes online again" : "";
      const what = noun === null ? "the cluster" : `${noun} ${name}`;
      return done(`set ${Object.keys(changes).join(", ")} of ${what}${when}`, { outcome });
    },
  );
  return [show, set];
}

/** @throws UsageError for a name that no property has */
function demandKnown(
  title: string,
  names: readonly string[],
  known: readonly PropertyEntry[],
): void {
  const all = known.map((one) => one.name);
  for (const name of names) {
    if (all.some((one) => one.toLowerCase() === name.toLowerCase())) continue;
    const hint = meant(name, all) || ": `show` lists those that there are";
    throw new UsageError(`a ${title} has no common property ${name}${hint}`);
  }
}

/** What is said of an object before its properties, a line each. */
export type Summary = readonly (readonly [title: string, said: string])[];

function headOf(lines: Summary, style: Style): string {
  if (lines.length === 0) return "";
  const width = Math.max(...lines.map(([title]) => title.length)) + 2;
  const said = lines.map(
    ([title, text]) => `${style.dim(title.padEnd(width))}${printable(text)}\n`,
  );
  return `${said.join("")}\n`;
}

/** `Priority=3000`, as a value of the format that the property has. */
function change(
  given: string,
  known: readonly PropertyEntry[],
): readonly [string, PropertyValue | null] {
  const [, name = "", text = ""] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name === "") throw new UsageError(`"${given}" is no NAME=VALUE`);
  const found = known.find((one) => one.name.toLowerCase() === name.toLowerCase());
  return [name, text === "" ? null : valueOf(name, text, found?.format)];
}

const numeric: ReadonlySet<string> = new Set(["Word", "Dword", "Long"]);
const large: ReadonlySet<string> = new Set(["UlargeInteger", "LargeInteger", "FileTime"]);

function valueOf(name: string, text: string, format: string | undefined): PropertyValue {
  if (format === undefined && /^\d+$/.test(text) && Number(text) <= 0xffff_ffff)
    return Number(text);
  if (format !== undefined && (numeric.has(format) || large.has(format))) {
    if (!/^-?(?:\d+|0x[\da-f]+)$/i.test(text)) {
      throw new UsageError(`${name} is a number, and not "${text}"`);
    }
    return large.has(format) ? BigInt(text) : Number(text);
  }
  if (format === "MultiSz") return text.split(",");
  if (format === "Binary" || format === "SecurityDescriptor") {
    if (!/^(?:[\da-f]{2})+$/i.test(text)) {
      throw new UsageError(`${name} is octets in hexadecimal, and not "${text}"`);
    }
    return new Uint8Array(Buffer.from(text, "hex"));
  }
  return text;
}

/** For JSON: large numbers as text, octets in hexadecimal. */
export function plain(value: PropertyValue): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}

export function shown(value: PropertyValue): string {
  const said = plain(value);
  return Array.isArray(said) ? said.join(", ") : String(said);
}

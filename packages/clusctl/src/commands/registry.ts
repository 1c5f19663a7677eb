/** `clusctl registry`: keys and values. */
import type { RegistryValue } from "@msrpc/clusapi";
import { Command, Option } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { listOf } from "../output/together.ts";
import { type Column, printable, table } from "../output/table.ts";
import { UsageError } from "../usage-error.ts";
import { plain } from "./properties.ts";

type Named = { readonly name: string } & RegistryValue;

const columns: readonly Column<Named>[] = [
  { heading: "VALUE", value: ({ name }) => (name === "" ? "(default)" : name) },
  { heading: "TYPE", value: ({ type }) => String(type) },
  { heading: "DATA", value: ({ value }) => [plain(value)].flat().join(", ") },
];

export function registryCommand(io: Io): Command {
  const list = works(
    new Command("list")
      .description("list the keys and values of a key")
      .argument("[key]", "its path from the root", ""),
    io,
    async ({ cluster }, path = ""): Promise<Report> => {
      const key = path === "" ? cluster.registry : cluster.registry.key(path);
      const keys = await listOf(key.keys());
      const values = await listOf(key.values());
      const json = { keys, values: values.map((one) => ({ ...one, value: plain(one.value) })) };
      const text: Report["text"] = (style) => {
        const lines = keys.map((name) => `${style.bold(`${printable(name)}\\`)}\n`).join("");
        return values.length === 0 ? lines : `${lines}${table(values, columns, style)}`;
      };
      return { json, text };
    },
  );
  const get = works(
    new Command("get")
      .description("print a value")
      .argument("<key>", "its path from the root; '' for the root")
      .argument("<name>", "the value's name"),
    io,
    async ({ cluster }, path = "", name = "") => {
      const key = path === "" ? cluster.registry : cluster.registry.key(path);
      const value = await key.get(name);
      if (value === null) {
        throw new UsageError(`there is no value ${name} in ${path === "" ? "the root" : path}`);
      }
      const said = plain(value.value);
      return done([said].flat().join("\n"), { ...value, value: said });
    },
  );
  const set = works<{ readonly type?: RegistryType }>(
    new Command("set")
      .description("set a value, in a key that is made where it isn't there")
      .argument("<key>", "its path from the root; '' for the root")
      .argument("<name>", "the value's name")
      .argument("<data>", "a text, a number, texts between commas, octets in hexadecimal")
      .addOption(
        new Option("--type <type>", "its type (default: the one that it has, or Sz)").choices(
          types,
        ),
      ),
    io,
    async ({ cluster, options: { type: asked } }, path = "", name = "", data = "") => {
      // What can't be set is told before a key is made for it.
      if (asked !== undefined) valueOf(asked, data);
      const key = path === "" ? cluster.registry : await cluster.registry.create(path);
      const type = asked ?? (await key.get(name))?.type ?? "Sz";
      await key.set(name, valueOf(type, data));
      const where = path === "" ? "the root" : path;
      return done(`set ${name} of ${where}, a ${String(type)}`, { key: path, name, type });
    },
  );
  const remove = works(
    new Command("delete")
      .description("delete a value, or a key with all that is in it")
      .argument("<key>", "its path from the root")
      .argument("[name]", "the value's name; without one the key goes"),
    io,
    async ({ cluster, confirm }, path = "", name?: string) => {
      const what = name === undefined ? `key ${path}` : `value ${name} of ${path}`;
      await confirm(`Delete ${what}`);
      if (name === undefined) await cluster.registry.delete(path, { recursive: true });
      else await cluster.registry.key(path).remove(name);
      return done(`deleted ${what}`, { key: path, name });
    },
  );
  return new Command("registry")
    .description("keys and values that the cluster keeps")
    .addCommand(list)
    .addCommand(get)
    .addCommand(set)
    .addCommand(remove)
    .addHelpText("after", "\nExample:\n  $ clusctl registry set Example Answer 42 --type Dword");
}

const types = ["Sz", "ExpandSz", "MultiSz", "Dword", "Qword", "Binary"] as const;
type RegistryType = (typeof types)[number];

/** @throws UsageError for data that isn't of the type, and a type that nothing here can be written for */
function valueOf(type: RegistryValue["type"], data: string): RegistryValue {
  const isNumber = /^(?:\d+|0x[\da-f]+)$/i.test(data);
  if (type === "Sz" || type === "ExpandSz") return { type, value: data };
  if (type === "MultiSz") return { type, value: data === "" ? [] : data.split(",") };
  if (type === "Dword" && isNumber && Number(data) <= 0xffff_ffff) {
    return { type, value: Number(data) };
  }
  if (type === "Qword" && isNumber && BigInt(data) < 2n ** 64n)
    return { type, value: BigInt(data) };
  if (type === "Binary" && /^(?:[\da-f]{2})*$/i.test(data)) {
    return { type, value: new Uint8Array(Buffer.from(data, "hex")) };
  }
  const hint = types.some((one) => one === type) ? "" : `: --type is one of ${types.join(", ")}`;
  throw new UsageError(`"${data}" is no value of type ${String(type)}${hint}`);
}

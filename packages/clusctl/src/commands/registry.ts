/** `clusctl registry`: keys and values. */
import type { RegistryValue } from "@msrpc/clusapi";
import { Command } from "commander";
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
  const set = works<{ readonly type: string }>(
    new Command("set")
      .description("set a value, in a key that is made where it isn't there")
      .argument("<key>", "its path from the root; '' for the root")
      .argument("<name>", "the value's name")
      .argument("<data>", "a text, a number, texts between commas, octets in hexadecimal")
      .option("--type <type>", "Sz, ExpandSz, MultiSz, Dword, Qword or Binary", "Sz"),
    io,
    async ({ cluster, options: { type } }, path = "", name = "", data = "") => {
      const value = valueOf(type, data);
      const key = path === "" ? cluster.registry : await cluster.registry.create(path);
      await key.set(name, value);
      return done(`set ${name} of ${path === "" ? "the root" : path}`, { key: path, name });
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

function valueOf(type: string, data: string): RegistryValue {
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
  throw new UsageError(`"${data}" is no value of type ${type}`);
}

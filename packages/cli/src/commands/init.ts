/** `msrpc init`: a new protocol that generates and tests at once. */
import { Command } from "commander";
import { randomUUID } from "node:crypto";
import { CONFIG_FILE, readConfig, type PackageConfig } from "../config.ts";
import { generatePackages, writePackage } from "../generate.ts";
import { idlTemplate, overlayTemplate, testTemplate } from "../init/templates.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

const schemaUrl = "../../packages/codegen/overlay.schema.json";

export function initCommand(io: Io, finish: (code: number) => void): Command {
  return new Command("init")
    .description("start a protocol: IDL, overlay and test, generated at once")
    .argument("<name>", "of its folders, in lower case: ms-echo")
    .option("--uuid <uuid>", "the interface's UUID (default: a new one)")
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  $ msrpc init ms-echo\n" +
        "  $ msrpc init ms-echo --uuid 60a15ec5-4de8-11d7-a637-005056a20182\n",
    )
    .action((name: string, options: { readonly uuid?: string }) => {
      init(io, name, options.uuid ?? randomUUID());
      finish(0);
    });
}

function init(io: Io, name: string, uuid: string): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new UsageError(
      `${name} is no name for a protocol: use lower case, digits and single hyphens`,
    );
  }
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) {
    throw new UsageError(`${uuid} is no UUID`);
  }
  const idl = `idl/${name}/${name}.idl`;
  const config = io.read(CONFIG_FILE) === null ? { packages: [] } : readConfig(io, CONFIG_FILE);
  const present = [idl, `generated/${name}/package.json`].find((path) => io.read(path) !== null);
  if (present !== undefined) throw new UsageError(`${present} is there already`);
  const scope = /^@[^/]+\//.exec(config.packages[0]?.name ?? "")?.[0] ?? "";
  const added: PackageConfig = {
    name: `${scope}${name}`,
    description: `Bindings of ${name}.`,
    out: `generated/${name}`,
    idl: [idl],
  };
  const protocol = { name, interfaceName: name.replaceAll("-", "_"), uuid: uuid.toLowerCase() };
  const descriptor = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const schema = io.read(schemaUrl.replace("../../", "")) === null ? undefined : schemaUrl;
  const texts: readonly (readonly [path: string, text: string])[] = [
    [idl, idlTemplate(protocol)],
    [`idl/${name}/${name}.overlay.json`, overlayTemplate(protocol, schema)],
    [`generated/${name}/test/${name}.test.ts`, testTemplate(descriptor)],
    [CONFIG_FILE, `${JSON.stringify({ packages: [...config.packages, added] }, null, 2)}\n`],
  ];
  for (const [path, text] of texts) io.write(path, text);
  const { packages } = generatePackages(io, [added], {});
  for (const each of packages) writePackage(io, each);
  for (const [path] of texts) io.out(`${path === CONFIG_FILE ? "changed" : "wrote"} ${path}\n`);
  io.out(`wrote ${added.out}\n\nNext: put the interface into ${idl}, then msrpc generate.\n`);
}

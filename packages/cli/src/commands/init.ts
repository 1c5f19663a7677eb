/** `msrpc init`: a new protocol that generates and tests at once. */
import { Command } from "commander";
import { randomUUID } from "node:crypto";
import { CONFIG_FILE, formatConfig, packageName, readConfig, type Config } from "../config.ts";
import { hasErrors } from "../front.ts";
import { generatePackages } from "../generate-packages.ts";
import { idlTemplate, overlayTemplate, testTemplate } from "../init/templates.ts";
import { withReference } from "../init/tsconfig.ts";
import type { Io } from "../io.ts";
import { writePackage } from "../output.ts";
import { UsageError } from "../usage-error.ts";

const schemaPath = "packages/codegen/overlay.schema.json";

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
  const config = io.isFile(CONFIG_FILE)
    ? readConfig(io, CONFIG_FILE)
    : { workspace: false, warn: [], packages: [] };
  const scope = /^@[^/]+\//.exec(config.packages[0]?.name ?? "")?.[0] ?? "";
  const idl = `idl/${name}/${name}.idl`;
  const added = {
    name: packageName(`${scope}${name}`),
    description: `Bindings of ${name}.`,
    out: `generated/${name}`,
    idl: [idl],
    warn: config.warn,
    form: config.workspace ? "workspace" : "package",
  } as const;
  const protocol = { name, interfaceName: name.replaceAll("-", "_"), uuid: uuid.toLowerCase() };
  const descriptor = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const texts = new Map([
    [idl, idlTemplate(protocol)],
    [
      `idl/${name}/${name}.overlay.json`,
      overlayTemplate(io.isFile(schemaPath) ? schemaPath : null),
    ],
    [`${added.out}/test/${name}.test.ts`, testTemplate(descriptor)],
  ]);
  for (const path of [...texts.keys(), `${added.out}/package.json`]) {
    if (io.isFile(path)) throw new UsageError(`${path} is there already`);
  }

  // Nothing is written before it is known to generate.
  const { packages, diagnostics } = generatePackages(overlaid(io, texts), [added], {});
  if (hasErrors(diagnostics)) {
    const [first] = diagnostics;
    throw new UsageError(`${name} can't be the name of an interface: ${first?.message ?? ""}`);
  }
  const all: Config = { ...config, packages: [...config.packages, added] };
  texts.set(CONFIG_FILE, formatConfig(all));
  const tsconfig = config.workspace ? withReference(io.read("tsconfig.json"), added.out) : null;
  if (tsconfig !== null) texts.set("tsconfig.json", tsconfig);
  for (const each of packages) writePackage(io, each);
  for (const [path, text] of texts) {
    io.out(`${io.isFile(path) ? "changed" : "wrote"} ${path}\n`);
    io.write(path, text);
  }
  const test = config.workspace ? "" : ` Its test: npm install and npm test in ${added.out}.`;
  io.out(`wrote ${added.out}\n\nNext: put the interface into ${idl}, then generate.${test}\n`);
}

/** The files as they will be. */
function overlaid(io: Io, texts: ReadonlyMap<string, string>): Io {
  return {
    ...io,
    isFile: (path) => texts.has(path) || io.isFile(path),
    read: (path) => texts.get(path) ?? io.read(path),
  };
}

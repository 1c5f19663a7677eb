/** `msrpc init`: a new protocol that generates and tests at once. */
import { Command } from "commander";
import { randomUUID } from "node:crypto";
import { overlayPathOf } from "@msrpc/codegen";
import { CONFIG_FILE, formatConfig, readConfig, type Config } from "../config.ts";
import { hasErrors, lowerableCode, printDiagnostics } from "../front.ts";
import { generatePackages } from "../generate-packages.ts";
import { fromIdl, type StartedProtocol } from "../init/from-idl.ts";
import { idlTemplate, overlayTemplate, testTemplate } from "../init/templates.ts";
import { withReference } from "../init/tsconfig.ts";
import { overlaid, type Io } from "../io.ts";
import { writePackage } from "../output.ts";
import { packageName } from "../package-name.ts";
import { UsageError } from "../usage-error.ts";

interface InitOptions {
  readonly uuid?: string;
  readonly from?: readonly string[];
  readonly document?: readonly string[];
  /** Codes of errors that are to be warnings. */
  readonly warn?: readonly string[];
}

const schemaPath = "packages/codegen/overlay.schema.json";

export function initCommand(io: Io, finish: (code: number) => void): Command {
  return new Command("init")
    .description("start a protocol: IDL, overlay and test, generated at once")
    .argument("<name>", "of its folders, in lower case: ms-echo")
    .option("--uuid <uuid>", "the interface's UUID (default: a new one)")
    .option(
      "--from <idl...>",
      "IDL that is there: files, or documents in Markdown whose appendix has it",
    )
    .option("--warn <code...>", "make errors of these codes warnings in the package's IDL")
    .option(
      "--document <file...>",
      "Markdown of their documents: sections and statuses are taken from it",
    )
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  $ msrpc init ms-echo\n" +
        "  $ msrpc init ms-echo --uuid 60a15ec5-4de8-11d7-a637-005056a20182\n" +
        "  $ msrpc init ms-dssp --from MS-DSSP.md\n" +
        "  $ msrpc init ms-samr --from samr.idl --document MS-SAMR.md\n",
    )
    .action((name: string, options: InitOptions) => {
      init(io, name, options);
      finish(0);
    });
}

function init(io: Io, name: string, options: InitOptions): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new UsageError(
      `${name} is no name for a protocol: use lower case, digits and single hyphens`,
    );
  }
  const config = io.isFile(CONFIG_FILE)
    ? readConfig(io, CONFIG_FILE)
    : { workspace: false, warn: [], map: [], packages: [] };
  const warn = [...config.warn, ...(options.warn ?? []).map((code) => lowerableCode(code))];
  const started = start(io, name, { ...config, warn }, options);
  const scope = /^@[^/]+\//.exec(config.packages[0]?.name ?? "")?.[0] ?? "";
  const added = {
    name: packageName(`${scope}${name}`),
    description: `Bindings of ${name}.`,
    out: `generated/${name}`,
    idl: started.idl,
    warn,
    map: config.map,
    form: config.workspace ? "workspace" : "package",
  } as const;
  const texts = new Map(started.texts);
  for (const path of [...texts.keys(), `${added.out}/package.json`]) {
    if (io.isFile(path)) throw new UsageError(`${path} is there already`);
  }

  // Nothing is written before it is known to generate.
  const { packages, diagnostics, sources } = generatePackages(
    overlaid(io, texts),
    [added],
    {},
    () => undefined,
    config.packages,
  );
  if (hasErrors(diagnostics)) {
    const [first] = diagnostics;
    if (options.from === undefined)
      throw new UsageError(`${name} can't be the name of an interface: ${first?.message ?? ""}`);
    printDiagnostics(io, diagnostics, sources);
    throw new UsageError(`${name} can't be generated; nothing was written`);
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
  io.out(`wrote ${added.out}\n\n${next(started, options.from !== undefined, added.out, config)}`);
}

function start(io: Io, name: string, config: Config, options: InitOptions): StartedProtocol {
  const schema = io.isFile(schemaPath) ? schemaPath : null;
  const { from, document, uuid = randomUUID() } = options;
  if (from !== undefined) {
    if (options.uuid !== undefined)
      throw new UsageError("--uuid is for an interface without --from");
    return fromIdl(io, name, config, { ...options, from }, schema);
  }
  if (document !== undefined) throw new UsageError("--document needs --from");
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) {
    throw new UsageError(`${uuid} is no UUID`);
  }
  const protocol = { name, interfaceName: name.replaceAll("-", "_"), uuid: uuid.toLowerCase() };
  const descriptor = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const idl = `idl/${name}/${name}.idl`;
  const texts = new Map([
    [idl, idlTemplate(protocol)],
    [`idl/${name}/${name}.overlay.json`, overlayTemplate(schema)],
    [`generated/${name}/test/${name}.test.ts`, testTemplate(descriptor)],
  ]);
  return { texts, idl: [idl], remarks: [] };
}

/** What to do now. */
function next(
  { idl, remarks }: StartedProtocol,
  isThere: boolean,
  out: string,
  { workspace }: Config,
): string {
  if (remarks.length > 0) return `Left to you:\n${remarks.map((each) => `- ${each}\n`).join("")}`;
  if (isThere) {
    const overlays = idl.map(overlayPathOf).join(", ");
    return `Next: read what was drafted in ${overlays}; after a change, generate.\n`;
  }
  const test = workspace ? "" : ` Its test: npm install and npm test in ${out}.`;
  return `Next: put the interface into ${idl.join(", ")}, then generate.${test}\n`;
}

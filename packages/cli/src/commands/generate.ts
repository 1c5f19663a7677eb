/** `msrpc generate`: IDL files become a package of TypeScript. */
import { Command } from "commander";
import { basename } from "node:path";
import { CONFIG_FILE, configuredFor, readConfig, type PackageConfig } from "../config.ts";
import {
  countProblems,
  hasErrors,
  printDiagnostics,
  withFrontOptions,
  type FrontOptions,
} from "../front.ts";
import { generatePackages } from "../generate-packages.ts";
import type { Io } from "../io.ts";
import { differences, writePackage } from "../output.ts";
import { packageName } from "../package-name.ts";
import { UsageError } from "../usage-error.ts";

interface GenerateOptions extends FrontOptions {
  readonly out?: string;
  readonly package?: string;
  readonly config?: string;
  readonly check?: boolean;
  readonly watch?: boolean;
}

export function generateCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("generate")
    .description("generate TypeScript from IDL files and the overlays beside them")
    .argument("[idl...]", "the files of one package; without any, the packages of the config")
    .option("--out <dir>", "the folder to write to")
    .option("--package <name>", "make the folder a package of this name (default: modules alone)")
    .option("--config <file>", `the config (default: ${CONFIG_FILE})`)
    .option("--check", "write nothing; fail where the files differ from what would be written")
    .option("--watch", "generate again after every change of an IDL file or overlay")
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  $ msrpc generate\n" +
        "  $ msrpc generate --check\n" +
        "  $ msrpc generate echo.idl --out src/echo\n" +
        "  $ msrpc generate echo.idl --out packages/echo --package @example/echo\n" +
        "  $ msrpc generate echo.idl --out packages/echo --map ../shared/types.idl=@example/types\n" +
        "\nModules import each other as ./x.ts: set rewriteRelativeImportExtensions where you compile them.\n",
    )
    .action(async (idl: string[], options: GenerateOptions) => {
      const packages = packagesOf(io, idl, options);
      const result = generate(io, packages, options);
      finish(result.exitCode);
      if (options.watch === true) await keepGenerating(io, packages, options, result.read);
    });
  return withFrontOptions(command);
}

function packagesOf(
  io: Io,
  idl: readonly string[],
  options: GenerateOptions,
): readonly PackageConfig[] {
  if (idl.length === 0) {
    const stray = (["out", "package"] as const).find((option) => options[option] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} needs the IDL files to be named`);
    return readConfig(io, options.config ?? CONFIG_FILE).packages;
  }
  if (options.out === undefined) throw new UsageError("name the folder with --out");
  const isPackage = options.package !== undefined;
  const configured = idl.map((file) => configuredFor(io, file, options.config));
  const own: PackageConfig = {
    name: packageName(options.package ?? "modules"),
    description: `Bindings of ${idl.map((file) => basename(file)).join(", ")}`,
    out: options.out,
    idl,
    warn: configured.flatMap(({ warn }) => warn),
    map: configured.flatMap(({ map }) => map),
    form: isPackage ? "package" : "modules",
  };
  // With a config given, types of its packages are imported from there.
  const others = options.config === undefined ? [] : readConfig(io, options.config).packages;
  return [...others.filter((other) => other.out !== options.out), own];
}

function generate(
  io: Io,
  packages: readonly PackageConfig[],
  options: GenerateOptions,
): { readonly exitCode: number; readonly read: readonly string[] } {
  const {
    packages: generated,
    diagnostics,
    sources,
  } = generatePackages(io, packages, options, (name) => {
    if (io.isTerminal) io.err(`\r\u001b[Kgenerating ${name}`);
  });
  if (io.isTerminal) io.err("\r\u001b[K");
  const read = [...sources.keys()].filter((path) => io.read(path) !== null);
  printDiagnostics(io, diagnostics, sources);
  if (hasErrors(diagnostics)) {
    io.out(`nothing written: ${countProblems(diagnostics)}\n`);
    return { exitCode: 1, read };
  }
  if (options.check === true) {
    const different = generated.flatMap((each) => differences(io, each));
    for (const line of different) io.err(`${line}\n`);
    const hint = "generate again without --check and commit the result";
    io.out(
      different.length === 0
        ? "generated files are up to date\n"
        : `${different.length} ${different.length === 1 ? "file differs" : "files differ"}: ${hint}\n`,
    );
    return { exitCode: different.length === 0 ? 0 : 1, read };
  }
  for (const each of generated) {
    const touched = writePackage(io, each);
    io.out(
      `${each.config.out}: ${each.files.size} files, ${touched} changed, ${each.milliseconds.toFixed(0)} ms\n`,
    );
  }
  return { exitCode: 0, read };
}

/** Goes on until the process ends. What changes while it generates is not missed. */
async function keepGenerating(
  io: Io,
  packages: readonly PackageConfig[],
  options: GenerateOptions,
  first: readonly string[],
): Promise<never> {
  const change = { seen: false };
  let wake = (): void => undefined;
  const watch = (read: readonly string[]): (() => void) => {
    io.out(`watching ${read.length} ${read.length === 1 ? "file" : "files"}\n`);
    return io.watch(read, () => {
      change.seen = true;
      wake();
    });
  };
  let read = first;
  let stop = watch(read);
  for (;;) {
    while (!change.seen) await new Promise<void>((resolve) => (wake = resolve));
    // A save is often several events.
    while (change.seen) {
      change.seen = false;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    try {
      read = generate(io, packages, options).read;
    } catch (error) {
      // A file is not there for now, or one in the way was not generated: the next change may mend it.
      if (!(error instanceof UsageError)) throw error;
      io.err(`error: ${error.message}\n`);
    }
    const stopBefore = stop;
    stop = watch(read);
    stopBefore();
  }
}

/** Packages from IDL files: everything between reading files and writing them. */
import { createHash } from "node:crypto";
import {
  foldersOf,
  generatePackage,
  loadOverlay,
  matchOverlays,
  noOverlay,
  overlayPathOf,
  type EmitInput,
  type Files,
  type Unit,
} from "@msrpc/codegen";
import type { Diagnostic, SourceText } from "@msrpc/idl";
import type { PackageConfig } from "./config.ts";
import { withConfigured, hasErrors, openIdl, type FrontOptions } from "./front.ts";
import { compilerHost } from "./host.ts";
import type { Io } from "./io.ts";
import { generator, version } from "./version.ts";

export interface Generated {
  readonly packages: readonly GeneratedPackage[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
}

export interface GeneratedPackage {
  readonly config: PackageConfig;
  /** Texts by path from the package's folder; none where an IDL file has errors. */
  readonly files: Files;
  readonly units: readonly Unit[];
  /** Below `src`, by IDL file. */
  readonly folders: ReadonlyMap<string, string>;
  /** Time to parse, check, plan and emit. */
  readonly milliseconds: number;
}

/** Generates packages without writing them. A type that one of them holds is imported by the others. */
export function generatePackages(
  io: Io,
  packages: readonly PackageConfig[],
  options: FrontOptions,
  progress: (packageName: string) => void = () => undefined,
  /** Packages that are there: their types are imported. */
  others: readonly PackageConfig[] = [],
): Generated {
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceText>();
  const owners = [...packages, ...others].flatMap(({ name, idl }) =>
    idl.map((file) => ({ file, package: name })),
  );
  const generated = packages.map((config): GeneratedPackage => {
    progress(config.name);
    const start = io.now();
    const found: Diagnostic[] = [];
    const ofIdl: Diagnostic[] = [];
    const settings = withConfigured(options, config);
    const units = config.idl.map((file) => {
      const front = openIdl(io, file, settings);
      const overlay = overlayOf(io, file);
      ofIdl.push(...front.diagnostics);
      found.push(...front.diagnostics, ...overlay.diagnostics);
      for (const source of [...front.sources.values(), ...overlay.sources])
        sources.set(source.path, source);
      const text = front.sources.get(file)?.text ?? "";
      return { file, sha256: sha256(text), plan: front.plan, overlay };
    });
    const input: EmitInput = {
      form: config.form,
      package: config.name,
      version,
      description: config.description,
      units,
      imports: [
        ...settings.map
          .filter(({ file }) => !config.idl.includes(file))
          .map((mapped) => ({ ...mapped, range: "*" })),
        ...owners.filter((owner) => owner.package !== config.name),
      ].map((owner) => ({ ...owner, overlay: overlayOf(io, owner.file) })),
      generator,
    };
    const files: Files = new Map();
    if (!hasErrors(found)) {
      const result = generatePackage(input);
      found.push(...result.diagnostics);
      for (const [path, text] of result.files) files.set(path, text);
    } else if (!hasErrors(ofIdl)) {
      found.push(...matchOverlays(units));
    }
    diagnostics.push(...found);
    return { config, files, units, folders: foldersOf(input), milliseconds: io.now() - start };
  });
  return { packages: generated, diagnostics, sources };
}

/** What stands beside an IDL file as its overlay, or nothing. */
export function overlayOf(io: Io, idlFile: string): ReturnType<typeof loadOverlay> {
  const path = overlayPathOf(idlFile);
  return io.read(path) === null ? noOverlay(path) : loadOverlay(path, compilerHost(io));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

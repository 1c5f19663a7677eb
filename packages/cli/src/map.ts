/** Imports that lead to the IDL of packages which are there already: `--map FILE=package`, and "map" of a config. */
import { basename, normalize } from "node:path";
import { foldWords, type Host } from "@msrpc/idl";
import type { Io } from "./io.ts";
import { packageName } from "./package-name.ts";
import { UsageError } from "./usage-error.ts";

/** An IDL file that a package was generated from, with the overlay beside it. */
export interface MappedFile {
  readonly file: string;
  readonly package: string;
}

/**
 * What `--map` is given: `../shared/types.idl=@example/types`.
 *
 * @throws UsageError where it is no file with a package
 */
export function mappedFile(text: string): MappedFile {
  const at = text.lastIndexOf("=");
  if (at <= 0) throw new UsageError(`${JSON.stringify(text)} maps nothing: write FILE.idl=package`);
  return { file: normalize(text.slice(0, at)), package: packageName(text.slice(at + 1)) };
}

/**
 * A host whose imports of a mapped file's name, from wherever, lead to that file. So published IDL, which imports
 * "ms-dtyp.idl", has its types from where the package has them, and no built-in file stands in for it.
 *
 * @throws UsageError where a mapped file isn't there: its overlay decides the names
 */
export function mappedHost(io: Io, host: Host, mapped: readonly MappedFile[]): Host {
  for (const { file, package: name } of mapped) {
    if (!io.isFile(file))
      throw new UsageError(`there is no file ${file} that ${name} was generated from`);
  }
  const byName = new Map(mapped.map(({ file }) => [importName(file), file]));
  return {
    read: (path) => host.read(path),
    resolve: (from, path, searchPaths) =>
      byName.get(importName(path)) ?? host.resolve(from, path, searchPaths),
  };
}

/** The name that imports have a file by, whatever their case and punctuation; a header stands for its IDL. */
function importName(path: string): string {
  return foldWords(basename(path.replaceAll("\\", "/")).replace(/\.(?:h|idl)$/i, ""));
}

/**
 * Built-in definitions of the files that published IDL imports and nobody ships: "ms-dtyp.idl",
 * "oaidl.idl" and their like. A file of that name on the search path goes first.
 */
import type { Host } from "./host.ts";
import { fileNameOf } from "./host.ts";
import { PRELUDE_FILES } from "./prelude/files.ts";

const FOLDER = "<built-in>/";

/** The types that Samba's dialect has built in. */
export const PIDL_PATH: string = `${FOLDER}pidl.idl`;

/**
 * A host that falls back to the built-in files. What these import is sought as if the file that
 * brought them in imported it, so that there is one "ms-dtyp.idl" in a compilation.
 */
export function withPrelude(host: Host): Host {
  const importers = new Map<string, string>();
  return {
    read: (path) => (isPrelude(path) ? (preludeText(path) ?? null) : host.read(path)),
    resolve(from, path, searchPaths) {
      const importer = importers.get(from) ?? from;
      const found = host.resolve(importer, path, searchPaths);
      if (found !== null) return found;
      const name = fileNameOf(path).toLowerCase().replace(/\.h$/, ".idl");
      if (!Object.hasOwn(PRELUDE_FILES, name)) return null;
      const builtIn = FOLDER + name;
      if (!importers.has(builtIn)) importers.set(builtIn, importer);
      return builtIn;
    },
  };
}

/** Whether a path names a built-in file. */
export function isPrelude(path: string): boolean {
  return path.startsWith(FOLDER);
}

function preludeText(path: string): string | undefined {
  const name = path.slice(FOLDER.length);
  return Object.hasOwn(PRELUDE_FILES, name) ? PRELUDE_FILES[name] : undefined;
}

/** The compiler's view of the file system. */
import { basename, dirname, join } from "node:path";
import type { Host } from "@msrpc/idl";
import type { Io } from "./io.ts";

/**
 * Imports are sought beside the file that names them, then along the search path. Case may differ, as on
 * Windows, where most IDL files come from.
 */
export function compilerHost(io: Io): Host {
  return {
    read: (path) => io.read(path),
    resolve(from, path, searchPaths) {
      for (const folder of [dirname(from), ...searchPaths]) {
        const candidate = join(folder, path.replaceAll("\\", "/"));
        const wanted = basename(candidate);
        const names = io.names(dirname(candidate));
        const name = names.includes(wanted)
          ? wanted
          : names.find((other) => other.toLowerCase() === wanted.toLowerCase());
        if (name !== undefined) return join(dirname(candidate), name);
      }
      return null;
    },
  };
}

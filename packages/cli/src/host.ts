/** The compiler's view of the file system. */
import { basename, dirname, join } from "node:path";
import { foldWords, type Host } from "@msrpc/idl";
import type { Io } from "./io.ts";

/**
 * Imports are sought beside the file that names them, then along the search path: by the name as it stands,
 * then in any case, as on Windows, where most IDL files come from, then with any punctuation.
 */
export function compilerHost(io: Io): Host {
  const ways: readonly ((name: string) => string)[] = [(name) => name.toLowerCase(), foldWords];
  return {
    read: (path) => io.read(path),
    resolve(from, path, searchPaths) {
      const plain = path.replaceAll("\\", "/");
      const candidates = [dirname(from), ...searchPaths].map((folder) => join(folder, plain));
      const exact = candidates.find((candidate) => io.isFile(candidate));
      if (exact !== undefined) return exact;
      for (const fold of ways) {
        for (const candidate of candidates) {
          const wanted = fold(basename(candidate));
          const name = io.names(dirname(candidate)).find((other) => fold(other) === wanted);
          if (name !== undefined) return join(dirname(candidate), name);
        }
      }
      return null;
    },
  };
}

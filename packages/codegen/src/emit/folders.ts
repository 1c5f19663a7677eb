/** Where in a package the files of each IDL file stand. */
import type { EmitInput } from "../model/input.ts";
import { Registry } from "../model/registry.ts";

/** Folders below `src`, by IDL file: `clusapi3/`, or empty for a file without an interface. */
export function foldersOf(input: EmitInput): ReadonlyMap<string, string> {
  const registry = new Registry(input);
  return new Map(input.units.map((unit) => [unit.file, registry.folderOf(unit)]));
}

/** Names in a definition, of what it has made before. */
import { aName, isName } from "../core/resources.ts";
import type { Collection, Identified } from "../model/collection.ts";
import { DefinitionError, type DefinitionPath } from "./definition.ts";

/** @throws DefinitionError for a name that something has, or that is none */
export function demandNew<T extends Identified>(
  objects: Collection<T>,
  name: string,
  path: DefinitionPath,
): void {
  if (!isName(name)) throw new DefinitionError([...path, "name"], `${aName} is needed`);
  if (objects.find(name) === undefined) return;
  throw new DefinitionError([...path, "name"], `there is another ${JSON.stringify(name)}`);
}

/** The IDs of what has those names. @throws DefinitionError */
export function ids<T extends Identified>(
  objects: Collection<T>,
  names: readonly string[],
  path: DefinitionPath,
): string[] {
  return names.map((name, at) => known(objects, name, [...path, at]).id);
}

/** What has that name. @throws DefinitionError */
export function known<T extends Identified>(
  objects: Collection<T>,
  name: string,
  path: DefinitionPath,
): T {
  const found = objects.find(name);
  if (found !== undefined) return found;
  throw new DefinitionError(path, `there is no ${JSON.stringify(name)}`);
}

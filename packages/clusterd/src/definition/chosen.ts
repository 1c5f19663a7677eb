/** The definition that the command line asks for. */
import { type ClusterDefinition, type HostingType, localNetworks } from "@msrpc/cluster";
import type { Options } from "../options.ts";
import { completed } from "./completed.ts";
import { readDefinition } from "./file.ts";

/** @throws DefinitionFileError; the system's error where the file can't be read */
export function definitionOf(
  { definition: file, localNetworks: isLocal }: Pick<Options, "definition" | "localNetworks">,
  types: readonly HostingType[],
): ClusterDefinition {
  const definition = file === null ? completed({}, types) : readDefinition(file, types);
  const [local = { name: "" }] = definition.nodes;
  return isLocal ? { ...definition, networks: localNetworks(local.name) } : definition;
}

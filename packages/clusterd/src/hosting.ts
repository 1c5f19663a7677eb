/** What resources of this machine stand for: the types that come along, and those that operators add. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  fileShareWitness,
  genericApplication,
  genericScript,
  genericService,
  type HostingType,
  ipAddress,
  physicalDisk,
} from "@msrpc/cluster";
import type { Options } from "./options.ts";

/**
 * The later of two types of a name counts.
 *
 * @throws TypeError for a file that has no type; what loading it throws
 */
export async function typesOf({
  types: files,
  manageAddresses,
}: Pick<Options, "types" | "manageAddresses">): Promise<HostingType[]> {
  const added: HostingType[] = [];
  for (const file of files) added.push(...(await typesIn(file)));
  return [
    genericApplication,
    genericScript,
    genericService(),
    physicalDisk,
    fileShareWitness,
    ipAddress({ ip: manageAddresses ? "ip" : null }),
    ...added,
  ];
}

/** The default export of a module: a type, or several. */
async function typesIn(file: string): Promise<HostingType[]> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as {
    readonly default?: unknown;
  };
  const types: readonly unknown[] = [module.default].flat();
  if (types.length === 0 || !types.every(isType)) {
    throw new TypeError(`${file} has no resource type: its default export is { type, online }`);
  }
  return [...types];
}

function isType(value: unknown): value is HostingType {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    "online" in value &&
    typeof value.online === "function"
  );
}

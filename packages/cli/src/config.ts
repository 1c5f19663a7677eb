/** `msrpc.json`: which packages are generated from which IDL files. */
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

export const CONFIG_FILE = "msrpc.json";

export interface Config {
  readonly packages: readonly PackageConfig[];
}

/** A type of an IDL file that another package of the config is made from is imported from there. */
export interface PackageConfig {
  /** `@msrpc/ms-cmrp` */
  readonly name: string;
  readonly description: string;
  /** The package's folder. */
  readonly out: string;
  readonly idl: readonly string[];
}

/**
 * Reads a config.
 *
 * @throws UsageError where there is none or it isn't one
 */
export function readConfig(io: Io, path: string): Config {
  const text = io.read(path);
  if (text === null) throw new UsageError(`there is no file ${path}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${error instanceof Error ? error.message : ""}`);
  }
  const packages = isObject(value) ? value["packages"] : undefined;
  if (!Array.isArray(packages)) throw new UsageError(`${path} has no list of "packages"`);
  return {
    packages: packages.map((each, index) => packageConfig(each, `${path}: packages[${index}]`)),
  };
}

function packageConfig(value: unknown, where: string): PackageConfig {
  if (!isObject(value)) throw new UsageError(`${where} is not an object`);
  const text = (key: string): string => {
    const found = value[key];
    if (typeof found !== "string") throw new UsageError(`${where} has no text "${key}"`);
    return found;
  };
  const idl = value["idl"];
  if (!Array.isArray(idl) || idl.length === 0 || !idl.every((file) => typeof file === "string")) {
    throw new UsageError(`${where} has no list of files "idl"`);
  }
  const known = ["name", "description", "out", "idl"];
  const stray = Object.keys(value).find((key) => !known.includes(key));
  if (stray !== undefined) {
    throw new UsageError(`${where} has an unknown key "${stray}"; there are ${known.join(", ")}`);
  }
  return { name: text("name"), description: text("description"), out: text("out"), idl };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

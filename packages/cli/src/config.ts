/** `msrpc.json`: which packages are generated from which IDL files. */
import type { OutputForm } from "@msrpc/codegen";
import { normalize } from "node:path";
import { lowerableCode } from "./front.ts";
import type { Io } from "./io.ts";
import type { MappedFile } from "./map.ts";
import { packageName } from "./package-name.ts";
import { UsageError } from "./usage-error.ts";

export const CONFIG_FILE = "msrpc.json";

export interface Config {
  /** The packages are members of a pnpm workspace that has the runtime in it. */
  readonly workspace: boolean;
  /** Codes of errors that are warnings in every package. */
  readonly warn: readonly string[];
  /** Files of packages that are not of the config, for every package. */
  readonly map: readonly MappedFile[];
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
  /** Codes of errors that are warnings in these files; those of the config are among them. */
  readonly warn: readonly string[];
  /** Files that other packages were generated from; those of the config are among them. */
  readonly map: readonly MappedFile[];
  readonly form: OutputForm;
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
  if (!isObject(value)) throw new UsageError(`${path} is not an object`);
  refuseOthers(value, ["workspace", "warn", "map", "packages"], path);
  const { packages, workspace = false } = value;
  if (!Array.isArray(packages)) throw new UsageError(`${path} has no list of "packages"`);
  if (typeof workspace !== "boolean") throw new UsageError(`${path}: "workspace" is true or false`);
  const form = workspace ? "workspace" : "package";
  const warn = codes(value["warn"], path);
  const map = files(value["map"], path);
  return {
    workspace,
    warn,
    map,
    packages: packages.map((each, index) =>
      packageConfig(each, { form, warn, map }, `${path}: packages[${index}]`),
    ),
  };
}

/** Columns that a line of a config takes at most. */
const maxLine = 100;

/** A config as text, a package's files on one line where they fit. */
export function formatConfig({ workspace, warn, map, packages }: Config): string {
  const entries = packages.map(({ name, description, out, idl, warn: lowered, map: mapped }) => {
    const own = lowered.filter((code) => !warn.includes(code));
    const ownMap = mapped.filter((each) => !map.some(({ file }) => file === each.file));
    const quoted = idl.map((file) => JSON.stringify(file));
    const line = `[${quoted.join(", ")}]`;
    const isLong = line.length > maxLine - '      "idl": '.length;
    const files = isLong ? `[\n        ${quoted.join(",\n        ")}\n      ]` : line;
    const members = Object.entries({ name, description, out });
    const lines = members.map(([key, value]) => `      "${key}": ${JSON.stringify(value)},\n`);
    return `    {\n${lines.join("")}      "idl": ${files}${[
      ...(own.length === 0 ? [] : [warnLine(own)]),
      ...(ownMap.length === 0 ? [] : [mapLine(ownMap)]),
    ]
      .map((text) => `,\n      ${text}`)
      .join("")}\n    }`;
  });
  const head = workspace ? '  "workspace": true,\n' : "";
  const lowered = warn.length === 0 ? "" : `  ${warnLine(warn)},\n`;
  const mapped = map.length === 0 ? "" : `  ${mapLine(map)},\n`;
  return `{\n${head}${lowered}${mapped}  "packages": [\n${entries.join(",\n")}\n  ]\n}\n`;
}

function mapLine(mapped: readonly MappedFile[]): string {
  const entries = mapped.map(
    ({ file, package: name }) => `${JSON.stringify(file)}: ${JSON.stringify(name)}`,
  );
  return `"map": { ${entries.join(", ")} }`;
}

function warnLine(codes: readonly string[]): string {
  return `"warn": [${codes.map((code) => JSON.stringify(code)).join(", ")}]`;
}

function packageConfig(
  value: unknown,
  { form, warn, map }: Pick<PackageConfig, "form" | "warn" | "map">,
  where: string,
): PackageConfig {
  if (!isObject(value)) throw new UsageError(`${where} is not an object`);
  refuseOthers(value, ["name", "description", "out", "idl", "warn", "map"], where);
  const text = (key: string): string => {
    const found = value[key];
    if (typeof found !== "string") throw new UsageError(`${where} has no text "${key}"`);
    return found;
  };
  const idl = value["idl"];
  if (!Array.isArray(idl) || idl.length === 0 || !idl.every((file) => typeof file === "string")) {
    throw new UsageError(`${where} has no list of files "idl"`);
  }
  const name = packageName(text("name"));
  const lowered = [...warn, ...codes(value["warn"], where)];
  const mapped = [...map, ...files(value["map"], where)];
  const out = text("out");
  return { name, description: text("description"), out, idl, warn: lowered, map: mapped, form };
}

/** Packages by the files that they were generated from. */
function files(value: unknown, where: string): readonly MappedFile[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new UsageError(`${where}: "map" has packages by their IDL files`);
  return Object.entries(value).map(([file, name]) => {
    if (typeof name !== "string")
      throw new UsageError(`${where}: "map" has no package for ${file}`);
    return { file: normalize(file), package: packageName(name) };
  });
}

function codes(value: unknown, where: string): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((code) => typeof code === "string")) {
    throw new UsageError(`${where}: "warn" is a list of codes`);
  }
  return value.map((code) => lowerableCode(code));
}

/**
 * The codes that a config lowers for a file and what it maps for it; nothing where there is no config. So a file is
 * judged alike by every command.
 *
 * @throws UsageError where the config isn't one
 */
export function configuredFor(
  io: Io,
  file: string,
  path: string = CONFIG_FILE,
): Pick<PackageConfig, "warn" | "map"> {
  if (!io.isFile(path)) return { warn: [], map: [] };
  const { warn, map, packages } = readConfig(io, path);
  const holds = ({ idl }: PackageConfig): boolean =>
    idl.some((each) => normalize(each) === normalize(file));
  const holding = packages.filter(holds);
  return {
    warn: [...warn, ...holding.flatMap((each) => each.warn)],
    map: [...map, ...holding.flatMap((each) => each.map)],
  };
}

function refuseOthers(value: object, known: readonly string[], where: string): void {
  const stray = Object.keys(value).find((key) => !known.includes(key));
  if (stray === undefined) return;
  throw new UsageError(`${where} has an unknown key "${stray}"; there are ${known.join(", ")}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// IDL that others wrote, as they wrote it: Wine's files, and those in the appendices of the Open Specifications.
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { memoryHost, type Host } from "@msrpc/idl";
import { extractAll } from "../../../scripts/extract-idl.ts";
import { run } from "./command.ts";
import { needPackages } from "./packages.ts";

export interface Corpus {
  readonly files: readonly string[];
  readonly host: Host;
  readonly searchPaths: readonly string[];
  /** Names of files that others include, and that take names from these. */
  readonly fragments: ReadonlySet<string>;
}

/** The files of libwine-dev, which is installed where it isn't there. */
export function wineCorpus(): Corpus {
  needPackages("libwine-dev");
  const paths = run("dpkg", ["-L", "libwine-dev"]).match(/^\S+\.(idl|h)$/gm) ?? [];
  const host = memoryHost(
    Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")])),
  );
  const files = paths.filter((path) => path.endsWith(".idl"));
  const searchPaths = [...new Set(files.map((file) => dirname(file)))];
  const fragments = new Set<string>();
  for (const file of files) {
    for (const [, name] of (host.read(file) ?? "").matchAll(/^\s*#\s*include\s*["<]([^">]+)/gm)) {
      fragments.add(basename(name ?? ""));
    }
  }
  return { files, host, searchPaths, fragments };
}

/** The files of the documents; null where `OPENSPECS` names no clone of them. */
export function publishedCorpus(): Corpus | null {
  const repository = process.env["OPENSPECS"];
  if (repository === undefined) return null;
  const texts = Object.fromEntries(extractAll(repository).map(({ name, text }) => [name, text]));
  return {
    files: Object.keys(texts),
    host: memoryHost(texts),
    searchPaths: [],
    fragments: new Set(),
  };
}

/** IDL at scale for the compiler's benchmark: read from where it is installed or cloned, never kept here. */
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractAll } from "../../../scripts/extract-idl.ts";

export interface Corpus {
  readonly title: string;
  readonly folder: string;
  /** Names in the folder. */
  readonly files: readonly string[];
}

const wineFolder = "/usr/include/wine/wine/windows";

/**
 * The IDL of the Open Specifications where OPENSPECS names a clone of their Markdown, and the IDL files of
 * Debian's libwine-dev where it is installed.
 */
export function findCorpora(): Corpus[] {
  const corpora: Corpus[] = [];
  const repository = process.env["OPENSPECS"];
  if (repository !== undefined && repository !== "") {
    const folder = mkdtempSync(join(tmpdir(), "msrpc-bench-"));
    const files = extractAll(repository).map(({ name, text }) => {
      writeFileSync(join(folder, name), text);
      return name;
    });
    corpora.push({ title: "IDL of the Open Specifications", folder, files });
  }
  if (existsSync(wineFolder)) {
    const files = readdirSync(wineFolder).filter((name) => name.endsWith(".idl"));
    corpora.push({ title: "IDL files of libwine-dev", folder: wineFolder, files });
  }
  return corpora;
}

export function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

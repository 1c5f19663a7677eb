// IDL that others wrote, as they wrote it: Wine's files, and those of the Open Specifications.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { compile, createParseCache, positionAt, type Host } from "@msrpc/idl";
import { publishedCorpus, wineCorpus, type Corpus } from "./support/idl-of-others.ts";
import { check, demand, expectNone, leftOut } from "./support/report.ts";

/** What the checker may say of a published document, and why the document is at fault. */
interface Defect {
  readonly file: string;
  readonly code: string;
  readonly line: number;
  readonly reason: string;
}

interface Finding {
  readonly file: string;
  readonly code: string;
  readonly line: number;
  readonly message: string;
}

/** What the files import in common is parsed once. */
const cache = createParseCache();

/** Errors of one file, those in files it imports included. */
function errorsOf(path: string, host: Host, searchPaths: readonly string[]): Finding[] {
  const { sources, diagnostics } = compile([path], host, { searchPaths, cache });
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, message, span }) => {
      const source = sources.get(span.file);
      const line = source === undefined ? 0 : positionAt(source, span.start).line;
      return { file: basename(span.file), code, line, message };
    });
}

function show({ file, code, line, message }: Finding): string {
  return `${file}:${line} ${code} ${message}`;
}

// ---- Wine ------------------------------------------------------------------------------------

/** Codes of a name that nothing declares. */
const undefinedCodes: ReadonlySet<string> = new Set(["IDL2001", "IDL2002", "IDL2014", "IDL2016"]);
/** Wine's files that its own compiler takes one by one. */
const standAlone = 261;

await check("libwine-dev: what stands by itself checks without error", () => {
  const { files, host, searchPaths, fragments } = wineCorpus();
  const findings: string[] = [];
  let clean = 0;
  let parts = 0;
  for (const file of files) {
    const errors = errorsOf(file, host, searchPaths);
    if (errors.length === 0) clean++;
    else if (!fragments.has(basename(file))) findings.push(...errors.map(show));
    else {
      parts++;
      const others = errors.filter(({ code }) => !undefinedCodes.has(code));
      findings.push(...others.map((error) => `fragment ${show(error)}`));
    }
  }
  if (clean < standAlone) findings.push(`${clean} files check without error, not ${standAlone}`);
  expectNone(findings);
  return `${clean} of ${files.length} files; ${parts} fragments leave names to their includer`;
});

// ---- Open Specifications ---------------------------------------------------------------------

const listPath = new URL("openspecs-defects.json", import.meta.url);
const published = publishedCorpus();
/** At most this many of the published files may have defects. */
const defectiveFiles = 7;

if (published === null) {
  leftOut(
    "Open Specifications",
    "set OPENSPECS to a clone or bare repository of their Markdown to check the IDL in them",
  );
} else {
  await check("Open Specifications: the rest of the files gives the listed diagnostics", () => {
    return checkPublished(published);
  });
}

function checkPublished({ files, host }: Corpus): string {
  const listed = JSON.parse(readFileSync(listPath, "utf8")) as readonly Defect[];
  const key = ({ file, code, line }: Pick<Defect, "file" | "code" | "line">): string =>
    `${file}:${line} ${code}`;
  const expected = new Map(listed.map((defect) => [key(defect), defect]));
  const findings: string[] = [];
  const seen = new Set<string>();
  const defective = new Set<string>();
  for (const file of files) {
    // errors in an imported file are counted where that file is the subject
    const errors = errorsOf(file, host, []).filter((error) => error.file === file);
    for (const error of errors) {
      defective.add(file);
      seen.add(key(error));
      if (!expected.has(key(error))) findings.push(show(error));
    }
  }
  for (const [name] of expected) if (!seen.has(name)) findings.push(`${name} is listed and gone`);
  expectNone(findings);
  demand(defective.size <= defectiveFiles, `${defective.size} files have errors`);
  return `${files.length - defective.size} of ${files.length} files check without error`;
}

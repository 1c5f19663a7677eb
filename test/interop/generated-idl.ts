// TypeScript from IDL that others wrote: every file becomes modules, and one program of the compiler's checks them all
// with the project's own settings. Twice: as the IDL stands, and with the overlay that `msrpc init` drafts from it.
//
// generated-idl.json holds how much was generated, exactly, and what can't be, with the reason.
//   node --conditions=source test/interop/generated-idl.ts --record    writes the numbers anew, and keeps the reasons
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { draftOverlay, generatePackage, loadOverlay, noOverlay } from "@msrpc/codegen";
import { compile, createParseCache, lowerableCodes, memoryHost, type Diagnostic } from "@msrpc/idl";
import { plan, type WirePlan } from "@msrpc/wire";
import { tryRun } from "./support/command.ts";
import { publishedCorpus, wineCorpus, type Corpus } from "./support/idl-of-others.ts";
import { check, expectNone, leftOut } from "./support/report.ts";

/** How much of a corpus was generated. */
interface Amount {
  files: number;
  interfaces: number;
  /** Operations that are sent. */
  operations: number;
  types: number;
}

/** What can't be generated of a file, and why it isn't the compiler that is at fault. */
interface Exception {
  readonly file: string;
  /** Errors by code. */
  readonly errors: Readonly<Record<string, number>>;
  readonly reason: string;
}

interface Expected {
  readonly amount: Amount;
  /** With the IDL as it stands. */
  readonly exceptions: readonly Exception[];
  /** With the drafted overlay. */
  readonly drafted: readonly Exception[];
}

const listPath = new URL("generated-idl.json", import.meta.url);
const listed = JSON.parse(readFileSync(listPath, "utf8")) as Record<string, Expected>;
const isRecording = process.argv.includes("--record");
// Below test, where packages of the workspace are found.
const root = new URL("../.cache/generated-idl/", import.meta.url).pathname;
const cache = createParseCache();

interface Generated {
  readonly files: ReadonlyMap<string, string>;
  readonly plan: WirePlan;
  readonly errors: readonly Diagnostic[];
}

/**
 * The modules of a file; operations and types that can't be sent are left out of them, and named in the errors. Null
 * for the part of another file, which lacks the names that it takes from there.
 */
function generate(
  file: string,
  { host, searchPaths, fragments }: Corpus,
  isDrafted: boolean,
): Generated | null {
  const compiled = compile([file], host, { searchPaths, cache, warn: lowerableCodes });
  const planned = plan(compiled.program);
  const wrong = errorsIn(compiled.diagnostics);
  if (wrong.length > 0 && fragments.has(basename(file))) return null;
  if (wrong.length > 0) return { files: new Map(), plan: planned.plan, errors: wrong };
  const overlayPath = "drafted.overlay.json";
  const drafted = JSON.stringify(draftOverlay(planned.plan, { sections: {}, errors: {} }).overlay);
  const overlay = isDrafted
    ? loadOverlay(overlayPath, memoryHost({ [overlayPath]: drafted }))
    : noOverlay(file);
  const { files, diagnostics } = generatePackage({
    package: "@others/modules",
    version: "1.0.0",
    form: "modules",
    description: "IDL of others",
    units: [{ file, sha256: "", plan: planned.plan, overlay }],
    imports: [],
    generator: "msrpc",
  });
  const errors = errorsIn([...planned.diagnostics, ...overlay.diagnostics, ...diagnostics]);
  return { files, plan: planned.plan, errors };
}

function errorsIn(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

function codesOf(errors: readonly Diagnostic[]): Record<string, number> {
  const inOrder = errors.toSorted((a, b) => a.code.localeCompare(b.code));
  const codes = Map.groupBy(inOrder, ({ code }) => code);
  return Object.fromEntries([...codes].map(([code, all]) => [code, all.length]));
}

/** Writes every file's modules, and gives how much it was and what is wrong. */
function writeAll(
  corpus: Corpus,
  isDrafted: boolean,
  folder: string,
): { amount: Amount; exceptions: Map<string, Record<string, number>> } {
  const amount: Amount = { files: 0, interfaces: 0, operations: 0, types: 0 };
  const exceptions = new Map<string, Record<string, number>>();
  for (const path of corpus.files) {
    const generated = generate(path, corpus, isDrafted);
    if (generated === null) continue;
    const file = basename(path);
    const { files, plan: found, errors } = generated;
    if (errors.length > 0) exceptions.set(file, codesOf(errors));
    if (files.size === 0) continue;
    amount.files++;
    amount.interfaces += found.interfaces.length;
    amount.types += Object.keys(found.types).length;
    for (const { operations } of found.interfaces)
      amount.operations += operations.filter(({ form }) => form === "call").length;
    for (const [name, text] of files) {
      const target = join(folder, basename(file, ".idl"), name);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
  return { amount, exceptions };
}

/** What the TypeScript compiler says of all modules below a folder. */
function typeErrors(folder: string): string[] {
  const settings = {
    extends: new URL("../../tsconfig.base.json", import.meta.url).pathname,
    compilerOptions: {
      noEmit: true,
      composite: false,
      declarationMap: false,
      sourceMap: false,
      isolatedDeclarations: true,
      types: ["node"],
    },
    include: ["."],
  };
  const path = join(folder, "tsconfig.json");
  writeFileSync(path, JSON.stringify(settings));
  const tsc = new URL("../../node_modules/.bin/tsc", import.meta.url).pathname;
  const { status, stdout, stderr } = tryRun(tsc, ["-p", path], { seconds: 240 });
  if (status === 0) return [];
  return `${stdout}\n${stderr}`.split("\n").filter((line) => /\S/.test(line) && !/^\s/.test(line));
}

/** What isn't as listed. */
function differences(
  exceptions: ReadonlyMap<string, Readonly<Record<string, number>>>,
  expected: readonly Exception[],
): string[] {
  const byFile = new Map(expected.map((each) => [each.file, each]));
  const findings: string[] = [];
  for (const [file, errors] of exceptions) {
    const found = JSON.stringify(errors);
    const { errors: known = {}, reason = "" } = byFile.get(file) ?? {};
    if (found !== JSON.stringify(known)) findings.push(`${file}: ${found}`);
    if (reason === "") findings.push(`${file} has no reason`);
  }
  for (const file of byFile.keys())
    if (!exceptions.has(file)) findings.push(`${file} is listed and generates`);
  return findings;
}

function record(
  exceptions: ReadonlyMap<string, Readonly<Record<string, number>>>,
  expected: readonly Exception[] = [],
): Exception[] {
  return [...exceptions].map(([file, errors]) => {
    const reason = expected.find((each) => each.file === file)?.reason ?? "";
    return { file, errors, reason };
  });
}

function checkCorpus(name: string, corpus: Corpus): string {
  const folder = join(root, name);
  rmSync(folder, { recursive: true, force: true });
  const plain = writeAll(corpus, false, join(folder, "plain"));
  const drafted = writeAll(corpus, true, join(folder, "drafted"));
  const { amount } = drafted;
  if (isRecording) {
    listed[name] = {
      amount,
      exceptions: record(plain.exceptions, listed[name]?.exceptions),
      drafted: record(drafted.exceptions, listed[name]?.drafted),
    };
  }
  const expected = listed[name];
  const findings = [
    ...differences(plain.exceptions, expected?.exceptions ?? []),
    ...differences(drafted.exceptions, expected?.drafted ?? []),
    ...typeErrors(folder),
  ];
  if (JSON.stringify(amount) !== JSON.stringify(expected?.amount))
    findings.unshift(`${JSON.stringify(amount)}, and not ${JSON.stringify(expected?.amount)}`);
  expectNone(findings);
  const { files, interfaces, operations, types } = amount;
  return `${files} files, ${interfaces} interfaces, ${operations} operations, ${types} types`;
}

await check("libwine-dev: what is generated from it passes the type checker", () =>
  checkCorpus("libwine-dev", wineCorpus()),
);
const published = publishedCorpus();
if (published === null) {
  leftOut(
    "Open Specifications",
    "set OPENSPECS to a clone or bare repository of their Markdown to generate from the IDL in them",
  );
} else {
  await check("Open Specifications: what is generated from them passes the type checker", () =>
    checkCorpus("openspecs", published),
  );
}
if (isRecording) writeFileSync(listPath, `${JSON.stringify(listed, null, 2)}\n`);

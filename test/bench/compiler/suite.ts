/** Lines per second of checking and generating, beside widl on the files that it takes. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { compilerHost, generatePackages, nodeIo, readConfig } from "@msrpc/cli";
import { compile } from "@msrpc/idl";
import { countLines, findCorpora, type Corpus } from "./corpus.ts";

export interface CompilerRow {
  readonly what: string;
  readonly files: number;
  readonly lines: number;
  readonly milliseconds: number;
}

/** The best of `rounds` for each row: other programs only ever make it slower. */
export function runCompilerSuite(rounds: number): CompilerRow[] {
  return [...findCorpora().flatMap((corpus) => corpusRows(corpus, rounds)), generationRow(rounds)];
}

function corpusRows({ title, folder, files }: Corpus, rounds: number): CompilerRow[] {
  const host = compilerHost(nodeIo());
  const check = (names: readonly string[]): void => {
    for (const name of names) compile([join(folder, name)], host, { searchPaths: [folder] });
  };
  const row = (what: string, names: readonly string[], milliseconds: number): CompilerRow => ({
    what,
    files: names.length,
    lines: countLines(folder, names),
    milliseconds,
  });
  const rows = [
    row(
      `${title}: msrpc`,
      files,
      best(rounds, () => check(files)),
    ),
  ];
  const taken = files.filter((name) => widl(folder, name));
  if (taken.length > 0) {
    rows.push(
      row(
        "those that widl takes: msrpc",
        taken,
        best(rounds, () => check(taken)),
      ),
      row(
        "those that widl takes: widl, a process each",
        taken,
        best(1, () => taken.forEach((name) => widl(folder, name))),
      ),
    );
  }
  return rows;
}

/** Whether widl takes the file; it writes a header, which is the least it can be asked for. */
function widl(folder: string, name: string): boolean {
  for (const command of ["widl", "widl-stable"]) {
    const { status, error } = spawnSync(
      command,
      ["-h", "-o", "/dev/null", "-I", folder, join(folder, name)],
      {
        timeout: 10_000,
      },
    );
    if (error === undefined) return status === 0;
  }
  return false;
}

/** The packages of msrpc.json, from text to text. Lines are those generated. */
function generationRow(rounds: number): CompilerRow {
  const io = nodeIo();
  const { packages } = readConfig(io, "msrpc.json");
  let texts: readonly string[] = [];
  const milliseconds = best(rounds, () => {
    texts = generatePackages(io, packages, {}).packages.flatMap(({ files }) => [...files.values()]);
  });
  const lines = texts.reduce((sum, text) => sum + text.split("\n").length - 1, 0);
  return {
    what: "generation of every package here (lines out)",
    files: texts.length,
    lines,
    milliseconds,
  };
}

function best(rounds: number, run: () => void): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

export function formatCompilerRows(rows: readonly CompilerRow[]): string {
  const lines = rows.map(({ what, files, lines: count, milliseconds }) => {
    const rate = Math.round((count / milliseconds) * 1000);
    return `| ${what} | ${files} | ${count} | ${milliseconds.toFixed(0)} | ${rate} |`;
  });
  return [
    "| what | files | lines | ms | lines a second |",
    "| --- | --: | --: | --: | --: |",
    ...lines,
  ].join("\n");
}

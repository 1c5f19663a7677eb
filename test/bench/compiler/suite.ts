/** Lines per second of checking and generating, beside widl on the files that it takes. */
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { compilerHost, generatePackages, nodeIo, readConfig } from "@msrpc/cli";
import { compile } from "@msrpc/idl";
import { countLines, findCorpora, type Corpus } from "./corpus.ts";

export interface CompilerRow {
  readonly what: string;
  readonly files: number;
  /** Read, those of imports included each time a file imports them; or written. */
  readonly lines: number;
  readonly milliseconds: number;
}

/** The best of `rounds` for each row: other programs only ever make it slower. */
export function runCompilerSuite(rounds: number): CompilerRow[] {
  return [...findCorpora().flatMap((corpus) => corpusRows(corpus, rounds)), generationRow(rounds)];
}

function corpusRows({ title, folder, files }: Corpus, rounds: number): CompilerRow[] {
  const host = compilerHost(nodeIo());
  const checkRow = (what: string, names: readonly string[]): CompilerRow => {
    let lines = 0;
    const milliseconds = best(rounds, () => {
      lines = 0;
      for (const name of names) {
        const { sources } = compile([join(folder, name)], host, { searchPaths: [folder] });
        for (const { text } of sources.values()) lines += countLines(text);
      }
    });
    return { what, files: names.length, lines, milliseconds };
  };
  const whole = checkRow(`${title}: msrpc`, files);
  const taken = files.filter((name) => widl(folder, name));
  if (taken.length === 0) return [whole];
  const ours = checkRow("those that widl takes: msrpc", taken);
  const milliseconds = best(1, () => taken.forEach((name) => widl(folder, name)));
  return [
    whole,
    ours,
    { ...ours, what: "those that widl takes: widl, a process each", milliseconds },
  ];
}

/**
 * Whether widl takes the file; it writes a header, which is the least it can be asked for. It deletes its output
 * where it fails, so that has to be a file of its own.
 */
function widl(folder: string, name: string): boolean {
  const header = join(tmpdir(), `msrpc-bench-${process.pid}.h`);
  for (const command of ["widl", "widl-stable"]) {
    const args = ["-h", "-o", header, "-I", folder, join(folder, name)];
    const { status, error } = spawnSync(command, args, { timeout: 10_000 });
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
  const lines = texts.reduce((sum, text) => sum + countLines(text), 0);
  return {
    what: "generation of every package here, lines written",
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

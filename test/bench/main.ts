/** `node --conditions=source test/bench/main.ts [codec] [compiler] [rpc] [cluster] [--quick] [--only TEXT] [--json] [--write]` */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { formatCompilerRows, runCompilerSuite } from "./compiler/suite.ts";
import { formatCodecResults, runCodecSuite } from "./codec/suite.ts";
import { formatClusterResults } from "./cluster/report.ts";
import { runClusterSuite } from "./cluster/suite.ts";
import { formatCallResults } from "./rpc/report.ts";
import { runCallSuite } from "./rpc/suite.ts";

interface Report {
  readonly results: unknown;
  readonly markdown: string;
  readonly missed: readonly string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** A tenth of the rounds: to see that it works. */
    quick: { type: "boolean", default: false },
    /** Of the calls, those loads alone whose title has this in it. */
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
    /** Puts the tables into docs/benchmarks.md. */
    write: { type: "boolean", default: false },
  },
});

if (values.only !== "" && values.write) {
  console.error("--write puts whole tables into the page: leave --only out");
  process.exit(2);
}

/** Each prints its table and names what is below its target. */
const suites: Readonly<Record<string, (isQuick: boolean) => Promise<Report>>> = {
  async codec(isQuick) {
    const results = await runCodecSuite(isQuick ? 50 : 1000);
    return { results, ...formatCodecResults(results) };
  },
  async compiler(isQuick) {
    const results = runCompilerSuite(isQuick ? 1 : 3);
    return { results, markdown: formatCompilerRows(results), missed: [] };
  },
  async rpc(isQuick) {
    const results = await runCallSuite(values.only, isQuick ? 1 : 6, isQuick ? 200 : 400);
    return { results, ...formatCallResults(results) };
  },
  async cluster(isQuick) {
    const results = await runClusterSuite(isQuick ? 2 : 10, isQuick ? 0.2 : 1);
    return { results, ...formatClusterResults(results) };
  },
};

for (const name of positionals.length === 0 ? Object.keys(suites) : positionals) {
  const suite = suites[name];
  if (suite === undefined) {
    console.error(`There is no benchmark ${name}; there are: ${Object.keys(suites).join(", ")}`);
    process.exit(2);
  }
  const { results, markdown, missed } = await suite(values.quick);
  console.log(values.json ? JSON.stringify(results, null, 2) : markdown);
  for (const line of missed) console.error(`below target: ${line}`);
  if (missed.length > 0) process.exitCode = 1;
  if (values.write) writeSection(name, `${machine()}\n\n${markdown}`);
}

function machine(): string {
  return `Measured with Node ${process.version} on ${cpus()[0]?.model.trim() ?? "an unknown processor"}.`;
}

/** Replaces what stands between the suite's markers. */
function writeSection(suite: string, text: string): void {
  const path = new URL("../../docs/benchmarks.md", import.meta.url);
  const page = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- ${suite} -->`, `<!-- /${suite} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no section ${suite}`);
  writeFileSync(path, `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`);
}

/** `node --conditions=source test/bench/main.ts [codec] [--quick] [--json] [--write]` */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { formatCodecResults, runCodecSuite } from "./codec/suite.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** A tenth of the rounds: to see that it works. */
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    /** Puts the tables into docs/benchmarks.md. */
    write: { type: "boolean", default: false },
  },
});

const suites = positionals.length === 0 ? ["codec"] : positionals;
for (const suite of suites) {
  if (suite !== "codec") {
    console.error(`There is no benchmark ${suite}; there is: codec`);
    process.exit(2);
  }
  const results = await runCodecSuite(values.quick ? 50 : 1000);
  const { markdown, missed } = formatCodecResults(results);
  console.log(values.json ? JSON.stringify(results, null, 2) : markdown);
  for (const line of missed) console.error(`below target: ${line}`);
  if (missed.length > 0) process.exitCode = 1;
  if (values.write) writeSection(suite, `${machine()}\n\n${markdown}`);
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

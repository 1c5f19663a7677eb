/** Compares docs/conformance with what tests have seen, which comes as JSON by file on standard input; --write writes it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { observationOf } from "./observation.ts";
import { conformanceOf } from "./pages.ts";

const docs = join(import.meta.dirname, "../../../../docs/conformance");
const answers = JSON.parse(readFileSync(0, "utf8")) as Record<string, string[]>;
const seen = Object.entries(answers).flatMap(([file, texts]) =>
  texts.map((text) => [observationOf(text), file] as const),
);
const { pages, problems } = conformanceOf(seen);

if (process.argv.includes("--write")) {
  mkdirSync(docs, { recursive: true });
  for (const [name, text] of pages) writeFileSync(join(docs, name), text);
}
const stale = Array.from(pages, ([name, text]) => {
  const path = join(docs, name);
  const isAsItIs = existsSync(path) && readFileSync(path, "utf8") === text;
  return isAsItIs
    ? []
    : [`docs/conformance/${name} isn't what tests see: npx vitest run packages/cluster -u`];
}).flat();

for (const line of [...stale, ...problems]) console.error(`Conformance: ${line}`);
process.exitCode = stale.length + problems.length === 0 ? 0 : 1;

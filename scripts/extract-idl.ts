// Takes the IDL out of the appendices of the Open Specifications, as published, for checks at scale.
//
//   OPENSPECS=<clone or bare repository of their Markdown> node --conditions=source scripts/extract-idl.ts OUT
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { publishedIdl, type PublishedFile } from "@msrpc/cli";

/** Every file of IDL in the documents of a repository's newest commit, in order of document and section. */
export function extractAll(repository: string): PublishedFile[] {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", repository, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
  const documents = git("ls-tree", "-r", "--name-only", "HEAD")
    .split("\n")
    .filter((path) => /(^|\/)M[CS]-[A-Z0-9]+\.md$/.test(path))
    .toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1));
  return documents.flatMap((path) =>
    publishedIdl(basename(path, ".md"), git("show", `HEAD:${path}`)),
  );
}

if (import.meta.main) {
  const out = process.argv[2];
  const repository = process.env["OPENSPECS"];
  if (out === undefined || repository === undefined) {
    console.error("usage: OPENSPECS=<repository of the documents' Markdown> extract-idl.ts OUT");
    process.exit(2);
  }
  mkdirSync(out, { recursive: true });
  const files = extractAll(repository);
  for (const { name, text } of files) writeFileSync(join(out, name), text);
  console.log(`${files.length} files in ${out}`);
}

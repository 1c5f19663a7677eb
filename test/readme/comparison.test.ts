import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generatedInterfaces } from "../support/generated.ts";

const root = new URL("../../", import.meta.url);
const page = await readFile(new URL("docs/comparison.md", root), "utf8");
const readme = await readFile(new URL("README.md", root), "utf8");
const [tables = "", evidence = ""] = page.split("\n## Evidence\n");

/** The rows of all tables, headings left out. */
function rowsOf(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| -"));
  return lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const rows = rowsOf(tables).filter(([title]) => title !== "");
const referencesIn = (text: string) =>
  [...text.matchAll(/\[([a-z]\d+)\]/g)].map(([, name = ""]) => name);
/** What is said of each letter and number. */
const items = [...evidence.matchAll(/^- \[([a-z]\d+)\] (.+)$/gm)].map(
  ([, name = "", text = ""]) => ({
    name,
    text,
  }),
);

test("every cell of the comparison leads to evidence, or says that there is nothing to compare", () => {
  expect(rows.length).toBeGreaterThan(40);
  for (const [title, ...cells] of rows) {
    expect(cells, title).toHaveLength(6);
    for (const cell of cells) {
      if (cell === "–") continue;
      expect(referencesIn(cell), `${title}: ${cell}`).not.toEqual([]);
      expect(cell.replace(/\[.*/, "").trim(), title).not.toMatch(/^$|\?/);
    }
  }
});

test("evidence leads to a cell of its own column, and is there once", () => {
  const names = items.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
  expect(names.toSorted()).toEqual([...new Set(rows.flat().flatMap(referencesIn))].toSorted());
  const letters = ["m", "g", "s", "w", "i", "t"];
  for (const [title, ...cells] of rows)
    for (const [column, cell] of cells.entries())
      for (const name of referencesIn(cell))
        expect(name[0], `${title}: ${cell}`).toBe(letters[column]);
  for (const { text } of items)
    for (const name of referencesIn(text)) expect(names, text).toContain(name);
});

test("files and groups of checks of this repository that the comparison names are there", () => {
  const own = items
    .filter(({ name }) => name.startsWith("m"))
    .map(({ text }) => text)
    .join("\n");
  const spans = [...own.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
  const groups = spans
    .filter((span) => span.startsWith("pnpm interop"))
    .flatMap((span) => span.split(" ").slice(2))
    .map((group) => `test/interop/${group}.ts`);
  const paths = spans.filter((span) => /^[\w.-]+\/[\w./-]+$/.test(span));
  const links = [...page.matchAll(/\]\(([\w.-]+\.md)/g)].map(([, link]) => `docs/${link}`);
  expect(Math.min(groups.length, paths.length, links.length)).toBeGreaterThan(5);
  for (const path of [...groups, ...paths, ...links])
    expect(existsSync(new URL(path, root)), path).toBe(true);
});

test("the comparison counts the interfaces and operations that are generated", () => {
  const counts = new Map(
    generatedInterfaces().map(({ name, operations }) => [name, operations.size]),
  );
  const said = (title: string) =>
    Number.parseInt(rows.find(([first]) => first === title)?.[1] ?? "", 10);
  expect(said("Interfaces with it")).toBe(counts.size);
  expect(said("Operations with it")).toBe([...counts.values()].reduce((sum, count) => sum + count));
  expect(said("Operations of 3.0")).toBe(counts.get("clusapi3"));
  expect(said("Operations of 2.0")).toBe(counts.get("clusapi2"));
  const list = items.find(({ text }) => text.includes("epm 7"))?.text ?? "";
  const listed = [...list.matchAll(/(\w+) (\d+)[,.]/g)].map(([, name, count]) => [
    name,
    Number(count),
  ]);
  expect(new Map(listed as [string, number][])).toEqual(counts);
});

test("the README's rows of the comparison are rows of the page", () => {
  const short = rowsOf(readme.slice(readme.indexOf("## Beside other tools"))).filter(
    ([title]) => title !== "",
  );
  expect(short.length).toBeGreaterThanOrEqual(5);
  const plain = rows.map((row) => row.map((cell) => cell.replace(/ \[[a-z]\d+\]/g, "")));
  for (const row of short) expect(plain).toContainEqual(row);
});

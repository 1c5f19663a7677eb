/** Tarballs that docs/packages.md and its like tell to install: npm finds none of the others in the registry. */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
const scope = "@msrpc/";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifests = new Map(
  globSync(["packages/*/package.json", "generated/*/package.json"], { cwd: root }).map((file) => {
    const manifest = JSON.parse(readFileSync(root + file, "utf8")) as Manifest;
    return [manifest.name.slice(scope.length), manifest] as const;
  }),
);

/** What packages ask for of this repository that is not among them. */
function missing(names: readonly string[]): string[] {
  const asked = names.flatMap((name) => {
    const manifest = manifests.get(name);
    if (manifest === undefined) throw new Error(`there is no package ${name}`);
    return Object.keys(manifest.dependencies ?? {});
  });
  const own = asked
    .filter((name) => name.startsWith(scope))
    .map((name) => name.slice(scope.length));
  return [...new Set(own)].filter((name) => !names.includes(name));
}

const text = readFileSync(`${root}docs/packages.md`, "utf8");
const [, table = ""] = /\n\| for .*\n\|[- |]+\n((?:\|.*\n)+)/.exec(text) ?? [];
const rows = table
  .trimEnd()
  .split("\n")
  .map((row) => row.split("|").map((cell) => cell.trim()))
  .map(([, purpose = "", names = ""]) => ({
    purpose,
    names: Array.from(names.matchAll(/`([\w-]+)`/g), ([, name = ""]) => name),
  }));

test.each(rows)("the tarballs for $purpose ask for no others", ({ names }) => {
  expect(names).not.toEqual([]);
  expect(missing(names)).toEqual([]);
});

test("each package that people use stands in a row", () => {
  const said = new Set(rows.flatMap(({ names }) => names));
  const used = globSync("packages/*", { cwd: root }).map((folder) =>
    folder.slice("packages/".length),
  );
  expect(used.filter((name) => !said.has(name))).toEqual([]);
});

test("commands that install tarballs name all that these ask for", () => {
  const commands = globSync(["docs/*.md", "packages/*/README.md", "README.md"], {
    cwd: root,
  }).flatMap((file) =>
    Array.from(
      readFileSync(root + file, "utf8").matchAll(/npm install .*msrpc-\{([\w,-]+)\}/g),
      ([, names = ""]) => ({ file, missing: missing(names.split(",")) }),
    ),
  );
  expect(commands.length).toBeGreaterThan(1);
  expect(commands.filter(({ missing }) => missing.length > 0)).toEqual([]);
});

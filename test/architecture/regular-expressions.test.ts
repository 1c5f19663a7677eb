import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = new URL("../../packages/", import.meta.url).pathname;
/** Those that read what peers send. */
const serving = ["ndr", "rpc", "auth", "services", "registry", "service-control"].concat([
  "cluster-data",
  "cluster",
  "clusterd",
  "clusapi",
  "clusctl",
]);

const literal =
  /(?<=[(=,:?!&|] ?)\/(?<body>(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])*)\/(?<flags>[a-z]*)/g;

interface Expression {
  readonly body: string;
  readonly flags: string;
}

/** What ends with any number of something, and may begin at each of them: as many steps as their square. */
function isQuadratic({ body, flags }: Expression): boolean {
  // Where that is anything at all, the first one is the last.
  const isAnything = flags.includes("s") && body.endsWith(".*$");
  return /[+*]\??\$$/.test(body) && !/^(?:\^|\(\?<!)/.test(body) && !isAnything;
}

function expressionsIn(text: string): Expression[] {
  return Array.from(text.matchAll(literal), ({ groups }) => ({
    body: groups?.["body"] ?? "",
    flags: groups?.["flags"] ?? "",
  }));
}

test("an expression that looks for a row at the end begins at its first character alone", () => {
  const bad = expressionsIn(String.raw`a(/\0+$/, b = /[\r\n]*$/g, /%.*$/)`);
  expect(bad.filter(isQuadratic)).toHaveLength(3);
  const found = serving.flatMap((name) => {
    const folder = join(root, name, "src");
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) =>
        expressionsIn(readFileSync(join(folder, file), "utf8")).map((one) => ({ file, ...one })),
      );
  });
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter(isQuadratic)).toEqual([]);
});

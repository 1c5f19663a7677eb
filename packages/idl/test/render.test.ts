import { expect, test } from "vitest";
import { compile, memoryHost, type Compilation } from "../src/index.ts";
import { renderFrame, renderFrames, renderLine } from "../src/render/frame.ts";
import { renderJson } from "../src/render/json.ts";
import { renderSarif } from "../src/render/sarif.ts";

type Files = Readonly<Record<string, string>>;

const compiled = (files: Files, ...roots: string[]): Compilation =>
  compile(roots.length === 0 ? ["main.idl"] : roots, memoryHost(files));

const frames = (files: Files): string => {
  const { diagnostics, sources } = compiled(files);
  return renderFrames(diagnostics, sources);
};

test("a frame shows message, place, line, mark and hint", () => {
  expect(frames({ "main.idl": "typedef long A\ntypedef long B;\n" })).toBe(
    `error IDL1202: A \`;\` is missing after \`A\`.
  at main.idl:1:14
  1 | typedef long A
    |              ^
  hint: Add it behind \`A\`.
`,
  );
});

test("tabs before the mark stay tabs, so that it stands below its text", () => {
  expect(frames({ "main.idl": "\t\tconst\tlong A = 12x;" })).toContain(
    "  1 | \t\tconst\tlong A = 12x;\n    | \t\t     \t         ^^^\n",
  );
});

test("text of a macro is shown where it is used, with each macro's definition", () => {
  const text = "#define VALUE 1x\n#define OUTER VALUE\nconst long A = OUTER;\n";
  expect(frames({ "main.idl": text })).toBe(
    `error IDL1105: \`1x\` is no number.
  at main.idl:3:16
  3 | const long A = OUTER;
    |                ^^^^^
  in the expansion of macro \`OUTER\`: main.idl:2:15
  in the expansion of macro \`VALUE\`: main.idl:1:15
`,
  );
});

test("text of an include says from where it is included, link by link", () => {
  const files = {
    "main.idl": 'import "a.idl";\n',
    "a.idl": '\n#include "b.h"\n',
    "b.h": "const long A = 1x;",
  };
  expect(frames(files)).toBe(
    `error IDL1105: \`1x\` is no number.
  at b.h:1:16
  1 | const long A = 1x;
    |                ^^
  included from: a.idl:2:10
  included from: main.idl:1:8
`,
  );
});

test("related places have frames of their own", () => {
  const text = "#define N 1\n#define N 2\n";
  expect(frames({ "main.idl": text })).toContain(
    "  The first definition.\n  at main.idl:1:9\n  1 | #define N 1\n    |         ^\n",
  );
});

test("a long line is cut around the mark", () => {
  const text = `${"/* */ ".repeat(1000)}const long A = 1x; ${"/* */ ".repeat(1000)}`;
  const { diagnostics, sources } = compiled({ "main.idl": text });
  const [, , line = "", mark = ""] = renderFrames(diagnostics, sources).split("\n");
  expect(line.length).toBeLessThan(140);
  expect(line.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toBe("1x");
});

test("a diagnostic at the end of the file is marked there", () => {
  expect(frames({ "main.idl": "long f(long a" })).toContain("    |              ^\n");
});

test("colours appear only when asked for", () => {
  const { diagnostics, sources } = compiled({ "main.idl": "const long A = 1x;" });
  const [first] = diagnostics;
  if (first === undefined) throw new Error("no diagnostic");
  expect(renderFrame(first, sources)).not.toContain("\u001b");
  expect(renderFrame(first, sources, { color: true })).toContain(
    "\u001b[1;31merror IDL1105\u001b[0m",
  );
});

test("a line says place, severity, code and message", () => {
  const { diagnostics, sources } = compiled({ "main.idl": "const long A = 1x;" });
  expect(diagnostics.map((each) => renderLine(each, sources))).toEqual([
    "main.idl:1:16: error IDL1105: `1x` is no number.",
  ]);
});

test("JSON has every file asked for, with its diagnostics and their ranges", () => {
  const files = {
    "a.idl": "#define V 1x\nconst long A = V;",
    "b.idl": "const long B = 1;",
    "c.idl": "typedef long A\ntypedef long B;",
  };
  const { diagnostics, sources } = compiled(files, "a.idl", "b.idl", "c.idl");
  const report = renderJson(["a.idl", "b.idl", "c.idl"], diagnostics, sources);
  expect(JSON.parse(JSON.stringify(report))).toEqual({
    format: 1,
    files: [
      {
        path: "a.idl",
        diagnostics: [
          {
            code: "IDL1105",
            severity: "error",
            message: "`1x` is no number.",
            range: { start: { line: 2, column: 16 }, end: { line: 2, column: 17 } },
            origin: [
              {
                kind: "macro",
                name: "V",
                place: {
                  path: "a.idl",
                  start: { line: 1, column: 11 },
                  end: { line: 1, column: 13 },
                },
              },
            ],
          },
        ],
      },
      { path: "b.idl", diagnostics: [] },
      {
        path: "c.idl",
        diagnostics: [
          {
            code: "IDL1202",
            severity: "error",
            message: "A `;` is missing after `A`.",
            range: { start: { line: 1, column: 14 }, end: { line: 1, column: 15 } },
            hint: "Add it behind `A`.",
          },
        ],
      },
    ],
  });
});

test("SARIF names tool and rules, and places results in files", () => {
  const files = { "dir/a b.idl": "#define N 1\n#define N 2\nconst long A = 1x;" };
  const { diagnostics, sources } = compiled(files, "dir/a b.idl");
  const log = renderSarif(diagnostics, sources, { version: "1.2.3" });
  const region = (line: number, from: number, to: number): object => ({
    artifactLocation: { uri: "dir/a%20b.idl" },
    region: { startLine: line, startColumn: from, endLine: line, endColumn: to },
  });
  expect(log).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "msrpc",
            version: "1.2.3",
            rules: [
              { id: "IDL1012", defaultConfiguration: { level: "warning" } },
              { id: "IDL1105", defaultConfiguration: { level: "error" } },
            ],
          },
        },
        columnKind: "utf16CodeUnits",
        results: [
          {
            ruleId: "IDL1012",
            ruleIndex: 0,
            level: "warning",
            locations: [{ physicalLocation: region(2, 9, 10) }],
            relatedLocations: [
              { physicalLocation: region(1, 9, 10), message: { text: "The first definition." } },
            ],
          },
          {
            ruleId: "IDL1105",
            ruleIndex: 1,
            level: "error",
            message: { text: "`1x` is no number." },
            locations: [{ physicalLocation: region(3, 16, 18) }],
          },
        ],
      },
    ],
  });
});

test("a SARIF log is there when all is well", () => {
  const { diagnostics, sources } = compiled({ "main.idl": "const long A = 1;" });
  expect(renderSarif(diagnostics, sources).runs).toMatchObject([
    { tool: { driver: { rules: [] } }, results: [] },
  ]);
});

test("an absolute path is a file URI", () => {
  const { diagnostics, sources } = compiled({ "/x/a.idl": "const long A = 1x;" }, "/x/a.idl");
  const [result] = renderSarif(diagnostics, sources).runs[0]?.results ?? [];
  expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe("file:///x/a.idl");
});

test("rules of other packages are described when they are broken", () => {
  const { sources } = compiled({ "main.idl": "" });
  const span = { file: "main.idl", start: 0, end: 0 };
  const log = renderSarif([{ code: "X1", severity: "info", message: "m", span }], sources, {
    rules: [{ code: "X1", severity: "info", message: "m", explanation: "Because." }],
  });
  expect(log.runs[0]?.tool.driver.rules).toEqual([
    { id: "X1", shortDescription: { text: "Because." }, defaultConfiguration: { level: "note" } },
  ]);
});

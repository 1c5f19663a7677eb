import { describe, expect, it } from "vitest";
import * as semantics from "../src/catalogue/semantics.ts";
import * as syntax from "../src/catalogue/syntax.ts";
import {
  brokenFiles,
  diagnose,
  expectations,
  format,
  generatedFiles,
  record,
} from "./support/broken-files.ts";

/** Set to write what the compiler says now into the files; then read the difference. */
const isRecording = process.env["RECORD"] === "true";

describe("a broken file gives exactly the diagnostics written in it", () => {
  it.each(brokenFiles)("%s", (name) => {
    if (isRecording) record(name);
    const wanted = isRecording ? format(name) : expectations(name);
    expect(format(name)).toEqual(wanted);
    expect(wanted).not.toEqual([]);
  });
});

const rules = [...Object.values(syntax), ...Object.values(semantics)];

it("an interface has room for 65536 operations and says which one is too much", () => {
  expect(format("too-many-operations.idl")).toEqual([
    "// expect IDL2501 65538:6 `f65536` is more than the 65536 operations that interface `broken` can have.",
  ]);
});

it.each([
  ["too-many-tokens.idl", "IDL1304 1:1 This file is left out: it has more than 1000000 tokens."],
  [
    "too-many-characters.idl",
    "IDL1304 1:1 This file is left out: it has more than 16777216 characters.",
  ],
  ["utf-16.idl", "IDL1305 1:1 This file is in UTF-16, which is not read."],
])("%s is left out as a whole", (name, expected) => {
  expect(format(name)).toEqual([`// expect ${expected}`]);
});

it("a thousand diagnostics of a file are said, then how many are left out", () => {
  const said = format("too-many-diagnostics.idl");
  expect(said).toHaveLength(1001);
  expect(said.at(-1)).toBe(
    "// expect IDL1303 1001:1 3 more diagnostics of this file are left out, 3 of them errors.",
  );
});

it("every rule of the catalogue is broken by some file", () => {
  const seen = new Set(
    [...brokenFiles, ...generatedFiles].flatMap((name) => diagnose(name).map(({ code }) => code)),
  );
  expect(rules.map(({ code }) => code).filter((code) => !seen.has(code))).toEqual([]);
});

it("no two rules have one code", () => {
  const codes = rules.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)]);
});

it("every rule has an explanation of one line", () => {
  for (const { explanation } of rules) expect(explanation).toMatch(/^[^\n]{20,140}\.$/);
});

it("a message leaves no parameter unfilled", () => {
  for (const name of brokenFiles) {
    for (const { message, hint } of diagnose(name)) {
      expect(`${message} ${hint ?? ""}`).not.toMatch(/\{\w+\}/);
    }
  }
});

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

import { expect, test } from "vitest";
import { fileNameOf, folderOf, joinPath, memoryHost } from "../src/host.ts";

test("folder and name are split at either slash", () => {
  expect([folderOf("a/b/c.idl"), fileNameOf("a/b/c.idl")]).toEqual(["a/b", "c.idl"]);
  expect([folderOf("a\\c.idl"), fileNameOf("a\\c.idl")]).toEqual(["a", "c.idl"]);
  expect([folderOf("c.idl"), fileNameOf("c.idl")]).toEqual(["", "c.idl"]);
  expect(folderOf("/c.idl")).toBe("/");
});

test.each([
  ["a/b", "../c.idl", "a/c.idl"],
  ["a", "./b\\c.idl", "a/b/c.idl"],
  ["", "c.idl", "c.idl"],
  ["a", "/c.idl", "/c.idl"],
  ["a", "C:\\c.idl", "C:/c.idl"],
  ["..", "../c.idl", "../../c.idl"],
  ["/", "c.idl", "/c.idl"],
])("from %j, %j is %j", (folder, path, joined) => {
  expect(joinPath(folder, path)).toBe(joined);
});

test("a memory host has only its own files and finds them whatever their case", () => {
  const host = memoryHost({ "Dir/A.idl": "text" });
  expect(host.read("Dir/A.idl")).toBe("text");
  expect(host.read("toString")).toBeNull();
  expect(host.resolve("dir/b.idl", "a.IDL", [])).toBe("Dir/A.idl");
  expect(host.resolve("x.idl", "a.idl", ["no", "DIR"])).toBe("Dir/A.idl");
  expect(host.resolve("x.idl", "a.idl", [])).toBeNull();
});

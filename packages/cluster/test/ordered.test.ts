/** Maps that things are enumerated from by number, when a command that took something out of them fails. */
import { expect, test } from "vitest";
import { removeFrom } from "../src/registry/ordered.ts";

const entries = ["a", "b", "c"].map((key) => [key, { key }] as const);

test.each(["a", "b", "c"])("what was %s is put back where it was", (key) => {
  const map = new Map(entries);
  const putBack = removeFrom(map, key);
  expect([...map.keys()]).toEqual(["a", "b", "c"].filter((one) => one !== key));
  putBack();
  expect([...map]).toEqual(entries);
});

test("several are put back in turn, the last one first", () => {
  const map = new Map(entries);
  const undo = ["b", "a", "c"].map((key) => removeFrom(map, key));
  expect(map.size).toBe(0);
  for (const putBack of undo.toReversed()) putBack();
  expect([...map]).toEqual(entries);
});

test("what isn't there is neither taken out nor put back", () => {
  const map = new Map(entries);
  removeFrom(map, "x")();
  expect([...map]).toEqual(entries);
});

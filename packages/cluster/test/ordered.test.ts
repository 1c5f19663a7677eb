/** Maps that things are enumerated from by number, when a command that took something out of them fails. */
import { expect, test } from "vitest";
import { Removals } from "../src/registry/ordered.ts";

const entries = ["a", "b", "c"].map((key) => [key, { key }] as const);

test.each([["a"], ["b"], ["c"], ["b", "a"], ["b", "a", "c"], ["c", "b", "a"]])(
  "what was %s %s %s is put back where it was",
  (...keys) => {
    const map = new Map(entries);
    const removals = new Removals();
    const undo = keys.map((key) => removals.remove(map, key));
    expect([...map.keys()]).toEqual(["a", "b", "c"].filter((one) => !keys.includes(one)));
    for (const putBack of undo.toReversed()) putBack();
    removals.restoreOrder();
    expect([...map]).toEqual(entries);
  },
);

test("what was added in the meantime and is gone again leaves no trace", () => {
  const map = new Map<string, object>(entries);
  const removals = new Removals();
  map.set("d", {});
  const undo = ["d", "a"].map((key) => removals.remove(map, key));
  for (const putBack of undo.toReversed()) putBack();
  map.delete("d");
  removals.restoreOrder();
  expect([...map]).toEqual(entries);
});

test("what isn't there is neither taken out nor put back", () => {
  const map = new Map(entries);
  const removals = new Removals();
  removals.remove(map, "x")();
  removals.restoreOrder();
  expect([...map]).toEqual(entries);
});

/** A map that counts how often it is touched. */
class Counted extends Map<number, object> {
  steps = 0;
  override keys(): MapIterator<number> {
    this.steps += this.size;
    return super.keys();
  }
  override [Symbol.iterator](): MapIterator<[number, object]> {
    this.steps += this.size;
    return super[Symbol.iterator]();
  }
  override set(key: number, value: object): this {
    this.steps = (this.steps || 0) + 1;
    return super.set(key, value);
  }
}

/** What it takes to take all of so many entries out, the last ones first, and to put them back. */
function stepsFor(size: number): number {
  const map = new Counted(Array.from({ length: size }, (_, key) => [key, {}] as const));
  map.steps = 0;
  const removals = new Removals();
  const undo = Array.from(Array(size).keys(), (key) => removals.remove(map, size - 1 - key));
  for (const putBack of undo.toReversed()) putBack();
  removals.restoreOrder();
  return map.steps;
}

test("taking many out and putting them back grows with how many there are, and no faster", () => {
  expect(stepsFor(4000)).toBeLessThanOrEqual(4 * stepsFor(1000));
});

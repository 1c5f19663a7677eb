import { expect, test } from "vitest";
import { Recent } from "../src/capture/recent.ts";

test("entries are kept until they are taken", () => {
  const recent = new Recent<string>();
  expect(recent.keep("a", "A", 1)).toEqual([]);
  expect(recent.keep("b", "B", 1)).toEqual([]);
  expect(recent.take("a")).toBe("A");
  expect(recent.take("a")).toBeUndefined();
  expect(recent.values()).toEqual(["B"]);
});

test("the oldest go where what is kept is more than 1 MiB of stubs", () => {
  const recent = new Recent<number>();
  const gone: number[] = [];
  for (let at = 0; at < 10; at++) gone.push(...recent.keep(String(at), at, 300_000));
  expect(gone).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(recent.values()).toEqual([7, 8, 9]);
});

test("what was taken leaves room", () => {
  const recent = new Recent<number>();
  for (let at = 0; at < 100; at++) {
    expect(recent.keep("same", at, 900_000)).toEqual(at === 0 ? [] : [at - 1]);
    if (at % 2 === 0) expect(recent.keep("other", at, 100_000)).toEqual([]);
    recent.take("other");
  }
});

test("one that is too large by itself is not kept", () => {
  const recent = new Recent<string>();
  expect(recent.keep("a", "A", 2_000_000)).toEqual(["A"]);
  expect(recent.take("a")).toBeUndefined();
});

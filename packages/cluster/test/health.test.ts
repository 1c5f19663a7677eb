/** How running resources are looked at, by a clock that the test moves. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Looks, watchHealth } from "../src/hosting/health.ts";
import { never } from "../src/model/kinds.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Watched {
  readonly looks: { -readonly [K in keyof Looks]: Looks[K] };
  /** What looks find. */
  finds: boolean | "nothing" | "an error";
  /** When it was looked at, in milliseconds. */
  readonly looked: string[];
  failures: number;
  stop: () => void;
}

function watch(given: Partial<Looks> = {}): Watched {
  const start = Date.now();
  const look = (how: string) => (): boolean | Promise<boolean> => {
    watched.looked.push(`${how} ${Date.now() - start}`);
    if (watched.finds === "an error") throw new Error("no look");
    return watched.finds === "nothing" ? new Promise(() => {}) : watched.finds;
  };
  const watched: Watched = {
    looks: { looksAlive: 100, isAlive: never, deadlock: 1000, isMaintained: false, ...given },
    finds: true,
    looked: [],
    failures: 0,
    stop: () => {},
  };
  const running = {
    offline() {},
    terminate() {},
    looksAlive: look("looks"),
    isAlive: look("is"),
  };
  watched.stop = watchHealth(
    running,
    () => watched.looks,
    () => watched.failures++,
  );
  return watched;
}

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

test("each look has an interval of its own", async () => {
  const { looked } = watch({ isAlive: 250 });
  await pass(300);
  expect(looked).toEqual(["looks 100", "looks 200", "is 250", "looks 300"]);
});

test.each([false, "an error"] as const)("what finds %s has it fail, once", async (finds) => {
  const watched = watch({ isAlive: 100 });
  watched.finds = finds;
  await pass(1000);
  expect(watched.failures).toBe(1);
});

test("a look that takes longer than it may has found it dead", async () => {
  const watched = watch();
  watched.finds = "nothing";
  await pass(1099);
  expect(watched.failures).toBe(0);
  await pass(1);
  expect(watched).toMatchObject({ failures: 1, looked: ["looks 100"] });
});

test("nobody looks at what is in maintenance, and again when that has ended", async () => {
  const watched = watch({ isMaintained: true });
  watched.finds = false;
  await pass(1000);
  expect(watched).toMatchObject({ failures: 0, looked: [] });
  watched.looks.isMaintained = false;
  await pass(100);
  expect(watched.failures).toBe(1);
});

test("an interval that is changed counts from the next look on", async () => {
  const watched = watch();
  watched.looks.looksAlive = 300;
  await pass(500);
  expect(watched.looked).toEqual(["looks 100", "looks 400"]);
  watched.looks.looksAlive = never;
  await pass(1000);
  expect(watched.looked).toEqual(["looks 100", "looks 400", "looks 700"]);
});

test("nobody looks once it was told to stop", async () => {
  const watched = watch();
  watched.finds = "nothing";
  await pass(100);
  watched.stop();
  await pass(5000);
  expect(watched).toMatchObject({ failures: 0, looked: ["looks 100"] });
});

/** Waiting for news of an object. */
import { expect, test } from "vitest";
import { Waker } from "../src/objects/waker.ts";

/** Longer than any test. */
const forever = 2 ** 31 - 1;

test("news end a wait, again and again", async () => {
  const calls: (() => void)[] = [];
  await using waker = await Waker.open(() =>
    Promise.resolve({
      next: () => new Promise<void>((resolve) => calls.push(resolve)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  );
  expect(waker.isTold).toBe(true);
  for (let at = 0; at < 3; at++) {
    const waiting = waker.wait(forever, undefined);
    calls[at]?.();
    await waiting;
  }
  expect(calls).toHaveLength(3);
});

test("a call that waits goes on over several looks", async () => {
  let calls = 0;
  await using waker = await Waker.open(() =>
    Promise.resolve({
      next: () => new Promise<void>(() => void calls++),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  );
  await waker.wait(1, undefined);
  await waker.wait(1, undefined);
  expect(calls).toBe(1);
});

test("where there is no port, or it is lost, there is the clock", async () => {
  await using deaf = await Waker.open(() => Promise.reject(new Error("no ports")));
  expect(deaf.isTold).toBe(false);
  await deaf.wait(1, undefined);
  await using losing = await Waker.open(() =>
    Promise.resolve({
      next: () => Promise.reject(new Error("lost")),
      [Symbol.asyncDispose]: () => Promise.reject(new Error("lost")),
    }),
  );
  await losing.wait(forever, undefined);
  expect(losing.isTold).toBe(false);
  await losing.wait(1, undefined);
});

test("a signal ends a wait with its reason", async () => {
  await using waker = await Waker.open(() => Promise.reject(new Error("no ports")));
  const controller = new AbortController();
  const waiting = waker.wait(forever, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

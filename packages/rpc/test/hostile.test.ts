/** Peers that send what nobody should. A million such streams are an interop group. */
import { expect, test } from "vitest";
import { attackClient, attackServer, randomFrom } from "./support/hostile.ts";
import { attackGroup } from "./support/hostile-network.ts";

test("a server survives damaged streams, and serves others afterwards", async () => {
  const { ended, survived, mistakes } = await attackServer(3000, randomFrom(7));
  expect(mistakes).toEqual([]);
  expect(Math.min(ended, survived)).toBeGreaterThan(200);
});

test("a client survives damaged streams: its calls end, one way or the other", async () => {
  const { answered, ended, mistakes } = await attackClient(3000, randomFrom(11));
  expect(mistakes).toEqual([]);
  expect(Math.min(answered, ended)).toBeGreaterThan(500);
});

test("groups of connections with several security contexts survive damaged answers", async () => {
  const { answered, ended, survived, mistakes } = await attackGroup(400, randomFrom(13));
  expect(mistakes).toEqual([]);
  expect(Math.min(answered, ended, survived)).toBeGreaterThan(20);
});

/** Runtimes that are too old. */
import { createClient, createRouter, inMemoryTransport } from "@msrpc/rpc";
import { expect, onTestFinished, test } from "vitest";
import { sample } from "./sample.ts";

test("a runtime that is too old is told so, before the first call", () => {
  const router = createRouter({ onError: () => {} });
  const { withResolvers } = Promise;
  onTestFinished(() => void Object.assign(Promise, { withResolvers }));
  Object.assign(Promise, { withResolvers: undefined });
  expect(() => createRouter({ onError: () => {} })).toThrow("needs Node 22 or newer");
  expect(() => createClient(sample, inMemoryTransport(router))).toThrow("needs Node 22 or newer");
});

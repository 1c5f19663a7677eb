/** Clients that send nonsense don't fill the log. */
import { createLog } from "@msrpc/clusterd";
import { expect, onTestFinished, test } from "vitest";
import { connectionErrors } from "../src/connection-errors.ts";

function logged() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void =>
    void lines.push(JSON.parse(line) as Record<string, unknown>);
  const errors = connectionErrors(
    createLog({ format: "json", level: "warn", write, now: () => 0 }),
  );
  onTestFinished(() => errors[Symbol.dispose]());
  const say = (address: string): void =>
    errors.say(new Error("no PDU"), { address, endpoint: "135" });
  return { lines, errors, say };
}

test("of one address ten lines are said, then how many more there were, and then ten again", () => {
  const { lines, errors, say } = logged();
  for (let port = 1; port <= 1000; port++) say(`192.0.2.1:${port}`);
  say("[2001:db8::1]:7");
  expect(lines).toHaveLength(11);
  errors.count();
  expect(lines.slice(11)).toMatchObject([
    { event: "connection.errors", address: "192.0.2.1", count: 990 },
  ]);
  say("192.0.2.1:7");
  expect(lines).toHaveLength(13);
  errors.count();
  expect(lines).toHaveLength(13);
});

test("many addresses share a count", () => {
  const { lines, errors, say } = logged();
  for (let host = 0; host < 3000; host++) say(`192.0.${host >> 8}.${host & 255}:1`);
  expect(lines).toHaveLength(1000);
  errors.count();
  expect(lines.slice(1000)).toMatchObject([{ address: null, count: 2000 }]);
});

/** The log: a line for each thing that happened. */
import { createLog, type LogFormat, type Level } from "@msrpc/clusterd";
import { expect, test } from "vitest";

function logged(
  format: LogFormat,
  level: Level = "debug",
): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  return {
    lines,
    log: createLog({ format, level, write: (line) => lines.push(line), now: () => 0 }),
  };
}

test("a line of JSON has time, level, event, message and what else is known", () => {
  const { lines, log } = logged("json");
  log.warn("resource.error", "Resource R: gone", { resource: "R" });
  expect(lines).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","level":"warn","event":"resource.error","message":"Resource R: gone","resource":"R"}',
  ]);
});

test("what is below the level is left out", () => {
  const { lines, log } = logged("json", "warn");
  for (const say of [log.debug, log.info, log.warn, log.error]) say("e", "m");
  expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual([
    "warn",
    "error",
  ]);
});

test("what is very long is cut", () => {
  for (const format of ["json", "text"] as const) {
    const { lines, log } = logged(format);
    log.info("e", "m".repeat(1e6), { name: "n".repeat(1e6), short: "short" });
    expect(lines[0]?.length).toBeLessThan(5000);
    expect(lines[0]).toContain("m…");
    if (format === "json") expect(lines[0]).toMatch(/n…","short":"short"}$/);
  }
});

test("a message is one line, whatever is in it", () => {
  for (const format of ["json", "text"] as const) {
    const { lines, log } = logged(format);
    log.info("e", "one\r\ntwo\u001b[31m\u0085three");
    // eslint-disable-next-line no-control-regex
    expect(lines.join("\n")).not.toMatch(/[\u0000-\u001f\u0085]/);
    expect(lines).toHaveLength(1);
  }
});

/** What programs of resources say, and why they ended. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { file, folder, start } from "./support.ts";

/** A definition with a program of the shell. */
function withProgram(body: string): string {
  const resource = {
    name: "Ticker",
    type: "Generic Application",
    properties: { RestartAction: 0 },
    privateProperties: { CommandLine: file("ticker.sh", `#!/bin/sh\n${body}\n`) },
  };
  const groups = [{ name: "Jobs", online: true, resources: [resource] }];
  return file("definition.json", JSON.stringify({ groups }));
}

test("what a program prints is in the log, and so is why it ended", async () => {
  const daemon = start("--definition", withProgram("echo tick; echo no database >&2; exit 3"));
  const failed = await daemon.says("resource.state", { resource: "Ticker", state: "Failed" });
  expect(failed).toMatchObject({
    level: "warn",
    group: "Jobs",
    node: "node1",
    reason: expect.stringMatching(/ticker\.sh ended with 3: no database$/) as string,
  });
  expect(await daemon.says("resource.output", { stream: "stdout" })).toMatchObject({
    level: "info",
    resource: "Ticker",
    message: "Resource Ticker says: tick",
  });
  expect(await daemon.says("resource.output", { stream: "stderr" })).toMatchObject({
    message: "Resource Ticker says: no database",
  });
  expect(await daemon.says("resource.error")).toMatchObject({ resource: "Ticker" });
});

test("clients see why a resource failed, until it is online", async () => {
  const ready = join(folder(), "ready");
  const body = `[ -e ${ready} ] || exit 3; exec sleep 1000`;
  const daemon = start("--definition", withProgram(body));
  await daemon.says("resource.state", { resource: "Ticker", state: "Failed" });
  const cluster = await daemon.connect();
  const ticker = cluster.resource("Ticker");
  expect(await ticker.common.get()).toMatchObject({
    LastOperationStatusCode: 5038n,
    ResourceSpecificStatus: expect.stringMatching(/ended with 3$/) as string,
  });
  writeFileSync(ready, "");
  await ticker.online();
  expect(await ticker.common.get()).toMatchObject({
    LastOperationStatusCode: 0n,
    ResourceSpecificStatus: "",
  });
});

/** What operators add to what resources can be. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readOptions } from "@msrpc/clusterd";
import { expect, test } from "vitest";
import { typesOf } from "../src/hosting.ts";
import { anyPort, file, folder, namesOf, start } from "./support.ts";

const lockFile = new URL("../examples/lock-file.ts", import.meta.url).pathname;

test("a type is added in one file, with the properties of its resources", async () => {
  const path = join(folder(), "lock");
  const lock = {
    name: "L",
    type: "Lock File",
    properties: { LooksAlivePollInterval: 10, RestartAction: 0 },
    privateProperties: { Path: path },
  };
  const definition = { groups: [{ name: "G", online: true, resources: [lock] }] };
  const written = file("definition.json", JSON.stringify(definition));
  const daemon = start("--type", lockFile, "--definition", written);
  await daemon.says("resource.state", { resource: "L", state: "Online" });
  expect(existsSync(path)).toBe(true);
  rmSync(path);
  await daemon.says("resource.state", { resource: "L", state: "Failed" });
  const cluster = await daemon.connect();
  const formats = await cluster.resource("L").private.list();
  expect(formats).toMatchObject([{ name: "Path", value: path }]);
});

test("a cluster that is there gets the types that it hasn't", async () => {
  const store = join(folder(), "cluster.db");
  const first = start("--store", store);
  await first.says("started");
  await first.stop();
  const cluster = await start("--store", store, "--type", lockFile).connect();
  expect(await namesOf(cluster.resourceTypes())).toContain("Lock File");
});

test.each([
  ["that isn't there", "/nowhere/at-all.js", "Cannot find module"],
  ["without a type", file.bind(null, "empty.js", "export default {};"), "has no resource type"],
])("a module %s is refused", async (_, given, said) => {
  const path = typeof given === "string" ? given : given();
  const options = readOptions([...anyPort, "--type", path]);
  await expect(typesOf(options)).rejects.toThrow(said);
});

test("the README shows the type that the tests add", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(readFileSync(lockFile, "utf8"));
});

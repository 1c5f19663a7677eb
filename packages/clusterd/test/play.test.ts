/** Nodes that are taken down and up again, for tests of clients. */
import { expect, test } from "vitest";
import { file, start } from "./support.ts";

const definition = JSON.stringify({
  nodes: [{ name: "n1" }, { name: "n 2" }],
  groups: [
    {
      name: "Jobs",
      online: true,
      preferredOwners: ["n 2"],
      properties: { AutoFailbackType: 1 },
      resources: [{ name: "Name", type: "Network Name" }],
    },
  ],
});

/** What is answered to `POST`. */
async function post(url: unknown, path: string): Promise<readonly [number, string]> {
  const response = await fetch(`${String(url)}${path}`, { method: "POST" });
  return [response.status, await response.text()];
}

test("in test mode a node fails when it is told to, and its groups go elsewhere and come back", async () => {
  const options = ["--definition", file("definition.json", definition), "--test-mode"];
  const daemon = start(...options, "--metrics", "0");
  const { url } = await daemon.says("metrics");
  const cluster = await daemon.connect({});
  expect(await cluster.group("Jobs").status()).toEqual({ state: "Online", owner: "n 2" });
  expect(await post(url, "/nodes/n%202/down")).toEqual([200, "n 2 is down\n"]);
  expect(await cluster.node("n 2").state()).toBe("Down");
  expect(await cluster.group("Jobs").status()).toEqual({ state: "Online", owner: "n1" });
  expect(await post(url, "/nodes/n%202/up")).toEqual([200, "n 2 is up\n"]);
  expect(await cluster.node("n 2").state()).toBe("Up");
  expect(await cluster.group("Jobs").status()).toEqual({ state: "Online", owner: "n 2" });
});

test("only nodes that are played go down", async () => {
  const options = ["--definition", file("definition.json", definition), "--test-mode"];
  const { url } = await start(...options, "--metrics", "0").says("metrics");
  expect((await post(url, "/nodes/n1/down"))[0]).toBe(409);
  expect((await post(url, "/nodes/n7/down"))[0]).toBe(404);
  expect((await post(url, "/nodes/%ff/down"))[0]).toBe(404);
  expect((await post(url, "/nodes"))[0]).toBe(404);
});

test("without test mode nobody takes nodes down", async () => {
  const daemon = start("--definition", file("definition.json", definition), "--metrics", "0");
  const { url } = await daemon.says("metrics");
  expect((await post(url, "/nodes/n%202/down"))[0]).toBe(405);
  expect(await (await daemon.connect()).node("n 2").state()).toBe("Up");
});

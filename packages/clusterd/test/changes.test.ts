/** What the log says of objects. */
import { expect, test } from "vitest";
import { file, start } from "./support.ts";

const definition = {
  nodes: [{ name: "n1" }, { name: "n2" }],
  groups: [
    {
      name: "G",
      online: true,
      resources: [
        { name: "back", type: "Network Name" },
        { name: "front", type: "Network Name", dependsOn: ["back"] },
      ],
    },
  ],
};

test("a group that waits for others to start says so, in the log and as a metric", async () => {
  const resources = (name: string): object[] => [{ name, type: "Network Name" }];
  const groups = [
    { name: "Front", online: true, dependsOnSet: "Back", resources: resources("f") },
    { name: "Base", online: true, resources: resources("b") },
  ];
  const groupSets = [{ name: "Back", groups: ["Base"], properties: { StartupDelay: 3600 } }];
  const written = file("definition.json", JSON.stringify({ groups, groupSets }));
  const daemon = start("--definition", written, "--metrics", "0");
  expect(await daemon.says("group.waiting")).toMatchObject({ group: "Front", for: "Back" });
  const { url } = await daemon.says("metrics");
  const metrics = await (await fetch(`${String(url)}/metrics`)).text();
  expect(metrics).toContain("\nclusterd_groups_waiting 1\n");
});

test("each state of a resource is said once, as it was then, with its group and node", async () => {
  const daemon = start("--definition", file("definition.json", JSON.stringify(definition)));
  const cluster = await daemon.connect();
  const before = daemon.log.length;
  await cluster.group("G").moveTo("n2");
  const after = daemon.log.slice(before).filter(({ event }) => event === "resource.state");
  const said = after.map(({ resource, state, group, node }) => [resource, state, group, node]);
  const of = (name: string): unknown => said.filter(([resource]) => resource === name);
  const states = ["OfflinePending", "Offline", "OnlinePending", "Online"];
  expect(of("front")).toEqual(
    states.map((state, at) => ["front", state, "G", at < 2 ? "n1" : "n2"]),
  );
  expect(of("back")).toEqual(states.map((state, at) => ["back", state, "G", at < 2 ? "n1" : "n2"]));
});

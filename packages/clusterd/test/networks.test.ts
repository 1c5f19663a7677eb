/** Networks of this machine, and of others that nobody reaches. */
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { file, start } from "./support.ts";

test("--local-networks has the cluster on the networks of this machine, which are up", async () => {
  const daemon = start("--local-networks");
  const cluster = await daemon.connect();
  const own = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.map(({ address }) => address),
  );
  const addresses: unknown[] = [];
  for await (const one of cluster.netInterfaces()) {
    addresses.push((await one.common.get())["Address"]);
  }
  expect(addresses.length).toBeGreaterThan(0);
  expect(own).toEqual(expect.arrayContaining(addresses));
});

test("--probe-networks finds that an interface of this node isn't there", async () => {
  const definition = {
    properties: { SameSubnetDelay: 250 },
    networks: [
      {
        name: "N",
        address: "192.0.2.0",
        addressMask: "255.255.255.0",
        interfaces: [{ name: "I", node: "node1", address: "192.0.2.1" }],
      },
    ],
  };
  const daemon = start(
    "--probe-networks",
    "--definition",
    file("d.json", JSON.stringify(definition)),
  );
  await daemon.says("netInterface.state", { netInterface: "I", state: "Failed" });
  await daemon.says("network.state", { network: "N", state: "Down" });
});

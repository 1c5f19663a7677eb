// Clients of others manage a cluster of ours: rpcclient, smbtorture and Samba's generic one.
import { check, demand, expectNone } from "../support/report.ts";
import { captureClients } from "./capture.ts";
import { commandCount, runCommands } from "./rpcclient.ts";
import { startCluster } from "./server.ts";
import { cannotPass, torture } from "./torture.ts";
import { callVersion2 } from "./version2.ts";

/** `address`: where the cluster is to have port 135. */
export async function serveClients(address: string): Promise<void> {
  for (const mechanism of ["ntlm", "spnego"]) {
    await check(`rpcclient's commands, by our endpoint mapper, sealed (${mechanism})`, async () => {
      await using server = await startCluster(address);
      expectNone(await runCommands(address, `seal,${mechanism}`));
      expectNone(server.errors.map(String));
      return `${commandCount} commands`;
    });
  }
  await check("smbtorture's tests of clusters", async () => {
    await using server = await startCluster(address);
    const { passed, others } = await torture(address, "seal");
    const known = Object.keys(cannotPass);
    expectNone([
      ...Array.from(others)
        .filter(([name]) => !known.includes(name))
        .map(([name, said]) => `${name}: ${said}`),
      ...known.filter((name) => !others.has(name)).map((name) => `${name} passes: take it off`),
      ...server.errors.map(String),
    ]);
    demand(passed.length > 60, `only ${passed.length} passed`);
    return `${passed.length} pass, ${others.size} can't`;
  });
  await check("Samba's generic client binds version 2.0 and gets its octets", async () => {
    await using server = await startCluster(address);
    return await callVersion2(address, server.port, "seal");
  });
  await check("Wireshark reads all of it, signed", () => captureClients(address));
}

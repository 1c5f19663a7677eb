// Wireshark reads what rpcclient and our server say to each other, signed and in the clear.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureTo } from "@msrpc/rpc/capture";
import { demand, expectNone } from "../support/report.ts";
import { inspect } from "../support/tshark.ts";
import { runCommands } from "./rpcclient.ts";
import { startCluster } from "./server.ts";
import { callVersion2 } from "./version2.ts";

/** Samba fills the last string of a request up, and the dissector doesn't know what for. */
const known = /Long frame: OpenResource request/;

/** Every command at integrity level, and version 2.0. Throws what Wireshark finds wrong. */
export async function captureClients(address: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "msrpc-cluster-capture-"));
  const file = join(folder, "clients.pcapng");
  try {
    const capture = captureTo(file);
    let ports: number[];
    {
      await using server = await startCluster(address, "integrity");
      ports = [135, server.port];
      expectNone(await runCommands(address, "sign,ntlm"));
      expectNone(await runCommands(address, "sign,spnego"));
      await callVersion2(address, server.port, "sign");
    }
    await capture.close();
    const { malformed, experts, rows } = inspect(file, ports);
    expectNone(malformed.map(({ frame, info }) => `frame ${frame} is malformed: ${info}`));
    const said = experts.map(({ frame, message, info }) => `frame ${frame}: ${message}: ${info}`);
    expectNone(said.filter((text) => !known.test(text)));
    const dissected = rows.filter(({ protocol }) => protocol === "CLUSAPI").length;
    demand(dissected > 100, `only ${dissected} PDUs of clusters`);
    return `${dissected} of ${rows.length} PDUs are a cluster's`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Samba's generic client calls clusapi 2.0, and what each answer is, octet by octet.
import { runAside } from "../rpc/run-aside.ts";
import { demand } from "../support/report.ts";
import { alice } from "../../support/accounts.ts";

/** A referent id: any but 0. */
const pointer = "(?!0{8})[0-9a-f]{8}";
const success = u32(0);
const handle = `0{8}[0-9a-f]{32}`;

function u32(value: number): string {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(value);
  return octets.toString("hex");
}

/** A conformant varying string, and the octets up to what follows it. */
function text(value: string): string {
  const octets = Buffer.from(`${value}\0`, "utf16le");
  const padding = "00".repeat(-octets.length & 3);
  const count = u32(octets.length / 2);
  return `${count}${u32(0)}${count}${octets.toString("hex")}${padding}`;
}

const answers: Readonly<Record<string, string>> = {
  GetClusterName: pointer + text("cluster1") + pointer + text("node1") + success,
  GetClusterVersion: `0a000000[0-9a-f]{8}${pointer}${text("Microsoft(R) Cluster service")}${pointer}${text("")}${success}`,
  CreateEnum:
    `${pointer}${u32(2)}${u32(2)}${u32(1)}${pointer}${u32(1)}${pointer}` +
    text("node1") +
    text("CTDB_NODE_0") +
    success,
  OpenGroup: success + handle,
  GetGroupState: u32(0) + pointer + text("node1") + success,
  DeleteGroup: u32(145),
  CloseGroup: u32(0).repeat(5) + success,
};

/** Throws what is wrong. */
export async function callVersion2(
  address: string,
  port: number,
  protection: "seal" | "sign",
): Promise<string> {
  const script = new URL("version2.py", import.meta.url).pathname;
  const args = [script, address, String(port), protection, alice.user, alice.password];
  const { status, stdout, stderr } = await runAside("/usr/bin/python3", args);
  demand(status === 0, stderr.trim().split("\n").slice(-3).join("\n"));
  const given = JSON.parse(stdout) as Readonly<Record<string, string>>;
  for (const [operation, wanted] of Object.entries(answers)) {
    const octets = given[operation] ?? "";
    demand(new RegExp(`^${wanted}$`).test(octets), `${operation} answers ${octets}, not ${wanted}`);
  }
  return `${Object.keys(answers).length} operations`;
}

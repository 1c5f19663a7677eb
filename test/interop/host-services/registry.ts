// MS-RRP: impacket, Samba's Python and smbtorture work with a registry of ours.
import { aliceOfSamba } from "../../support/accounts.ts";
import { check, demand } from "../support/report.ts";
import { ask, equal, type Host } from "./serve.ts";
import { torture } from "./torture.ts";

const acme = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme";

/** What both scripts have to get. */
const expected = {
  text: [1, "1.0"],
  default: [1, "default"],
  number: [4, 7],
  large: [11, 2 ** 40],
  texts: [7, ["a", "b"]],
  octets: [3, "01020304"],
  values: ["Version", "", "Number", "Large", "Names", "Octets"],
  keys: ["Tool"],
  counts: [1, 6],
  missing: "ERROR_FILE_NOT_FOUND",
  made: ["New", "Kind", 1, 2],
  written: [3, "09080706"],
  long: 5000,
  descriptor: true,
  deleted: "ERROR_FILE_NOT_FOUND",
  closed: "nca_s_fault_context_mismatch",
  version: 6,
};

export async function checkRegistry(host: Host): Promise<void> {
  host.registry.add({
    [acme]: {
      Version: "1.0",
      "": "default",
      Number: 7,
      Large: 2n ** 40n,
      Names: ["a", "b"],
      Octets: Uint8Array.of(1, 2, 3, 4),
    },
    [`${acme}\\Tool`]: { A: 1 },
  });
  // smbtorture wants these of Windows.
  host.registry.add({
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion": {
      CurrentVersion: "6.3",
      SystemRoot: "C:\\Windows",
    },
  });
  for (const [who, script] of [
    ["impacket (rrp.py)", "impacket-registry.py"],
    ["Samba's Python (samba.dcerpc.winreg)", "samba-registry.py"],
  ] as const) {
    await check(`${who} reads, writes, enumerates and deletes keys and values`, async () => {
      const theirs = (await ask(host, script)) as Record<string, unknown>;
      for (const [what, ours] of Object.entries(expected)) equal(what, theirs[what], ours);
      const left = host.registry.key(acme).subkey("New");
      demand(left === null, "it left a key behind");
      return `${Object.keys(expected).length} answers`;
    });
  }
  await torture(host.address, "rpc.winreg", aliceOfSamba);
}

// MS-SCMR: impacket, Samba's Python and smbtorture work with services of ours.
import { accepts, serviceStates } from "@msrpc/service-control";
import { aliceOfSamba } from "../../support/accounts.ts";
import { check, demand } from "../support/report.ts";
import { ask, equal, type Host } from "./serve.ts";
import { torture } from "./torture.ts";

const { stopped, running, paused } = serviceStates;

/** What both scripts have to get. */
const expected = {
  listed: [
    ["Base", "Base service", running],
    ["Spooler", "Print Spooler", stopped],
  ],
  config: [16, 3, 1, "C:\\spool.exe", "Base", "LocalSystem", "Print Spooler"],
  names: ["Print Spooler", "Spooler"],
  states: [stopped, running, paused, running, stopped],
  dependents: ["Spooler"],
  busy: "ERROR_DEPENDENT_SERVICES_RUNNING",
  missing: "ERROR_SERVICE_DOES_NOT_EXIST",
  made: [16, 2, 0, "C:\\made.exe", "", "LocalSystem", "Made"],
  changed: [3, "Changed"],
  exists: "ERROR_SERVICE_EXISTS",
  descriptor: true,
  locked: "ERROR_SERVICE_DATABASE_LOCKED",
  deleted: "ERROR_SERVICE_DOES_NOT_EXIST",
};

/** What Samba's Python can't ask, and why. */
const sambaOmits = {
  names: "its IDL has a pointer to the length of the buffer, which is none in the document",
  changed: "its module takes dependencies neither as a list nor as anything else",
};

export async function checkServices(host: Host): Promise<void> {
  const { services } = host;
  const report = { state: running, accepts: accepts.stop, exitCode: 0 };
  services.add({ name: "Base", displayName: "Base service", report });
  services.add({
    name: "Spooler",
    displayName: "Print Spooler",
    binaryPath: "C:\\spool.exe",
    dependencies: ["Base"],
    program: { accepts: accepts.stop | accepts.pauseContinue },
  });
  for (const [who, script, omitted] of [
    ["impacket (scmr.py)", "impacket-services.py", {}],
    ["Samba's Python (samba.dcerpc.svcctl)", "samba-services.py", sambaOmits],
  ] as const) {
    await check(`${who} lists, starts, stops, makes and deletes services`, async () => {
      const theirs = (await ask(host, script)) as Record<string, unknown>;
      const asked = Object.entries(expected).filter(([what]) => !Object.hasOwn(omitted, what));
      for (const [what, ours] of asked) equal(what, theirs[what], ours);
      demand(services.services.size === 2, "it left a service behind");
      return `${asked.length} answers`;
    });
  }
  // smbtorture starts this one, and wants it to run already.
  services.find("Spooler")?.report({ state: running });
  await torture(host.address, "rpc.svcctl", aliceOfSamba);
}

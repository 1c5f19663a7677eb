// Calls and references of DCOM against impacket's, octet by octet, and in a capture that Wireshark reads.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Bindings,
  dualStringArrayOf,
  newCall,
  type Objref,
  readObjref,
  writeObjref,
} from "@msrpc/dcom";
import { iActivation, iObjectExporter, iRemoteScmActivator, iRemUnknown2 } from "@msrpc/ms-dcom";
import { NdrReader, NdrWriter } from "@msrpc/ndr";
import { type AnyOperation, createClient, createRouter } from "@msrpc/rpc";
import { captureTo } from "@msrpc/rpc/capture";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { hex } from "../support/hex.ts";
import { run } from "./support/command.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand, expectNone } from "./support/report.ts";
import { inspect } from "./support/tshark.ts";

needPackages("python3-impacket", "tshark");

const cid = "01020304-0506-0708-090a-0b0c0d0e0f10";
const ipid = "11121314-1516-1718-191a-1b1c1d1e1f20";
const iid = "00000131-0000-0000-c000-000000000046";
const clsid = "0000033c-0000-0000-c000-000000000046";
const oxid = 0x1122334455667788n;
const orpcThis = newCall({ major: 5, minor: 7 }, cid);
const orpcThat = { flags: 0, extensions: null };
const bindings: Bindings = {
  strings: [{ towerId: 7, networkAddress: "node1[49152]" }],
  securities: [{ authenticationService: 10, principalName: "" }],
};
const std = { flags: 0x1000, publicRefs: 5, oxid, oid: 0x99aabbccddeeff00n, ipid };
const interfaceRefs = [{ ipid, publicRefs: 5, privateRefs: 1 }];
const requestedProtseqs = [7, 15];
const { remQueryInterface, remAddRef, remRelease } = iRemUnknown2.operations;
const { resolveOxid2 } = iObjectExporter.operations;
const { remoteCreateInstance } = iRemoteScmActivator.operations;

/** What impacket encodes as well, as values of ours. */
const requests: Readonly<Record<string, readonly [AnyOperation, object]>> = {
  query: [remQueryInterface, { orpcThis, ipid, refCount: 5, iids: [iid, clsid] }],
  addRef: [remAddRef, { orpcThis, interfaceRefs }],
  release: [remRelease, { orpcThis, interfaceRefs }],
  resolve: [resolveOxid2, { oxid, requestedProtseqs }],
  create: [remoteCreateInstance, { orpcThis, outer: null, actProperties: null }],
};
const objrefs: Readonly<Record<string, Objref>> = {
  standard: { iid, kind: "standard", std, bindings },
  handler: { iid, kind: "handler", std, clsid, bindings },
  custom: { iid, kind: "custom", clsid, data: Uint8Array.of(1, 2, 3, 4, 5) },
};
const extended = writeObjref({
  iid,
  kind: "extended",
  std,
  bindings,
  contextId: clsid,
  context: Uint8Array.of(1, 2, 3),
});

/** What impacket reads of ours. */
const responses: Readonly<Record<string, readonly [AnyOperation, object, object]>> = {
  query: [
    remQueryInterface,
    { orpcThis, ipid, refCount: 5, iids: [iid] },
    { orpcThat, results: [{ result: 0, std }], returnValue: 0 },
  ],
  resolve: [
    resolveOxid2,
    { oxid, requestedProtseqs },
    {
      oxidBindings: dualStringArrayOf(bindings),
      remUnknownIpid: ipid,
      authnHint: 6,
      comVersion: { major: 5, minor: 7 },
      returnValue: 0,
    },
  ],
  create: [
    remoteCreateInstance,
    { orpcThis, outer: null, actProperties: null },
    { orpcThat, actProperties: { objref: Uint8Array.of(9, 8, 7) }, returnValue: 0 },
  ],
};

function written(write: (w: NdrWriter) => void): string {
  const writer = new NdrWriter();
  write(writer);
  return hex(writer.finish());
}

/** Whether octets are the same but for gaps, which impacket fills. */
function isSame(ours: string, other: string | undefined): boolean {
  const [a, b] = [ours, other ?? ""].map((text) => Buffer.from(text, "hex"));
  return (
    a!.length === b!.length &&
    a!.every((octet, i) => octet === b![i] || (octet === 0 && b![i] === 0xce))
  );
}

const answers = Object.fromEntries(
  Object.entries(responses).map(([name, [operation, request, response]]) => [
    name,
    written((w) => operation.encodeResponse(w, response, request)),
  ]),
);
const script = new URL("dcom/impacket-orpc.py", import.meta.url).pathname;
const input = `${JSON.stringify(answers)}\n`;
const [theirs = "{}", understood = "{}"] = run("/usr/bin/python3", [script], { input }).split("\n");
const encoded = JSON.parse(theirs) as Record<string, string>;

await check("impacket writes the same calls of objects and of the object resolver", () => {
  const findings = Object.entries(requests).flatMap(([name, [operation, request]]) => {
    const ours = written((w) => operation.encodeRequest(w, request));
    const reader = new NdrReader(new Uint8Array(Buffer.from(encoded[name] ?? "", "hex")));
    const back = written((w) => operation.encodeRequest(w, operation.decodeRequest(reader)));
    const same = isSame(ours, encoded[name]) && back === ours;
    return same ? [] : [`${name}: ours ${ours}, read and written ${back}, theirs ${encoded[name]}`];
  });
  expectNone(findings);
  return `${Object.keys(requests).length} requests with ORPCTHIS`;
});

await check("impacket writes the same references to objects", () => {
  const findings = Object.entries(objrefs).flatMap(([name, objref]) => {
    const octets = new Uint8Array(Buffer.from(encoded[name] ?? "", "hex"));
    const ours = hex(writeObjref(objref));
    const back = hex(writeObjref(readObjref(octets)));
    const same = ours === encoded[name] && back === ours;
    return same ? [] : [`${name}: ours ${ours}, read and written ${back}, theirs ${encoded[name]}`];
  });
  expectNone(findings);
  return Object.keys(objrefs).join(", ");
});

await check("impacket reads our answers with ORPCTHAT", () => {
  const { units, securityOffset } = dualStringArrayOf(bindings);
  const octetsOf = (uuid: string): string => written((w) => w.uuid(uuid, ""));
  const expected = {
    query: [0, 0, 5, "0x99aabbccddeeff00", octetsOf(ipid), 0],
    resolve: [units, securityOffset, octetsOf(ipid), 6, 7, 0],
    create: ["090807", 0],
  };
  const found = JSON.parse(understood) as Record<string, unknown>;
  expectNone(
    Object.entries(expected).flatMap(([name, values]) => {
      const [ours, other] = [JSON.stringify(values), JSON.stringify(found[name])];
      return ours === other ? [] : [`${name}: ${other}, and not ${ours}`];
    }),
  );
  return Object.keys(expected).join(", ");
});

const folder = mkdtempSync(join(tmpdir(), "dcom-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

await check("Wireshark reads calls of objects between our client and our server", async () => {
  const file = join(folder, "dcom.pcapng");
  const pointers = [...Object.values(objrefs).map(writeObjref), extended];
  // Wireshark steps over the data of a custom one only where it knows the class.
  const known = pointers.slice(0, 2);
  const router = createRouter({ onError: (error) => console.log(String(error)) });
  router.serve(iRemUnknown2, {
    remQueryInterface: () => ({ orpcThat, results: [{ result: 0, std }] }),
    remAddRef: () => ({ orpcThat, results: [0] }),
    remRelease: () => ({ orpcThat }),
    remQueryInterface2: ({ iids }) => ({
      orpcThat,
      statuses: iids.map(() => 0),
      interfacePointers: pointers.slice(0, iids.length).map((objref) => ({ objref })),
    }),
  });
  router.serve(iActivation, {
    remoteActivation: ({ mode }) => ({
      orpcThat,
      oxid,
      oxidBindings: dualStringArrayOf(bindings),
      remUnknownIpid: ipid,
      authnHint: 6,
      serverVersion: { major: 5, minor: 7 },
      result: 0,
      interfaceData: known.slice(mode, mode + 1).map((objref) => ({ objref })),
      results: [0],
    }),
  });
  const seen: string[] = [];
  const capture = captureTo(file, { filter: ({ role }) => role === "client" });
  const server = tcpServer(router);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  {
    await using transport = tcpTransport(binding, { object: ipid, syntaxes: ["ndr"] });
    const client = createClient(iRemUnknown2, transport);
    const iids = pointers.map(() => iid);
    const queried = await client.remQueryInterface2({ orpcThis, ipid, iids });
    for (const pointer of queried.interfacePointers) seen.push(readObjref(pointer!.objref).kind);
    await client.remQueryInterface({ orpcThis, ipid, refCount: 5, iids: [iid] });
    await client.remAddRef({ orpcThis, interfaceRefs });
    await client.remRelease({ orpcThis, interfaceRefs });
    const activator = createClient(iActivation, transport);
    // Wireshark takes the pointers of an array with what they point to, so one by one.
    for (const mode of known.keys()) {
      const target = { clsid, objectName: null, objectStorage: null, clientImpLevel: 2, mode };
      await activator.remoteActivation({ orpcThis, ...target, iids: [iid], requestedProtseqs });
    }
  }
  await server.close();
  await capture.close();
  demand(seen.join() === "standard,handler,custom,extended", `references: ${seen.join()}`);
  const port = Number(/\[(\d+)\]$/.exec(binding)?.[1]);
  const { malformed, experts, rows } = inspect(file, [port]);
  expectNone([
    ...malformed.map(({ frame, info }) => `frame ${frame} is malformed: ${info}`),
    ...experts.map(({ frame, message }) => `frame ${frame}: ${message}`),
  ]);
  const shown = (field: string): string[] =>
    run("tshark", [
      "-n",
      "-2",
      "-r",
      file,
      "-d",
      `tcp.port==${port},dcerpc`,
      "-T",
      "fields",
      "-e",
      field,
    ])
      .split("\n")
      .filter((line) => line !== "");
  // Of the calls whose parameters it knows.
  const causalities = shown("dcom.this.uuid");
  demand(causalities.length === 4, `${causalities.length} calls have a causality identifier`);
  expectNone(causalities.filter((found) => found !== cid).map((found) => `cid ${found}`));
  expectNone(shown("dcerpc.obj_id").filter((found) => found !== ipid));
  const kinds = shown("dcom.objref.flags").join();
  demand(kinds === "0x00000001,0x00000002", `kinds of references: ${kinds}`);
  const addresses = shown("dcom.dualstringarray.network_addr").join();
  demand(addresses === "node1[49152],".repeat(4).slice(0, -1), `addresses: ${addresses}`);
  return `${rows.length} PDUs, ${causalities.length} with ORPCTHIS`;
});

// Samba's own client and server, recorded, decoded, held against Wireshark, and replayed; and called by name from IDL.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ntHashOf, ntlmWatcher, Secret } from "@msrpc/auth";
import { run as msrpc } from "@msrpc/cli";
import { pduFlags, pduTypes } from "@msrpc/rpc/pdu";
import { followCapture, type FollowedMessage } from "@msrpc/rpc/follow";
import { hex } from "../support/hex.ts";
import { sambaUser, startSamba } from "./rpc/samba-server.ts";
import { runAside } from "./rpc/run-aside.ts";
import { run } from "./support/command.ts";
import { command, terminal } from "./support/msrpc.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand, expectNone } from "./support/report.ts";
import { inspect } from "./support/tshark.ts";

needPackages("samba", "samba-common-bin", "python3-samba", "tshark");

const [sambaAddress, ourAddress] = ["127.0.0.70", "127.0.0.71"];
const folder = mkdtempSync(join(tmpdir(), "tools-"));
const idl = ["--idl", "idl/dce-rpc/epm.idl", "--idl", "idl/dce-rpc/mgmt.idl"];
const script = new URL("tools/samba-client.py", import.meta.url).pathname;

interface Said {
  readonly annotations: readonly string[];
  readonly interfaces: readonly string[];
}

/** What Samba's client gets over a binding with these options. */
async function askAs(binding: string, options: string, hasUser: boolean): Promise<Said> {
  const { user, domain, password } = sambaUser;
  const account = hasUser ? [user, domain, password] : ["", "", ""];
  const to = binding.replace("]", `${options}]`);
  const { status, stdout, stderr } = await runAside("/usr/bin/python3", [script, to, ...account]);
  demand(status === 0, `Samba's client: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Said;
}

/** Runs Samba's client through `msrpc record`. */
async function record(file: string, options: string, hasUser: boolean): Promise<Said> {
  const { io, printed, interrupt, listening } = terminal();
  const listen = `ncacn_ip_tcp:${ourAddress}[0]`;
  const to = `ncacn_ip_tcp:${sambaAddress}[135]`;
  const ended = msrpc(["record", file, "--listen", listen, "--to", to], io);
  const said = await askAs(await listening, options, hasUser);
  interrupt();
  demand((await ended) === 0, printed.err);
  return said;
}

interface Call {
  readonly operation: string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly problems?: readonly string[];
}

/** Our messages, and Wireshark's: type, call, opnum and stub in hexadecimal. */
function ownMessages(file: string): string[] {
  const ntHash = new Secret(ntHashOf(sambaUser.password));
  const watch = ntlmWatcher([{ user: sambaUser.user, ntHash }]);
  return [...followCapture(readFileSync(file), { watch })]
    .filter(
      (event): event is FollowedMessage => event.type === "request" || event.type === "response",
    )
    .map(({ type, callId, opnum, stub }) => `${type} ${callId} ${opnum} ${hex(stub)}`);
}

function theirMessages(file: string): string[] {
  const options = { ntPassword: sambaUser.password, disabled: ["epm", "mgmt"] };
  const { rows, malformed } = inspect(file, [135], options);
  demand(malformed.length === 0, `${malformed.length} malformed`);
  return rows
    .filter(({ type }) => type === pduTypes.request || type === pduTypes.response)
    .filter(({ flags }) => (flags & pduFlags.last) !== 0)
    .map(({ type, callId, opnum, stub }) => {
      const name = type === pduTypes.request ? "request" : "response";
      return `${name} ${callId} ${opnum} ${hex(stub ?? new Uint8Array(0))}`;
    });
}

/** Numbers that Wireshark's dissector of endpoint mappers shows, and those of ours. */
function theirNumbers(file: string): string {
  const fields = ["-e", "epm.max_ents", "-e", "epm.num_ents"];
  const args = ["-n", "-r", file, "-d", "tcp.port==135,dcerpc", "-Y", "epm", "-T", "fields"];
  return run("tshark", [...args, ...fields]).split(/\s+/).filter((text) => text !== "").join(" "); // prettier-ignore
}

const forms: readonly (readonly [name: string, options: string, hasUser: boolean])[] = [
  ["unprotected", "", false],
  ["big-endian", ",bigendian", false],
  ["signed by NTLM", ",ntlm,sign", true],
  ["sealed by NTLM", ",ntlm,seal", true],
  ["sealed by NTLM within SPNEGO", ",spnego,seal", true],
  ["sealed, big-endian", ",spnego,seal,bigendian", true],
];

async function decodeAll(): Promise<void> {
  for (const [name, options, hasUser] of forms) {
    const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.pcapng`);
    let said: Said = { annotations: [], interfaces: [] };
    await check(`Samba's client calls Samba's server, recorded: ${name}`, async () => {
      said = await record(file, options, hasUser);
      return `${said.annotations.length} endpoints`;
    });
    // After the signature of the list of mechanisms the key stream starts anew ([MS-SPNG] 3.2.5.1), and Wireshark's doesn't:
    // there it has other octets, as many. That ours are right is what Samba's client got, below.
    const isLost = options.includes("spnego");
    await check(
      `Stubs ${isLost ? "are as long as" : "in the clear are"} Wireshark's: ${name}`,
      () => {
        const shown = (messages: readonly string[]): readonly string[] =>
        isLost ? messages.map((message) => message.replace(/[0-9a-f]*$/, ({ length }) => `${length}`)) : messages; // prettier-ignore
        const [ours, theirs] = [shown(ownMessages(file)), shown(theirMessages(file))];
        demand(ours.length > 6, `${ours.length} messages`);
        const differing = ours.filter((message, at) => message !== theirs[at]);
        demand(ours.length === theirs.length, `${ours.length} messages, and ${theirs.length}`);
        expectNone(differing.map((message) => message.slice(0, 200)));
        return `${ours.length} messages`;
      },
    );
    await check(`Values are those that Samba's client got: ${name}`, async () => {
      const user = ["--user", `${sambaUser.domain}\\${sambaUser.user}`];
      const words = ["decode", file, ...idl, "--format", "json", ...user];
      const { code, out, err } = await command(words, { MSRPC_PASSWORD: sambaUser.password });
      demand(code === 0 && err === "", `exit code ${code}: ${err}`);
      const calls = JSON.parse(out) as readonly Call[];
      expectNone(calls.flatMap(({ problems = [] }) => problems));
      const lookups = calls.filter(({ operation }) => operation === "epm.ept_lookup");
      const entries = lookups.flatMap(
        ({ response }) => (response?.["entries"] ?? []) as readonly { annotation: string }[],
      );
      demand(
        JSON.stringify(entries.map(({ annotation }) => annotation)) ===
          JSON.stringify(said.annotations),
        `${entries.length} entries of ${said.annotations.length}`,
      );
      demand(
        out.includes(said.interfaces[0] ?? "none"),
        "the interfaces of the server are missing",
      );
      return `${calls.length} calls, ${entries.length} entries`;
    });
  }
}

await using samba = await startSamba(sambaAddress);
await decodeAll();

await check(
  "Numbers of the endpoint mapper are those that Wireshark's dissector shows",
  async () => {
    const file = join(folder, "unprotected.pcapng");
    const { out } = await command(["decode", file, ...idl, "--format", "json"]);
    const numbers = (JSON.parse(out) as readonly Call[])
      .filter(({ operation }) => operation === "epm.ept_lookup")
      .flatMap(({ request, response }) => [request?.["max_ents"], response?.["num_ents"]]);
    const theirs = theirNumbers(file);
    demand(numbers.join(" ") === theirs, `${numbers.join(" ")}, and ${theirs}`);
    return `${numbers.length} numbers`;
  },
);

await check("What Samba's server said is said again to Samba's client", async () => {
  const { io, printed, interrupt, listening } = terminal();
  const listen = ["--listen", `ncacn_ip_tcp:${ourAddress}[0]`];
  const ended = msrpc(["replay", join(folder, "unprotected.pcapng"), ...idl, ...listen], io);
  const first = await Promise.race([listening, ended.then(() => "")]);
  demand(first !== "", printed.err);
  const said = await askAs(first, ",bigendian", false);
  interrupt();
  await ended;
  const { out } = await command(["decode", join(folder, "unprotected.pcapng"), ...idl]);
  expectNone(said.annotations.filter((annotation) => !out.includes(annotation)));
  return `${said.annotations.length} endpoints, in the other byte order`;
});

for (const level of ["none", "integrity", "privacy"] as const) {
  await check(`msrpc call asks Samba's endpoint mapper, level ${level}`, async () => {
    const user = ["--user", `${sambaUser.domain}\\${sambaUser.user}`, "--level", level];
    const to = `ncacn_ip_tcp:${samba.address}[135]`;
    const request = '{"inquiry_type": 0, "vers_option": 1, "entry_handle": null, "max_ents": 500}';
    const words = ["call", to, "ept_lookup", request, "rpc__mgmt_inq_if_ids", ...idl];
    const environment = { MSRPC_PASSWORD: sambaUser.password };
    const { code, out, err } = await command(
      level === "none" ? words : [...words, ...user],
      environment,
    );
    demand(code === 0, err);
    const entries = out.match(/"annotation":/g)?.length ?? 0;
    demand(entries >= 10, `${entries} entries`);
    return `${entries} endpoints`;
  });
}

rmSync(folder, { recursive: true, force: true });

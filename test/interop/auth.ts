// NTLM, SPNEGO and security descriptors against those of Samba and impacket.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type NtlmServerOptions,
  ntlmClient,
  ntlmServer,
  spnegoClient,
  spnegoServer,
} from "@msrpc/auth";
import type { ClientSecurityProvider, ProtectedPdu, SecurityContext } from "@msrpc/rpc";
import { alice, storeOf } from "../support/accounts.ts";
import { LinePeer, hexOf, octetsOf } from "./auth/line-peer.ts";
import { compareAccess, compareDescriptors } from "./auth/descriptors.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand, expectNone } from "./support/report.ts";

const python = "/usr/bin/python3";
const accounts = storeOf([alice]);
const names = { computerName: "SERVER", domainName: "EXAMPLE" };
type Level = "connect" | "integrity" | "privacy";

function script(name: string): string {
  return new URL(`auth/${name}`, import.meta.url).pathname;
}

function ourServer(mechanism: string, level: Level, options: Partial<NtlmServerOptions> = {}) {
  const ntlm = ntlmServer({ accounts, ...names, ...options });
  return (mechanism === "spnego" ? spnegoServer([ntlm]) : ntlm).createContext({ level });
}

function ourClient(provider: ClientSecurityProvider, level: Level): SecurityContext {
  return provider.createContext({ level, host: "server.example.com" });
}

/** A PDU of 24 octets of header, a body and 8 octets of trailer. */
function pduOf(body: Uint8Array): ProtectedPdu {
  const octets = new Uint8Array(body.length + 32).map((_, index) => index);
  octets.set(body, 24);
  return { octets, bodyStart: 24, bodyEnd: 24 + body.length, signHeader: true };
}

/** A message of so many octets. */
function messageOf(length: number): Uint8Array {
  return new Uint8Array(length).map((_, index) => (index * 7 + length) & 0xff);
}

const lengths = [0, 1, 5, 16, 255, 4096, 65_000];

/** Lets Samba log on to us. */
async function logOn(
  peer: LinePeer,
  context: SecurityContext,
  request: Readonly<Record<string, unknown>>,
): Promise<void> {
  await peer.ask({ op: "begin", ...request });
  let ours: Uint8Array | null = new Uint8Array(0);
  for (let leg = 0; leg < 6 && ours !== null; leg++) {
    const theirs = await peer.ask({ op: "step", token: hexOf(ours) });
    const token = octetsOf(theirs.token);
    if (token.length === 0) return;
    const step = await context.step(token);
    ours = step.token;
  }
}

/** Messages both ways between Samba and an established context of ours. */
async function talkToSamba(peer: LinePeer, context: SecurityContext, level: Level): Promise<void> {
  for (const length of lengths) {
    const message = messageOf(length);
    const whole = {
      octets: Uint8Array.from(message),
      bodyStart: 0,
      bodyEnd: length,
      signHeader: true,
    };
    if (level === "privacy") {
      const { data } = await peer.ask({ op: "wrap", data: hexOf(message) });
      const wrapped = octetsOf(data);
      const pdu = { ...whole, octets: wrapped.slice(16) };
      context.unseal(pdu, wrapped.subarray(0, 16));
      demand(hexOf(pdu.octets) === hexOf(message), `${length} octets of theirs are others`);
      const token = context.seal(whole);
      const back = await peer.ask({ op: "unwrap", data: hexOf(token) + hexOf(whole.octets) });
      demand(back.data === hexOf(message), `${length} octets of ours are others`);
      continue;
    }
    const pdu = pduOf(message);
    const request = { body: hexOf(message), whole: hexOf(pdu.octets) };
    const { token } = await peer.ask({ op: "sign", ...request });
    context.verify(pdu, octetsOf(token));
    await peer.ask({ op: "check", ...request, token: hexOf(context.sign(pdu)) });
  }
}

/** What went wrong, for what has to. */
async function failureOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "nothing";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

needPackages("python3-samba", "python3-impacket", "winbind");
const folder = mkdtempSync(join(tmpdir(), "interop-auth-"));
const configuration = join(folder, "smb.conf");
const own = ["lock", "state", "cache", "private", "pid"].map(
  (kind) => `${kind} directory = ${folder}`,
);
writeFileSync(
  configuration,
  ["[global]", "workgroup = EXAMPLE", "netbios name = SERVER", ...own, ""].join("\n"),
);

const mechanisms = ["ntlmssp", "spnego"] as const;
for (const mechanism of mechanisms) {
  for (const level of ["connect", "integrity", "privacy"] as const) {
    await check(`Samba's client, ${mechanism}, at ${level}`, async () => {
      using peer = new LinePeer(python, [script("gensec.py"), configuration]);
      const context = ourServer(mechanism, level);
      await logOn(peer, context, { mechanism, level, user: "alice", password: alice.password });
      demand(context.peer?.name === "EXAMPLE\\alice", "it is somebody else");
      const { key } = await peer.ask({ op: "key" });
      demand(key === hexOf(context.sessionKey), "the session keys differ");
      if (level === "connect") return "";
      await talkToSamba(peer, context, level);
      return `${lengths.length} messages each way`;
    });
  }

  await check(
    `Samba's client, ${mechanism}: wrong password, nobody, changed messages`,
    async () => {
      using peer = new LinePeer(python, [script("gensec.py"), configuration]);
      const level = "privacy";
      const request = { mechanism, level, user: "alice", password: alice.password };
      const wrong = await failureOf(() =>
        logOn(peer, ourServer(mechanism, level), { ...request, password: "wrong" }),
      );
      demand(wrong === "logon_denied", `a wrong password: ${wrong}`);
      const nobody = { ...request, user: null };
      const refused = await failureOf(() => logOn(peer, ourServer(mechanism, level), nobody));
      demand(refused === "logon_denied", `nobody: ${refused}`);
      const open = ourServer(mechanism, level, { allowAnonymous: true });
      await logOn(peer, open, nobody);
      demand(open.peer?.anonymous === true, "nobody is somebody");
      await talkToSamba(peer, open, level);
      const context = ourServer(mechanism, level);
      await logOn(peer, context, request);
      const pdu = { octets: messageOf(64), bodyStart: 0, bodyEnd: 64, signHeader: true };
      const token = context.seal(pdu);
      pdu.octets[3]! ^= 1;
      const noticed = await failureOf(() =>
        peer.ask({ op: "unwrap", data: hexOf(token) + hexOf(pdu.octets) }),
      );
      demand(
        noticed.includes("ACCESS_DENIED") || noticed.includes("3221225506"),
        `Samba: ${noticed}`,
      );
      const wrapped = octetsOf((await peer.ask({ op: "wrap", data: hexOf(messageOf(64)) })).data);
      wrapped[20]! ^= 1;
      const theirs = { ...pdu, octets: wrapped.slice(16) };
      const ours = await failureOf(async () => context.unseal(theirs, wrapped.subarray(0, 16)));
      demand(ours === "bad_signature", `we: ${ours}`);
      return "";
    },
  );
}

/** Our client to Samba's server; whether it was let in, and the key that the server has. */
async function logOnToSamba(
  helper: string,
  context: SecurityContext,
): Promise<{ readonly answer: string; readonly key: string }> {
  const { user: name, domain, password } = alice;
  const credentials = [`--username=${name}`, `--domain=${domain}`, `--password=${password}`];
  const options = [`--helper-protocol=${helper}`, `--configfile=${configuration}`];
  using peer = new LinePeer("ntlm_auth", [...options, ...credentials]);
  let answer = "";
  let theirs: Uint8Array | null = null;
  for (let leg = 0; leg < 6; leg++) {
    const step = await context.step(theirs);
    if (step.token === null) break;
    const verb = leg === 0 ? "YR" : "KK";
    answer = await peer.line(`${verb} ${Buffer.from(step.token).toString("base64")}`);
    const [code = "", token = ""] = answer.split(" ");
    if (step.complete || (code !== "TT" && code !== "AF")) break;
    theirs = Uint8Array.from(Buffer.from(token, "base64"));
  }
  const key = answer.startsWith("AF") ? await peer.line("GK") : "";
  return { answer, key: Buffer.from(key.slice(3), "base64").toString("hex") };
}

for (const [helper, title] of [
  ["squid-2.5-ntlmssp", "NTLM"],
  ["gss-spnego", "SPNEGO"],
] as const) {
  await check(`Samba's server, ${title}`, async () => {
    const provider = (password: string): ClientSecurityProvider => {
      const ntlm = ntlmClient({ ...alice, password });
      return title === "SPNEGO" ? spnegoClient([ntlm]) : ntlm;
    };
    for (const level of ["connect", "integrity", "privacy"] as const) {
      const context = ourClient(provider(alice.password), level);
      const { answer, key } = await logOnToSamba(helper, context);
      demand(answer.endsWith("EXAMPLE\\alice"), `${level}: ${answer.slice(0, 80)}`);
      demand(key === hexOf(context.sessionKey), "the session keys differ");
    }
    const wrong = await logOnToSamba(helper, ourClient(provider("wrong"), "privacy"));
    demand(!wrong.answer.startsWith("AF"), "a wrong password is let in");
    return "";
  });
}

/** Sealed messages both ways with impacket, which is the other side. */
async function talkToImpacket(peer: LinePeer, context: SecurityContext, side: "Client" | "Server") {
  const other = side === "Client" ? "Server" : "Client";
  for (const length of lengths) {
    const message = messageOf(length);
    const theirs = pduOf(message);
    const request = { body: hexOf(message), whole: hexOf(theirs.octets) };
    const sealed = await peer.ask({ op: "seal", side, ...request });
    theirs.octets.set(octetsOf(sealed.body), 24);
    context.unseal(theirs, octetsOf(sealed.token));
    demand(hexOf(theirs.octets) === request.whole, `${length} octets of theirs are others`);
    const ours = pduOf(message);
    const token = context.seal(ours);
    const body = hexOf(ours.octets.subarray(24, -8));
    const [head, tail] = [hexOf(ours.octets.subarray(0, 24)), hexOf(ours.octets.subarray(-8))];
    const plain = await peer.ask({ op: "unseal", side: other, body, head, tail });
    demand(plain.body === hexOf(message), `${length} octets of ours are others`);
    demand(plain.token === hexOf(token), `${length} octets of ours have another signature`);
  }
}

for (const version of ["v2", "v1"] as const) {
  await check(`impacket as a client, NTLM ${version}`, async () => {
    using peer = new LinePeer(python, [script("impacket-peer.py")]);
    const attempt = async (password: string, versions: readonly ("v1" | "v2")[]) => {
      const context = ourServer("ntlmssp", "privacy", { versions });
      const { token } = await peer.ask({ op: "negotiate", v2: version === "v2" });
      const challenge = hexOf((await context.step(octetsOf(token))).token);
      const answer = await peer.ask({ op: "authenticate", challenge, user: "alice", password });
      await context.step(octetsOf(answer.token));
      return { context, key: answer.key };
    };
    const { context, key } = await attempt(alice.password, [version]);
    demand(context.peer?.name === "EXAMPLE\\alice", "it is somebody else");
    demand(key === hexOf(context.sessionKey), "the session keys differ");
    await talkToImpacket(peer, context, "Client");
    const wrong = await failureOf(() => attempt("wrong", [version]));
    demand(wrong === "logon_denied", `a wrong password: ${wrong}`);
    const other = await failureOf(() => attempt(alice.password, [version === "v2" ? "v1" : "v2"]));
    demand(other === "logon_denied", `a version that is not accepted: ${other}`);
    return `${lengths.length} messages each way`;
  });
}

await check("impacket as a server, NTLM v2", async () => {
  using peer = new LinePeer(python, [script("impacket-peer.py")]);
  const context = ourClient(ntlmClient(alice), "privacy");
  const challenger = ourServer("ntlmssp", "privacy");
  const challenge = await challenger.step((await context.step(null)).token);
  const { token } = await context.step(challenge.token);
  const accepted = await peer.ask({
    op: "accept",
    challenge: hexOf(challenge.token),
    token: hexOf(token),
    password: alice.password,
  });
  demand(accepted.proven === true, "the response proves nothing");
  demand(accepted.user === "alice" && accepted.domain === "EXAMPLE", "it is somebody else");
  demand(accepted.target === "host/server.example.com", `the target is ${accepted.target}`);
  demand(accepted.key === hexOf(context.sessionKey), "the session keys differ");
  await talkToImpacket(peer, context, "Server");
  return `${lengths.length} messages each way`;
});

await check("security descriptors as octets and as SDDL", () => {
  const { count, findings } = compareDescriptors(script("descriptors.py"));
  expectNone(findings);
  return `${count} descriptors`;
});

await check("access checks", () => {
  const { count, findings } = compareAccess(script("descriptors.py"));
  expectNone(findings);
  return `${count} requests`;
});

rmSync(folder, { recursive: true });

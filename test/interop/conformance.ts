// Samba's conformance suite of hand-made PDUs against our server, with NTLM, SPNEGO and Kerberos.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TransferSyntax } from "@msrpc/ndr";
import { alice } from "../support/accounts.ts";
import { startPeer } from "./conformance/peer.ts";
import { runAside } from "./rpc/run-aside.ts";
import { kdcPackages, startKdc } from "./support/kdc.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand, expectNone } from "./support/report.ts";

needPackages("python3-samba", "libgssapi-krb5-2", ...kdcPackages);

const address = "127.0.0.62";
const host = "server.example.test";
const suite = "samba.tests.dcerpc.raw_protocol";
const withoutNdr64 = "TestDCERPC_BIND.test_no_auth_presentation_ctx_no_ndr64";

interface Outcome {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly why: string;
}

const url = (name: string): URL => new URL(`conformance/${name}`, import.meta.url);

/** Test cases that can't pass, by name, each with its reason. */
const expected = JSON.parse(readFileSync(url("expectations.json"), "utf8")) as Readonly<
  Record<string, string>
>;

await using kdc = await startKdc("127.0.0.63", "EXAMPLE.TEST");
process.env.KRB5_CONFIG = kdc.kerberosConfiguration;
kdc.addUser(alice.user, alice.password);
const keytab = kdc.addService(`host/${host}`);

const configuration = join(kdc.folder, "smb.conf");
writeFileSync(
  configuration,
  [
    "[global]",
    `workgroup = ${alice.domain}`,
    `realm = ${kdc.realm}`,
    ...["private dir", "lock directory", "state directory", "cache directory"].map(
      (name) => `${name} = ${kdc.folder}`,
    ),
    "",
  ].join("\n"),
);

async function runSuite(
  syntaxes: readonly TransferSyntax[],
  ...names: readonly string[]
): Promise<Outcome[]> {
  await using peer = await startPeer(address, keytab, syntaxes);
  const { stdout, stderr, status } = await runAside(
    "/usr/bin/python3",
    [url("run-suite.py").pathname, suite, ...names.map((name) => `.${name}`)],
    420,
    {
      SERVER: address,
      TARGET_HOSTNAME: host,
      DOMAIN: alice.domain,
      REALM: kdc.realm,
      USERNAME: alice.user,
      PASSWORD: alice.password,
      SMB_CONF_PATH: configuration,
      MAX_NUM_AUTH: "2049",
    },
  );
  demand(status === 0, `the suite ended with ${status}: ${stderr.slice(-400)}`);
  expectNone(peer.mistakes.map(String));
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Outcome);
}

await check("Samba's suite of hand-made PDUs", async () => {
  const all = await runSuite(["ndr64", "ndr"]);
  const [alone] = await runSuite(["ndr"], withoutNdr64);
  const outcomes = all.filter(({ name }) => name !== alone?.name);
  if (alone !== undefined) outcomes.push(alone);
  demand(outcomes.length > 150, `only ${outcomes.length} test cases`);
  const named = new Set(outcomes.map(({ name }) => name));
  expectNone([
    ...outcomes
      .filter(({ name, outcome }) => outcome === "failed" && expected[name] === undefined)
      .map(({ name, why }) => `${name}: ${why}`),
    ...outcomes
      .filter(({ name, outcome }) => outcome === "passed" && expected[name] !== undefined)
      .map(({ name }) => `${name} passes, and is listed as one that can't`),
    ...Object.keys(expected)
      .filter((name) => !named.has(name))
      .map((name) => `${name} is listed, and not in the suite`),
  ]);
  const passed = outcomes.filter(({ outcome }) => outcome === "passed").length;
  return `${passed} of ${outcomes.length} pass, ${outcomes.length - passed} can't for the reasons listed`;
});

// Our client and our server with MIT's KDC: credentials of every kind, at every level, and what has to be refused.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ntlmClient, ntlmServer, spnegoClient, spnegoServer } from "@msrpc/auth";
import { type KerberosCredentials, kerberosClient, kerberosServer } from "@msrpc/auth/kerberos";
import type { ClientMechanism } from "@msrpc/auth";
import { setTimeout as delay } from "node:timers/promises";
import { storeOf } from "../../support/accounts.ts";
import { run } from "../support/command.ts";
import type { Kdc } from "../support/kdc.ts";
import { command } from "../support/msrpc.ts";
import { check, demand } from "../support/report.ts";
import { alice, echoAll, levels, refusalOf, serve, type Service } from "./service.ts";

const service = "host/server.example.com";
const encryptions = ["aes256-cts", "aes128-cts", "aes256-sha2", "aes128-sha2"];

/** A cache that `kinit` has filled. */
function ticketsOf(kdc: Kdc, name: string, ...options: readonly string[]): string {
  const ccache = `FILE:${join(kdc.folder, name)}`;
  run("kinit", ["-c", ccache, ...options, alice.principal], { input: `${alice.password}\n` });
  return ccache;
}

function clientOf(credentials: KerberosCredentials, target: string = service): ClientMechanism {
  return kerberosClient(credentials, { target });
}

export async function checkOwn(kdc: Kdc, address: string): Promise<void> {
  const { realm } = kdc;
  const keytab = kdc.addService(service);
  const kerberos = kerberosServer({ keytab });
  const accounts = storeOf([{ user: "bob", password: "x" }]);
  const security = [kerberos, spnegoServer([kerberos, ntlmServer({ accounts })])];
  await using server = await serve(address, security);
  await checkLevels(server, realm);
  await checkCredentials(kdc, server);
  await checkCommand(kdc, server);
  await checkEncryptions(kdc, address);
  await checkRefusals(kdc, server, address);
  await checkFallback(kdc, server);
  await checkNames(kdc, address);
  await checkGuide(kdc, keytab);
}

async function checkLevels({ binding, callers }: Service, realm: string): Promise<void> {
  const kerberos = clientOf(alice);
  for (const [name, security] of [
    ["Kerberos", kerberos],
    ["SPNEGO", spnegoClient([kerberos])],
  ] as const) {
    await check(`${name} between client and server of ours, at every level`, async () => {
      for (const level of levels) {
        for (const byteOrder of ["little", "big"] as const) {
          for (const verificationTrailer of [false, true]) {
            await echoAll(binding, { security, level, byteOrder, verificationTrailer });
            const { principal } = callers.at(-1) ?? {};
            demand(principal?.name === `alice@${realm}`, `${principal?.name} calls`);
            demand(principal.mechanism === "kerberos", `by ${principal.mechanism}`);
            demand(callers.at(-1)?.level === level, `at ${callers.at(-1)?.level}`);
          }
        }
      }
      return `${levels.length * 4} connections`;
    });
  }
  await check("many logons at a time", async () => {
    const lengths = [100, 10_000];
    await Promise.all(
      Array.from({ length: 300 }, () => echoAll(binding, { security: kerberos }, lengths)),
    );
    return "300";
  });
}

async function checkCredentials(kdc: Kdc, { binding, callers }: Service): Promise<void> {
  const ccache = ticketsOf(kdc, "tickets");
  const keys = kdc.keytabOf(alice.principal);
  const sources: Readonly<Record<string, KerberosCredentials>> = {
    "a password": alice,
    "a cache": { ccache },
    "a cache, with the principal": { ccache, principal: `alice@${kdc.realm}` },
    "a keytab": { clientKeytab: keys, principal: alice.principal },
    "a keytab that has only one principal": { clientKeytab: keys },
  };
  for (const [name, credentials] of Object.entries(sources)) {
    await check(`tickets of ${name}`, async () => {
      const count = callers.length;
      // The second connection goes with what the first has got.
      const security = clientOf(credentials);
      await echoAll(binding, { security }, [1]);
      await echoAll(binding, { security }, [1]);
      demand(callers.slice(count).every(isAlice), "somebody else calls");
      return "";
    });
  }
  await check("tickets of the cache that the environment names", async () => {
    process.env.KRB5CCNAME = ccache;
    try {
      await echoAll(binding, { security: clientOf({}) }, [1]);
    } finally {
      delete process.env.KRB5CCNAME;
    }
    demand(callers.at(-1)?.principal?.name.startsWith("alice@") === true, "somebody else calls");
    return "";
  });
}

/** The msrpc command takes tickets that are there, or a password. */
async function checkCommand(kdc: Kdc, { binding, callers }: Service): Promise<void> {
  const words = ["call", binding, "EchoData", '{"in_data": "0102"}', "--target", service];
  const idl = ["--idl", "idl/rpcecho/rpcecho.idl", "--kerberos"];
  for (const [name, options] of Object.entries({
    "the tickets of kinit": [],
    "a password": ["--user", alice.principal],
  })) {
    await check(`msrpc call --kerberos with ${name}, at every level`, async () => {
      process.env.KRB5CCNAME = ticketsOf(kdc, "command-tickets");
      try {
        for (const level of levels) {
          const environment = { MSRPC_PASSWORD: alice.password };
          const all = [...words, ...idl, ...options, "--level", level];
          const { code, out, err } = await command(all, environment);
          demand(code === 0 && out.includes('"out_data": "0102"'), err);
          const caller = callers.at(-1);
          demand(caller !== undefined && isAlice(caller), "somebody else calls");
          demand(caller.level === level, `at ${caller.level}`);
          demand(caller.principal?.mechanism === "kerberos", `by ${caller.principal?.mechanism}`);
        }
      } finally {
        delete process.env.KRB5CCNAME;
      }
      return `${levels.length} calls`;
    });
  }
}

function isAlice({ principal }: Service["callers"][number]): boolean {
  return principal?.name.startsWith("alice@") === true;
}

async function checkEncryptions(kdc: Kdc, address: string): Promise<void> {
  for (const encryption of encryptions) {
    await check(`keys of ${encryption}`, async () => {
      const target = `${encryption}/server.example.com`;
      const keytab = kdc.addService(target, `${encryption}:normal`);
      const kerberos = kerberosServer({ keytab });
      await using server = await serve(address, [kerberos, spnegoServer([kerberos])]);
      const client = clientOf(alice, target);
      for (const security of [client, spnegoClient([client])]) {
        for (const level of levels) await echoAll(server.binding, { security, level });
      }
      return "";
    });
  }
}

async function checkRefusals(
  kdc: Kdc,
  { binding, callers }: Service,
  address: string,
): Promise<void> {
  const gone = "gone/server.example.com";
  kdc.addService(gone);
  const old = ticketsOf(kdc, "old", "-l", "2s");
  await delay(3000);
  const refused: Readonly<Record<string, readonly [ClientMechanism, string]>> = {
    "a wrong password": [clientOf({ ...alice, password: "wrong" }), "wrong_password"],
    "an unknown user": [clientOf({ ...alice, principal: "nobody" }), "unknown_client"],
    "a realm without KDC": [clientOf({ ...alice, principal: "a@OTHER.TEST" }), "no_kdc"],
    "an unknown service": [clientOf(alice, "host/other.example.com"), "unknown_server"],
    "a service whose key the server has not": [clientOf(alice, gone), refusedBind],
    "a ticket that has expired": [clientOf({ ccache: old }), "expired"],
    "a cache that is not there": [clientOf({ ccache: "FILE:/nonexistent" }), "no_credentials"],
    "a keytab that is not there": [
      clientOf({ clientKeytab: "/nonexistent", principal: "alice" }),
      "no_credentials",
    ],
  };
  for (const [name, [security, expected]] of Object.entries(refused)) {
    await check(`refused: ${name}`, async () => {
      const count = callers.length;
      const found = await refusalOf(binding, security);
      demand(found === expected, `${found} instead of ${expected}`);
      demand(callers.length === count, "the call was served");
      return found;
    });
  }
  await check("refused: a server without keytab", async () => {
    await using server = await serve(address, [kerberosServer({ keytab: "/nonexistent" })]);
    const found = await refusalOf(server.binding, clientOf(alice));
    demand(found === refusedBind, found);
    const [error] = server.errors;
    demand(error instanceof Error && "problem" in error, String(error));
    demand(error.problem === "no_credentials", String(error.problem));
    return error.message.replace(/\/\S+/g, "...");
  });
}

/** What a client hears of whatever the server does not take. */
const refusedBind = "the server refused the bind: invalid_checksum";

async function checkFallback(kdc: Kdc, { binding, callers }: Service): Promise<void> {
  const bob = ntlmClient({ user: "bob", password: "x" });
  const fallsBack: Readonly<Record<string, ClientMechanism>> = {
    "there is no ticket": clientOf({ ccache: `FILE:${kdc.folder}/none` }),
    "the service is unknown": clientOf(alice, "host/other.example.com"),
  };
  for (const [name, kerberos] of Object.entries(fallsBack)) {
    await check(`SPNEGO goes on with NTLM where ${name}`, async () => {
      await echoAll(binding, { security: spnegoClient([kerberos, bob]) }, [1]);
      demand(callers.at(-1)?.principal?.name === "bob", "bob is somebody else");
      return "";
    });
  }
  await check("SPNEGO does not go on with NTLM where the password is wrong", async () => {
    const wrong = clientOf({ ...alice, password: "wrong" });
    const found = await refusalOf(binding, spnegoClient([wrong, bob]));
    demand(found === "wrong_password", found);
    return found;
  });
  await check("SPNEGO takes Kerberos where the client has a ticket", async () => {
    await echoAll(binding, { security: spnegoClient([clientOf(alice), bob]) }, [1]);
    demand(callers.at(-1)?.principal?.mechanism === "kerberos", "it took NTLM");
    return "";
  });
}

async function checkNames(kdc: Kdc, address: string): Promise<void> {
  await check("the service of a binding's host, with a class of its own", async () => {
    const keytab = kdc.addService(`rpc/${address}`);
    await using server = await serve(address, [kerberosServer({ keytab })]);
    await echoAll(server.binding, { security: kerberosClient(alice, { service: "rpc" }) }, [1]);
    return "";
  });
  await check("a server takes no other name than the one it was given", async () => {
    const keytab = kdc.addService("one/server.example.com");
    const both = kdc.addService("two/server.example.com");
    run("sh", [
      "-c",
      'printf "rkt %s\\nrkt %s\\nwkt %s\\n" "$@" | ktutil',
      "sh",
      keytab,
      both,
      `${both}.2`,
    ]);
    const principal = "one/server.example.com";
    const kerberos = kerberosServer({ keytab: `${both}.2`, principal });
    await using server = await serve(address, [kerberos]);
    await echoAll(server.binding, { security: clientOf(alice, principal) }, [1]);
    const found = await refusalOf(server.binding, clientOf(alice, "two/server.example.com"));
    demand(found === refusedBind, found);
    rmSync(`${both}.2`);
    return "";
  });
}

/** Runs the examples of the guide, with the files that they name. */
async function checkGuide(kdc: Kdc, keytab: string): Promise<void> {
  await check("the guide's server and client", async () => {
    const path = new URL("../../../docs/authentication.md", import.meta.url);
    const guide = readFileSync(path, "utf8");
    const folder = mkdtempSync(join(import.meta.dirname, ".example-"));
    try {
      const blocks = guide.matchAll(/<!-- example: (kerberos-\S+) -->\s+```ts\n([\s\S]*?)```/g);
      for (const [, name = "", code = ""] of blocks) writeFileSync(join(folder, name), code);
      copyFileSync(keytab, join(folder, "server.keytab"));
      copyFileSync(kdc.keytabOf(alice.principal), join(folder, "alice.keytab"));
      copyFileSync(ticketsOf(kdc, "guide").slice("FILE:".length), join(folder, "tickets"));
      const args = ["--conditions=source", "kerberos-client.ts"];
      const printed = run(process.execPath, args, { cwd: folder });
      const [, line = ""] = /prints three times\s+```text\n([\s\S]*?)```/.exec(guide) ?? [];
      demand(printed === line.repeat(3), printed);
    } finally {
      rmSync(folder, { recursive: true });
    }
    return "three ways to a ticket";
  });
}

// In a domain of Samba's: our client calls its controller, and clients of others call our server.
import { ntlmClient, spnegoClient, spnegoServer } from "@msrpc/auth";
import { kerberosClient, kerberosServer } from "@msrpc/auth/kerberos";
import { epm } from "@msrpc/dce-rpc/epm";
import { mgmt } from "@msrpc/dce-rpc/mgmt";
import { createClient, RpcFault } from "@msrpc/rpc";
import { type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { resolveEndpoint } from "@msrpc/services";
import { runAside } from "../rpc/run-aside.ts";
import { run } from "../support/command.ts";
import type { DomainController } from "../support/domain-controller.ts";
import { check, demand, expectNone, leftOut } from "../support/report.ts";
import { samr } from "./samr.ts";
import { alice, echoAll, levels, serve, type Service } from "./service.ts";

/** The account that our server runs as. */
export const serviceAccount = {
  user: "server",
  password: "Passw0rd.3",
  services: ["host/server.domain.test"],
};
const [service = ""] = serviceAccount.services;

/** Calls three interfaces of the controller. */
async function callController({ address }: DomainController, options: TcpOptions): Promise<void> {
  {
    await using transport = tcpTransport(`ncacn_ip_tcp:${address}[135]`, options);
    const { interfaces } = await createClient(mgmt, transport).inqIfIds();
    demand((interfaces?.interfaces.length ?? 0) > 0, "no interfaces");
    const { entries } = await createClient(epm, transport).lookup({
      inquiryType: 0,
      object: null,
      interfaceId: null,
      versionOption: 1,
      entryHandle: null,
      maxEntries: 500,
    });
    demand(entries.length >= 10, `only ${entries.length} endpoints`);
  }
  await using transport = tcpTransport(`ncacn_ip_tcp:${address}`, { ...options, resolveEndpoint });
  const accounts = createClient(samr, transport);
  if (options.level === "connect") {
    // Accounts want their calls signed.
    const refused = await accounts.connect({ access: 0x02000000 }).catch((error: unknown) => error);
    demand(refused instanceof RpcFault && refused.status === 5, `not refused: ${String(refused)}`);
    return;
  }
  for (let i = 0; i < 10; i++) {
    const { server, returnValue } = await accounts.connect({ access: 0x02000000 });
    demand(returnValue === 0 && server !== null, `status 0x${returnValue.toString(16)}`);
    await accounts.close({ server });
  }
}

export async function checkController(domain: DomainController): Promise<void> {
  const target = `host/${domain.host}`;
  const kerberos = kerberosClient(alice, { target });
  for (const [name, security] of [
    ["Kerberos", kerberos],
    ["SPNEGO", spnegoClient([kerberos])],
  ] as const) {
    for (const level of levels) {
      await check(`our client calls Samba's controller by ${name} at ${level}`, async () => {
        for (const byteOrder of ["little", "big"] as const) {
          for (const verificationTrailer of [false, true]) {
            await callController(domain, { security, level, byteOrder, verificationTrailer });
          }
        }
        return "endpoint mapper, management, accounts";
      });
    }
  }
}

/** Where there is no ticket for the controller's name, it is NTLM. */
export async function checkControllerFallback(domain: DomainController): Promise<void> {
  await check("our client goes on with NTLM at Samba's controller without a ticket", async () => {
    const { principal: user, password } = alice;
    const [name = ""] = domain.realm.split(".");
    const security = spnegoClient([
      kerberosClient(alice, { target: "host/other.domain.test" }),
      ntlmClient({ user, domain: name, password }),
    ]);
    for (const level of levels) await callController(domain, { security, level });
    return levels.join(", ");
  });
}

export async function checkClients(domain: DomainController, address: string): Promise<void> {
  const kerberos = kerberosServer({ keytab: domain.keytabOf(service) });
  await using server = await serve(address, [kerberos, spnegoServer([kerberos])]);
  await checkTicket(server, domain);
  await checkTorture(server, domain);
  await checkImpacket(server, domain, address);
}

async function checkTicket({ binding, callers }: Service, { realm }: DomainController) {
  await check("a handler knows its caller by the SIDs of the ticket", async () => {
    await echoAll(binding, { security: kerberosClient(alice, { target: service }) }, [1]);
    const { name, sid = "", groups = [] } = callers.at(-1)?.principal ?? {};
    demand(name === `alice@${realm}`, `${name} calls`);
    const [domain] = /^S-1-5-21(?:-\d+){3}/.exec(sid) ?? [];
    demand(domain !== undefined, `${sid} is of no domain`);
    demand(groups.includes(`${domain}-513`), `no domain user, but ${groups.join(", ")}`);
    return `${groups.length} groups`;
  });
}

const tests = 10;
const protections = ["connect", "packet", "sign", "seal"].flatMap((level) =>
  ["krb5", "spnego"].map((mechanism) => `${mechanism},${level}`),
);
const forms = ["padcheck,validate", "padcheck,validate,bigendian", "padcheck,ndr64"];

/** What smbtorture finds wrong. */
async function torture(
  binding: string,
  { realm, configuration }: DomainController,
): Promise<readonly string[]> {
  const user = `${alice.principal}@${realm}%${alice.password}`;
  const args = [binding, "rpc.echo", "-s", configuration, "-U", user, "--use-kerberos=required"];
  const { status, stdout, stderr } = await runAside("smbtorture", args, 60);
  const passed = stdout.match(/^success: /gm)?.length ?? 0;
  if (status === 0 && passed === tests) return [];
  const said = `${stdout}\n${stderr}`.match(/^(?:failure|error).*$|.*NT_STATUS_.*/gm) ?? [];
  return [`${binding}: ${passed} of ${tests} passed: ${said.join("; ")}`];
}

async function checkTorture(
  { binding, callers, errors }: Service,
  domain: DomainController,
): Promise<void> {
  await check("smbtorture rpc.echo with Kerberos at every level, in every form", async () => {
    const count = callers.length;
    const names = `target_hostname=server.domain.test,target_principal=${service}`;
    const waiting = protections.flatMap((protection) =>
      forms.map((form) => binding.replace("]", `,${names},${protection},${form}]`)),
    );
    const total = waiting.length;
    const findings: string[] = [];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        findings.push(...(await torture(next, domain)));
      }
    };
    await Promise.all(Array.from({ length: 6 }, work));
    const others = callers.slice(count).filter(({ principal }) => principal?.sid === undefined);
    demand(others.length === 0, `${others.length} calls of somebody without SID`);
    expectNone([...findings, ...errors.map(String)]);
    return `${total} bindings, ${tests} tests each`;
  });
}

async function checkImpacket(
  { binding, callers, errors }: Service,
  { kerberosConfiguration, address: kdc }: DomainController,
  address: string,
): Promise<void> {
  const script = new URL("impacket-client.py", import.meta.url).pathname;
  const ccache = `${kerberosConfiguration}.tickets`;
  run("kinit", ["-c", ccache, alice.principal], { input: `${alice.password}\n` });
  // Samba's KDC takes no request for a service from impacket 0.10: the ticket is to be there already.
  run("kvno", ["-c", ccache, service]);
  const [, port = ""] = /\[(\d+)\]/.exec(binding) ?? [];
  leftOut("impacket with Kerberos at integrity", "version 0.10 fails at making a signature");
  for (const level of ["connect", "privacy"]) {
    await check(`impacket with Kerberos at ${level}`, async () => {
      const args = [script, address, port, "server.domain.test", kdc, level];
      process.env.KRB5CCNAME = ccache;
      const outcome = await runAside("/usr/bin/python3", args);
      delete process.env.KRB5CCNAME;
      const { status, stdout, stderr } = outcome;
      const last = stderr.trim().split("\n").slice(-3).join("\n");
      demand(status === 0, `${last} ${String(errors.at(-1))}`);
      demand(callers.at(-1)?.level === level, `at ${callers.at(-1)?.level}`);
      return stdout.trim();
    });
  }
}

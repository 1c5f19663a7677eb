// A Samba domain controller with its KDC, on a loopback address of its own, for as long as it is needed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.ts";
import { lastLines, startDaemon } from "./daemon.ts";
import { writeKerberosConfiguration } from "./kerberos-configuration.ts";

/** Debian packages that it takes. */
export const domainPackages: readonly string[] = [
  "samba",
  "samba-common-bin",
  "samba-ad-provision",
  "samba-dsdb-modules",
  "samba-vfs-modules",
  "python3-samba",
];

interface DomainAccount {
  readonly user: string;
  readonly password: string;
  /** Service principal names: `host/server.example.test`. */
  readonly services?: readonly string[];
}

export interface DomainController extends AsyncDisposable {
  /** Of its KDC (88), endpoint mapper (135) and LDAP server (389). */
  readonly address: string;
  /** `EXAMPLE.TEST`. */
  readonly realm: string;
  /** Name of the controller itself: `dc.example.test`. */
  readonly host: string;
  /** Where it listens for clients of this machine. */
  readonly localSocket: string;
  /** smb.conf for Samba's clients. */
  readonly configuration: string;
  /** krb5.conf. */
  readonly kerberosConfiguration: string;
  /** A file with the keys of a principal. */
  keytabOf(principal: string): string;
}

export interface DomainOptions {
  readonly address: string;
  readonly realm: string;
  readonly accounts: readonly DomainAccount[];
  /** Of Samba, beside those for calls, directory and tickets. */
  readonly services?: readonly string[];
}

const folders = ["private", "lock", "state", "cache", "pid", "bind-dns", "ncalrpc", "client"];

/** Makes the domain in a temporary folder, which takes some ten seconds, and starts its controller. */
export async function startDomainController(options: DomainOptions): Promise<DomainController> {
  const { address, realm, accounts } = options;
  const folder = mkdtempSync(join(tmpdir(), "domain-"));
  const cleanUp = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const configuration = join(folder, "smb.conf");
    const kerberosConfiguration = join(folder, "krb5.conf");
    writeKerberosConfiguration(kerberosConfiguration, [{ realm, kdc: address }]);
    const env = { KRB5_CONFIG: kerberosConfiguration };
    provision(folder, configuration, options, env);
    const ports = [88, 135, 389].map((port) => ({ host: address, port }));
    const script = new URL("domain-accounts.py", import.meta.url).pathname;
    run("/usr/bin/python3", [script, configuration, join(folder, "private/sam.ldb")], {
      input: JSON.stringify(accounts.map((account) => ({ services: [], ...account }))),
      env,
    });
    const log = (): string => lastLines(join(folder, "log"));
    const args = ["-F", "--no-process-group", "-s", configuration];
    const daemon = await startDaemon("samba", args, { env, ports, seconds: 60, log, cleanUp });
    return {
      address,
      realm,
      host: `dc.${realm.toLowerCase()}`,
      localSocket: join(folder, "ncalrpc/DEFAULT"),
      configuration: join(folder, "client.conf"),
      kerberosConfiguration,
      keytabOf(principal) {
        const file = join(folder, `${principal.replaceAll("/", "-")}.keytab`);
        const args = ["domain", "exportkeytab", file, "--principal", principal];
        run("samba-tool", [...args, "-s", configuration], { env });
        return file;
      },
      [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function provision(
  folder: string,
  configuration: string,
  { address, realm, services = [] }: DomainOptions,
  env: Readonly<Record<string, string>>,
): void {
  for (const name of folders) mkdirSync(join(folder, name), { mode: 0o755 });
  mkdirSync(join(folder, "scripts"));
  const [workgroup = ""] = realm.split(".");
  const lines = serverConfiguration(folder, address, realm, workgroup, services);
  writeFileSync(configuration, lines);
  writeFileSync(join(folder, "client.conf"), clientConfiguration(folder, realm, workgroup));
  const names = [`--realm=${realm}`, `--domain=${workgroup}`, "--host-name=dc"];
  const what = ["--server-role=dc", "--dns-backend=NONE", `--host-ip=${address}`];
  const args = ["domain", "provision", "-s", configuration, ...names, ...what];
  run("samba-tool", [...args, "--adminpass=Passw0rd.1"], { env, seconds: 180 });
  const policy = ["domain", "passwordsettings", "set", "--complexity=off", "--max-pwd-age=0"];
  run("samba-tool", [...policy, "-s", configuration], { env });
}

function ownFolders(folder: string): string[] {
  return [
    `private dir = ${folder}/private`,
    `lock directory = ${folder}/lock`,
    `state directory = ${folder}/state`,
    `cache directory = ${folder}/cache`,
    `pid directory = ${folder}/pid`,
  ];
}

function serverConfiguration(
  folder: string,
  address: string,
  realm: string,
  workgroup: string,
  services: readonly string[],
): string {
  return [
    "[global]",
    "netbios name = DC",
    `realm = ${realm}`,
    `workgroup = ${workgroup}`,
    "server role = active directory domain controller",
    `server services = ${["rpc", "ldap", "kdc", ...services].join(", ")}`,
    `interfaces = ${address}/8`,
    "bind interfaces only = yes",
    ...ownFolders(folder),
    `binddns dir = ${folder}/bind-dns`,
    `ncalrpc dir = ${folder}/ncalrpc`,
    `log file = ${folder}/log`,
    "rpc server dynamic port range = 49600-49699",
    "allow dcerpc auth level connect = yes",
    "tls enabled = no",
    "load printers = no",
    "[sysvol]",
    `path = ${folder}/state`,
    "[netlogon]",
    `path = ${folder}/scripts`,
    "",
  ].join("\n");
}

function clientConfiguration(folder: string, realm: string, workgroup: string): string {
  return [
    "[global]",
    "netbios name = CLIENT",
    `realm = ${realm}`,
    `workgroup = ${workgroup}`,
    ...ownFolders(`${folder}/client`),
    `ncalrpc dir = ${folder}/ncalrpc`,
    "",
  ].join("\n");
}

// MIT's KDC, on a loopback address of its own, for as long as it is needed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.ts";
import { lastLines, startDaemon } from "./daemon.ts";
import { writeKerberosConfiguration } from "./kerberos-configuration.ts";

/** Debian packages that it takes. */
export const kdcPackages: readonly string[] = ["krb5-kdc", "krb5-admin-server", "krb5-user"];

export interface Kdc extends AsyncDisposable {
  readonly realm: string;
  /** krb5.conf. */
  readonly kerberosConfiguration: string;
  /** Files may be kept here. */
  readonly folder: string;
  /** A principal with a password. Options are those of `addprinc`. */
  addUser(principal: string, password: string, ...options: readonly string[]): void;
  /** A principal with random keys, and the file that has them: of all encryption types, or of one. */
  addService(principal: string, encryption?: string): string;
  /** A file with the keys of a password's principal, which stay what they are. */
  keytabOf(principal: string): string;
  /** Takes a principal away. */
  remove(principal: string): void;
}

export async function startKdc(address: string, realm: string): Promise<Kdc> {
  const folder = mkdtempSync(join(tmpdir(), "kdc-"));
  const file = (name: string): string => join(folder, name);
  const cleanUp = (): void => rmSync(folder, { recursive: true, force: true });
  const port = await freePort(address);
  const kerberosConfiguration = file("krb5.conf");
  writeKerberosConfiguration(kerberosConfiguration, [{ realm, kdc: `${address}:${port}` }]);
  writeFileSync(file("kdc.conf"), kdcConfiguration(folder, realm, `${address}:${port}`));
  const env = { KRB5_CONFIG: kerberosConfiguration, KRB5_KDC_PROFILE: file("kdc.conf") };
  try {
    run("kdb5_util", ["create", "-r", realm, "-s", "-P", "master"], { env });
    const daemon = await startDaemon("krb5kdc", ["-n", "-r", realm], {
      env,
      ports: [{ host: address, port }],
      log: () => lastLines(file("kdc.log")),
      cleanUp,
    });
    const administer = (query: string): void => {
      run("kadmin.local", ["-r", realm, "-q", query], { env });
    };
    const keytab = (principal: string, options: string): string => {
      const path = file(`${principal.replaceAll("/", "-")}.keytab`);
      administer(`ktadd -k ${path} ${options} ${principal}`);
      return path;
    };
    return {
      realm,
      kerberosConfiguration,
      folder,
      addUser(principal, password, ...options) {
        administer(`addprinc ${options.join(" ")} -pw "${password}" ${principal}`);
      },
      addService(principal, encryption) {
        administer(`addprinc -randkey ${principal}`);
        return keytab(principal, encryption === undefined ? "" : `-e ${encryption}`);
      },
      keytabOf: (principal) => keytab(principal, "-norandkey"),
      remove: (principal) => administer(`delprinc -force ${principal}`),
      [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function kdcConfiguration(folder: string, realm: string, listen: string): string {
  return [
    "[kdcdefaults]",
    `kdc_listen = ${listen}`,
    `kdc_tcp_listen = ${listen}`,
    "[realms]",
    `${realm} = {`,
    `  database_name = ${folder}/principal`,
    `  key_stash_file = ${folder}/stash`,
    `  acl_file = ${folder}/acl`,
    "  supported_enctypes = aes256-cts:normal aes128-cts:normal aes256-sha2:normal aes128-sha2:normal",
    "}",
    "[logging]",
    `kdc = FILE:${folder}/kdc.log`,
    "",
  ].join("\n");
}

/** A port that nobody listens at. */
async function freePort(address: string): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, address, () => resolve());
  await promise;
  const bound = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof bound !== "object" || bound === null) throw new Error("there is no free port");
  return bound.port;
}

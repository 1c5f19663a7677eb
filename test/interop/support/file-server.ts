// Samba as a stand-alone file server with its RPC services on TCP, on a loopback address of its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.ts";
import { lastLines, startDaemon } from "./daemon.ts";

/** Debian packages that it takes. */
export const fileServerPackages: readonly string[] = [
  "samba",
  "samba-common-bin",
  "samba-vfs-modules",
];

export interface FileServer extends AsyncDisposable {
  /** Of its endpoint mapper (135). */
  readonly address: string;
  /** smb.conf for Samba's clients. */
  readonly configuration: string;
  readonly workgroup: string;
  /** Of `root`. */
  readonly password: string;
}

const folders = ["private", "lock", "state", "cache", "pid", "ncalrpc", "run", "share", "client"];
const workgroup = "WORKGROUP";
const password = "Passw0rd.1";

/**
 * Two programs in a mount namespace of their own, where /run/samba is theirs alone. They end with the shell, which
 * leads their group of processes.
 */
const script = `
  mount --bind "$1/run" /run/samba || exit 1
  "$3" -F --no-process-group --libexec-rpcds -s "$2" & calls=$!
  smbd -F --no-process-group -s "$2" & files=$!
  trap 'kill $calls $files' TERM INT
  wait $calls $files; wait`;

/** Starts it in a temporary folder. */
export async function startFileServer(address: string): Promise<FileServer> {
  const folder = mkdtempSync(join(tmpdir(), "file-server-"));
  const cleanUp = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const name of folders) mkdirSync(join(folder, name), { mode: 0o755 });
    mkdirSync(join(folder, "run/winbindd"));
    mkdirSync("/run/samba", { recursive: true });
    const server = join(folder, "smb.conf");
    const configuration = join(folder, "client.conf");
    writeFileSync(server, serverConfiguration(folder, address));
    writeFileSync(configuration, clientConfiguration(folder));
    run("pdbedit", ["-s", server, "-t", "-a", "-u", "root"], {
      input: `${password}\n${password}\n`,
    });
    const calls = "/usr/libexec/samba/samba-dcerpcd";
    const args = [
      "-m",
      "--propagation",
      "private",
      "sh",
      "-c",
      script,
      "sh",
      folder,
      server,
      calls,
    ];
    const ports = [135, 445].map((port) => ({ host: address, port }));
    const log = (): string => lastLines(join(folder, "log"));
    const daemon = await startDaemon("unshare", args, { ports, seconds: 60, log, cleanUp });
    return {
      address,
      configuration,
      workgroup,
      password,
      [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function serverConfiguration(folder: string, address: string): string {
  return [
    "[global]",
    "netbios name = FILES",
    `workgroup = ${workgroup}`,
    "server role = standalone server",
    "server string = Files for tests",
    `interfaces = ${address}/8`,
    "bind interfaces only = yes",
    ...["private", "lock", "state", "cache", "pid", "ncalrpc"].map(
      (name) =>
        `${name} ${name === "private" || name === "ncalrpc" ? "dir" : "directory"} = ${folder}/${name}`,
    ),
    `log file = ${folder}/log`,
    "passdb backend = tdbsam",
    "rpc start on demand helpers = no",
    "rpc server dynamic port range = 49700-49799",
    "load printers = no",
    "printing = bsd",
    "printcap name = /dev/null",
    "include system krb5 conf = no",
    "[share]",
    "comment = Something to share",
    `path = ${folder}/share`,
    "read only = no",
    "",
  ].join("\n");
}

function clientConfiguration(folder: string): string {
  return [
    "[global]",
    "netbios name = CLIENT",
    `workgroup = ${workgroup}`,
    ...["private dir", "lock directory", "state directory", "cache directory"].map(
      (name) => `${name} = ${folder}/client`,
    ),
    "name resolve order = host",
    "",
  ].join("\n");
}

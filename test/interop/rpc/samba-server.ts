// Samba's RPC host with its endpoint mapper, on a loopback address of its own, for as long as it is needed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../support/command.ts";
import { lastLines, startDaemon } from "../support/daemon.ts";

export interface SambaServer extends AsyncDisposable {
  readonly address: string;
}

/** Who may log on. */
export const sambaUser = { user: "root", domain: "PEERS", password: "Passw0rd.1" };

const folders = ["private", "lock", "state", "cache", "pid", "ncalrpc", "run", "log"];

/**
 * Starts it and waits until its endpoint mapper answers. It runs in a mount namespace of its own, as its
 * programs meet under /run/samba.
 */
export async function startSamba(address: string): Promise<SambaServer> {
  const folder = mkdtempSync(join(tmpdir(), "samba-rpc-"));
  for (const name of folders) mkdirSync(join(folder, name));
  const configuration = join(folder, "smb.conf");
  writeFileSync(configuration, configurationOf(folder, address));
  run("pdbedit", ["-s", configuration, "-t", "-a", "-u", sambaUser.user], {
    input: `${sambaUser.password}\n${sambaUser.password}\n`,
  });
  mkdirSync("/run/samba", { recursive: true });
  const script = `mount --bind "$1/run" /run/samba && exec "$2" -F --libexec-rpcds -s "$1/smb.conf"`;
  const args = ["-m", "--propagation", "private", "sh", "-c", script, "sh", folder];
  const daemon = await startDaemon("unshare", [...args, "/usr/libexec/samba/samba-dcerpcd"], {
    ports: [{ host: address, port: 135 }],
    log: () => lastLines(join(folder, "log", "log")),
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  });
  return { address, [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose]() };
}

function configurationOf(folder: string, address: string): string {
  const own = folders
    .slice(0, 4)
    .map(
      (name) => `${name === "private" ? "private dir" : `${name} directory`} = ${folder}/${name}`,
    );
  return [
    "[global]",
    "netbios name = PEER",
    "workgroup = PEERS",
    "server role = standalone server",
    `interfaces = ${address}/8`,
    "bind interfaces only = yes",
    ...own,
    `pid directory = ${folder}/pid`,
    `ncalrpc dir = ${folder}/ncalrpc`,
    `log file = ${folder}/log/log`,
    "passdb backend = tdbsam",
    "rpc start on demand helpers = no",
    "rpc server dynamic port range = 49300-49399",
    "load printers = no",
    "registry shares = no",
    "allow dcerpc auth level connect = yes",
    "",
  ].join("\n");
}

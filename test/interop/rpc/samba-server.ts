// Samba's RPC host with its endpoint mapper, on a loopback address of its own, for as long as it is needed.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { run } from "../support/command.ts";

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
  const child = spawn("unshare", [...args, "/usr/libexec/samba/samba-dcerpcd"], {
    stdio: "ignore",
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // It is the leader of a group of processes, all of which are its own.
  const stop = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // They are gone already.
    }
  };
  const atExit = (): void => {
    stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", atExit);
  for (let tries = 0; !(await answers(address)); tries++) {
    if (tries === 100 || child.exitCode !== null) {
      stop("SIGKILL");
      throw new Error(`Samba does not answer at ${address}:\n${logOf(folder)}`);
    }
    await delay(100);
  }
  return {
    address,
    async [Symbol.asyncDispose]() {
      stop("SIGTERM");
      await Promise.race([ended, delay(3000)]);
      process.off("exit", atExit);
      atExit();
    },
  };
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

function answers(host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port: 135 });
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

function logOf(folder: string): string {
  try {
    return readFileSync(join(folder, "log", "log"), "utf8")
      .split("\n")
      .slice(-10)
      .join("\n");
  } catch {
    return "it wrote no log";
  }
}

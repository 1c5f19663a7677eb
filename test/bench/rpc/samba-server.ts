/** Samba's rpcecho over TCP, on a loopback address of its own: its RPC server alone, without a domain. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { buildEchoModule } from "../../interop/samba/echo-module.ts";
import { run } from "../../interop/support/command.ts";
import type { EchoServer } from "./programs.ts";

const address = "127.0.0.110";
const port = 49_410;

/** An empty database is enough for interfaces that ask it nothing. */
const makeDatabase = `import ldb, sys; ldb.Ldb(sys.argv[1]).add({"dn": "dc=bench", "objectClass": "top"})`;

/** @throws Error where it can't be built or doesn't start */
export async function startSamba(): Promise<EchoServer> {
  const module = buildEchoModule();
  const folder = mkdtempSync(join(tmpdir(), "samba-bench-"));
  const folders = ["private", "lock", "state", "cache", "pid", "ncalrpc", "run", "log", "modules"];
  for (const name of folders) mkdirSync(join(folder, name));
  cpSync(module, join(folder, "modules/rpcecho.so"));
  writeFileSync(join(folder, "smb.conf"), configurationIn(folder));
  run("/usr/bin/python3", ["-c", makeDatabase, join(folder, "private/sam.ldb")]);
  // Its programs meet under /run/samba, and modules are loaded from one place: both are its own in its namespace.
  const modules = `/usr/lib/${run("gcc", ["-print-multiarch"]).trim()}/samba/dcerpc_server`;
  const script = `mkdir -p /run/samba "$2" && mount --bind "$1/run" /run/samba && mount --bind "$1/modules" "$2" &&
    exec samba -F --no-process-group -s "$1/smb.conf"`;
  const args = ["-m", "--propagation", "private", "sh", "-c", script, "sh", folder, modules];
  const child = spawn("unshare", args, { stdio: "ignore", detached: true });
  const group = child.pid ?? 0;
  const atExit = (): void => {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // All of them have ended.
    }
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", atExit);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const ended = once(child, "exit");
      process.kill(-group, "SIGTERM");
      await Promise.race([ended, delay(3000)]);
    }
    process.off("exit", atExit);
    atExit();
  };
  for (let tries = 0; !(await isListening()); tries++) {
    if (tries === 100 || child.exitCode !== null) {
      const log = readFileSync(join(folder, "log/log"), "utf8").split("\n").slice(-5).join("\n");
      await stop();
      throw new Error(`Samba does not start:\n${log}`);
    }
    await delay(100);
  }
  return { address, port, processGroup: group, stop };
}

function configurationIn(folder: string): string {
  return [
    "[global]",
    "netbios name = BENCH",
    "workgroup = BENCH",
    "server role = standalone server",
    `interfaces = ${address}/8`,
    "bind interfaces only = yes",
    "server services = rpc",
    // It serves without a domain only where it may be a proxy as well.
    "dcerpc endpoint servers = remote, rpcecho",
    `rpc server port:rpcecho = ${port}`,
    `private dir = ${folder}/private`,
    ...["lock", "state", "cache", "pid"].map((name) => `${name} directory = ${folder}/${name}`),
    `ncalrpc dir = ${folder}/ncalrpc`,
    `log file = ${folder}/log/log`,
    "",
  ].join("\n");
}

function isListening(): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: address, port });
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

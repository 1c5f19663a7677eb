/** The types that act on this machine: scripts, services, disks, witnesses and addresses. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { networkInterfaces } from "node:os";
import { join } from "node:path";
import {
  fileShareWitness,
  genericApplication,
  genericScript,
  genericService,
  ipAddress,
  keepTime,
  physicalDisk,
  properties,
} from "@msrpc/cluster";
import { ResourceState } from "@msrpc/ms-cmrp";
import { expect, onTestFinished, test, vi } from "vitest";
import { folder, host, script } from "./hosting-support.ts";

const { Online, Offline, Failed } = ResourceState;

test("a program runs in an environment that tells it its resource, and has what is written down", async () => {
  const out = join(folder(), "out");
  const { path } = script(`env | grep -E '^(CLUSTER_|COLOUR)' | sort > ${out}`);
  const { resource, online, reaches } = host(genericApplication, {
    CommandLine: path,
    Environment: ["COLOUR=red=blue"],
  });
  online();
  await reaches(Failed);
  expect(readFileSync(out, "utf8").split("\n")).toEqual([
    "CLUSTER_NAME=c",
    `CLUSTER_RESOURCE_ID=${resource.id}`,
    "CLUSTER_RESOURCE_NAME=R",
    "CLUSTER_RESOURCE_TYPE=Generic Application",
    "COLOUR=red=blue",
    "",
  ]);
});

test("what else is in the environment of the cluster's process is neither in that of programs nor in properties", async () => {
  vi.stubEnv("SECRET_TOKEN", "hidden");
  vi.stubEnv("HOME", "/somewhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  const out = join(folder(), "out");
  const { path } = script(`echo "$1 $2 $SECRET_TOKEN $HOME" > ${out}`);
  const type = { ...genericApplication, properties: [properties.expandSz("CommandLine")] };
  const { online, reaches } = host(type, { CommandLine: `${path} %SECRET_TOKEN% %HOME%` });
  online();
  await reaches(Failed);
  expect(readFileSync(out, "utf8")).toBe("%SECRET_TOKEN% /somewhere  /somewhere\n");
});

test("a Generic Script is asked to bring its resource online and to take it offline", async () => {
  const { path, calls } = script();
  const { online, offline, reaches } = host(genericScript, { ScriptFilepath: path });
  online();
  await reaches(Online);
  offline();
  await reaches(Offline);
  expect(calls()).toEqual(["online", "offline"]);
});

test("a Generic Script that fails says why, and is asked to end what there is", async () => {
  const { path, calls } = script('echo first >&2; echo "no database" >&2; [ "$1" = terminate ]');
  const { online, errors, reaches } = host(genericScript, { ScriptFilepath: path });
  online();
  await reaches(Failed);
  expect(errors).toEqual([`Error: ${path} online ended with 1: no database`]);
  await expect.poll(calls).toEqual(["online", "terminate"]);
});

test("a Generic Script that finds its resource dead has it fail", async () => {
  const { path, calls, does } = script();
  const { cluster, resource, online, reaches } = host(genericScript, { ScriptFilepath: path });
  cluster.run((tx) => tx.update("resource", resource, { looksAliveInterval: 1 }));
  online();
  await reaches(Online);
  await expect.poll(calls).toContain("looksAlive");
  does('[ "$1" != looksAlive ]');
  await reaches(Failed);
  await expect.poll(calls).toContain("terminate");
});

test("a Generic Script that nobody waits for any more is killed", async () => {
  const { path, calls } = script('[ "$1" = online ] && { sleep 1000; echo survived >&2; }; exit 0');
  const { cluster, resource, online, reaches } = host(genericScript, { ScriptFilepath: path });
  onTestFinished(keepTime(cluster));
  online();
  await expect.poll(calls).toEqual(["online"]);
  cluster.run((tx) => tx.update("resource", resource, { pendingTimeout: 0 }));
  await reaches(Failed);
  await expect.poll(calls).toEqual(["online", "terminate"]);
});

test.each([
  ["no script", {}, "needs the path of its script"],
  ["a relative path", { ScriptFilepath: "script.sh" }, "needs the path of its script"],
  ["a script that there isn't", { ScriptFilepath: "/nowhere/at-all" }, "ENOENT"],
  [
    "a line of the environment that is none",
    { ScriptFilepath: "/bin/true", Environment: ["a=b", "hidden"] },
    "line 2 of Environment is no NAME=value",
  ],
])("a Generic Script with %s fails, and says so", async (_, given, said) => {
  const { online, errors, reaches } = host(genericScript, given);
  online();
  await reaches(Failed);
  expect(errors.join()).toContain(said);
});

test("a Generic Service starts and stops a unit of systemd", async () => {
  const { path, calls } = script();
  const type = genericService({ systemctl: path });
  const { online, offline, reaches } = host(type, { ServiceName: "nginx.service" });
  online();
  await reaches(Online);
  offline();
  await reaches(Offline);
  expect(calls()).toEqual(["start nginx.service", "stop nginx.service"]);
});

test("a Generic Service fails when its unit isn't active", async () => {
  const { path, calls, does } = script();
  const type = genericService({ systemctl: path });
  const { cluster, resource, online, reaches } = host(type, { ServiceName: "nginx" });
  cluster.run((tx) => tx.update("resource", resource, { isAliveInterval: 1 }));
  online();
  await reaches(Online);
  does('[ "$1" != is-active ]');
  await reaches(Failed);
  await expect
    .poll(calls)
    .toEqual(
      expect.arrayContaining([
        "is-active --quiet nginx",
        "kill --signal=SIGKILL nginx",
        "stop nginx",
      ]),
    );
});

test("a Generic Service is a program where there is no systemd", async () => {
  const { path, calls } = script("sleep 1000");
  const { online, offline, reaches } = host(genericService({ systemctl: null }), {
    ServiceName: `"${path}"`,
    StartupParameters: '-c "a b"',
  });
  online();
  await reaches(Online);
  await expect.poll(calls).toEqual(["-c a b"]);
  offline();
  await reaches(Offline);
});

test.each(["", "-H host", "a b", "$(x)"])("%j is no unit", async (name) => {
  const { path, calls } = script();
  const { online, errors, reaches } = host(genericService({ systemctl: path }), {
    ServiceName: name,
  });
  online();
  await reaches(Failed);
  expect(errors).toHaveLength(1);
  expect(calls()).toEqual([]);
});

test("a Physical Disk is online while its folder can be read", async () => {
  const path = join(folder(), "disk");
  mkdirSync(path);
  const { cluster, resource, online, reaches } = host(physicalDisk, { DiskPath: path });
  cluster.run((tx) => tx.update("resource", resource, { isAliveInterval: 1 }));
  online();
  await reaches(Online);
  rmSync(path, { recursive: true });
  await reaches(Failed);
});

test.each([
  ["that isn't there", "/nowhere/at-all", "ENOENT"],
  ["that is a file", process.execPath, "neither a folder nor a block device"],
])("a Physical Disk with a path %s fails, and says so", async (_, path, said) => {
  const { online, errors, reaches } = host(physicalDisk, { DiskPath: path });
  online();
  await reaches(Failed);
  expect(errors.join()).toContain(said);
});

test("a File Share Witness is online while files can be written, and leaves none", async () => {
  const path = join(folder(), "share");
  mkdirSync(path);
  const { cluster, resource, online, reaches } = host(fileShareWitness, { SharePath: path });
  cluster.run((tx) => tx.update("resource", resource, { isAliveInterval: 1 }));
  online();
  await reaches(Online);
  expect(readdirSync(path)).toEqual([]);
  rmSync(path, { recursive: true });
  await reaches(Failed);
});

test.each([
  [physicalDisk, {}],
  [physicalDisk, { DiskPath: "E:" }],
  [fileShareWitness, { SharePath: "\\\\server\\share" }],
  [ipAddress(), {}],
  [ipAddress(), { Address: "192.0.2.1" }],
])("what this machine doesn't have is software: %#", async (type, given) => {
  const { online, offline, reaches } = host(type, given);
  online();
  await reaches(Online);
  offline();
  await reaches(Offline);
});

type Interfaces = ReturnType<typeof networkInterfaces>;

/** The machine's interfaces, of which a program can be one. */
function machine(...addresses: string[]): () => Interfaces {
  return () => ({
    eth7: addresses.map((address) => ({
      address,
      netmask: "255.255.255.0",
      family: "IPv4",
      mac: "",
      internal: false,
      cidr: null,
    })),
  });
}

test("an IP Address is added to the interface of its subnet, and taken away again", async () => {
  const { path, calls } = script();
  const type = ipAddress({ ip: path, found: machine("192.0.2.7") });
  const { online, offline, reaches } = host(type, {
    Address: "192.0.2.80",
    SubnetMask: "255.255.255.0",
  });
  online();
  await reaches(Online);
  offline();
  await reaches(Offline);
  expect(calls()).toEqual([
    "-4 address add 192.0.2.80/24 dev eth7",
    "-4 address del 192.0.2.80/24 dev eth7",
  ]);
});

test("an IP Address that the machine has is left as it is, and fails when it is gone", async () => {
  const { path, calls } = script();
  let found = machine("192.0.2.7");
  const type = ipAddress({ ip: path, found: () => found() });
  const { cluster, resource, online, reaches } = host(type, { Address: "192.0.2.7" });
  cluster.run((tx) => tx.update("resource", resource, { looksAliveInterval: 1 }));
  online();
  await reaches(Online);
  found = machine();
  await reaches(Failed);
  expect(calls()).toEqual([]);
});

test.each([
  [{ Address: "192.0.2" }, "is no IPv4 address"],
  [{ Address: "192.0.2.1", SubnetMask: "255.0.255.0" }, "is no SubnetMask"],
  [{ Address: "192.0.2.1" }, "an empty text is no SubnetMask"],
  [{ Address: "203.0.113.1", SubnetMask: "255.255.255.0" }, "is on no network of 203.0.113.1"],
])("an IP Address with %j fails, and says so", async (given, said) => {
  const { path, calls } = script();
  const type = ipAddress({ ip: path, found: machine("192.0.2.7") });
  const { online, errors, reaches } = host(type, given);
  online();
  await reaches(Failed);
  expect(errors.join()).toContain(said);
  expect(calls()).toEqual([]);
});

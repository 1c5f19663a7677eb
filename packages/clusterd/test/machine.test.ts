/** What a node says of itself beside MS-CMRP ([MS-CMRP] 3.1.3), and clients that look at that first. */
import { Cluster, ClusterNodeError } from "@msrpc/clusapi";
import { accountList, ntlmClient, ntlmServer, readAccounts, setPassword } from "@msrpc/auth";
import { winreg } from "@msrpc/ms-rrp";
import { svcctl } from "@msrpc/ms-scmr";
import { createClient, createRouter, inMemoryTransport } from "@msrpc/rpc";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { ServiceManager, serveServiceControl } from "@msrpc/service-control";
import { expect, test } from "vitest";
import { serveMachine } from "../src/machine.ts";
import { account, namesOf, start } from "./support.ts";

const maximumAllowed = 0x0200_0000;
const database = { machineName: null, databaseName: null, desiredAccess: maximumAllowed };
const text = (buffer: string) => {
  const length = 2 * (buffer.length + 1);
  return { length, maximumLength: length, buffer: `${buffer}\0` };
};
const path = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Cluster Server";

async function failure(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => "none",
    (error: unknown) => (error as { statusName: string }).statusName,
  );
}

test("a node has a cluster service that is running, starts by itself and isn't to be changed", async () => {
  const clusterd = start();
  const security = ntlmClient(account);
  const transport = tcpTransport(await clusterd.binding(), { security, level: "privacy" });
  await using client = createClient(svcctl, transport);
  const scManager = await client.openScManagerW(database);
  const opening = { scManager, serviceName: "clussvc", desiredAccess: maximumAllowed };
  const service = await client.openServiceW(opening);
  const { serviceConfig } = await client.queryServiceConfigW({ service, bufSize: 8192 });
  expect(serviceConfig).toMatchObject({ displayName: "Cluster Service", startType: 2 });
  const { serviceStatus } = await client.queryServiceStatus({ service });
  expect(serviceStatus).toMatchObject({ currentState: 4, win32ExitCode: 0 });
  const stop = client.controlService({ service, control: 1 });
  expect(await failure(stop)).toBe("ERROR_INVALID_SERVICE_CONTROL");
  expect(await failure(client.startServiceW({ service, argv: null }))).toBe(
    "ERROR_SERVICE_ALREADY_RUNNING",
  );
  expect(await failure(client.deleteService({ service }))).toBe("ERROR_ACCESS_DENIED");
});

test("a node's registry says that it is one, under both names, and keeps nothing", async () => {
  const clusterd = start();
  const security = ntlmClient(account);
  const transport = tcpTransport(await clusterd.binding(), { security, level: "privacy" });
  await using client = createClient(winreg, transport);
  const samDesired = maximumAllowed;
  const machine = await client.openLocalMachine({ serverName: null, samDesired });
  const read = async (subKey: string, valueName: string): Promise<unknown> => {
    const key = await client.openKey({
      key: machine,
      subKey: text(subKey),
      options: 0,
      samDesired,
    });
    const room = { type: 0, data: new Uint8Array(), dataSize: 4, len: 0 };
    const value = await client.queryValue({ key, valueName: text(valueName), ...room });
    const set = client.setValue({ key, valueName: text("New"), type: 3, data: new Uint8Array(4) });
    expect(await failure(set)).toBe("ERROR_ACCESS_DENIED");
    return [value.type, value.data];
  };
  const configured = [4, Uint8Array.of(2, 0, 0, 0)];
  expect(await read(path, "ClusterInstallationState")).toEqual(configured);
  expect(await read(`${path}\\ClusterInstallationState`, "")).toEqual(configured);
});

test("who may do nothing with the cluster is told nothing", async () => {
  const clusterd = start("--users-may", "nothing");
  const security = ntlmClient(account);
  const transport = tcpTransport(await clusterd.binding(), { security, level: "privacy" });
  await using client = createClient(svcctl, transport);
  expect(await failure(client.openScManagerW(database))).toBe("ERROR_ACCESS_DENIED");
  await using open = createClient(svcctl, tcpTransport(await clusterd.binding()));
  expect(await failure(open.openScManagerW(database))).toBe("ERROR_ACCESS_DENIED");
});

test("the service's state follows what the daemon does", async () => {
  const router = createRouter({ onError: console.error });
  const machine = serveMachine(router, { policy: () => "read", minimumLevel: "none" });
  const client = createClient(svcctl, inMemoryTransport(router));
  const scManager = await client.openScManagerW(database);
  const service = await client.openServiceW({
    scManager,
    serviceName: "ClusSvc",
    desiredAccess: 4,
  });
  const state = async (): Promise<number> =>
    (await client.queryServiceStatus({ service })).serviceStatus.currentState;
  expect(await state()).toBe(2);
  machine.is("serving");
  expect(await state()).toBe(4);
  machine.is("stopping");
  expect(await state()).toBe(3);
});

test.each([2, 3] as const)(
  "a client of version %i that looks first finds an active node",
  async (version) => {
    const clusterd = start();
    const cluster = await clusterd.connect({ credentials: account, checkNode: true, version });
    expect(await namesOf(cluster.groups())).toContain("Cluster Group");
  },
);

test.each([
  ["has no cluster service", null, "not-configured"],
  ["has a disabled one", { startType: 4 }, "not-configured"],
  ["has one that doesn't run", { startType: 2 }, "not-running"],
] as const)("a host that %s is no active node", async (_, config, problem) => {
  const manager = new ServiceManager();
  if (config !== null) manager.add({ name: "ClusSvc", ...config });
  const router = createRouter({ onError: console.error });
  serveServiceControl(router, manager);
  const accounts = accountList(readAccounts(setPassword("", account)));
  await using server = tcpServer(router, { security: [ntlmServer({ accounts })] });
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const credentials = ntlmClient(account);
  const connecting = Cluster.connect(binding, { credentials, checkNode: true });
  const error = await connecting.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ClusterNodeError);
  expect(error).toMatchObject({ binding, problem });
});

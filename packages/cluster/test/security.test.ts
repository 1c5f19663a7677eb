/** Who may do what: the cluster security descriptor, levels of protection, and what handles were opened with. */
import {
  accountList,
  ntlmClient,
  ntlmServer,
  readAccounts,
  readSddl,
  setPassword,
} from "@msrpc/auth";
import {
  Cluster,
  defaultDefinition,
  defineCluster,
  either,
  loggedOnMay,
  securityPolicy,
  type ServeClusterOptions,
} from "@msrpc/cluster";
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import { Access } from "@msrpc/ms-cmrp/clusapi3";
import { type AuthLevel, createClient, RpcFault } from "@msrpc/rpc";
import { tcpServer, type TcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, expect, test } from "vitest";
import { testedRouter } from "./conformance/tested-router.ts";
import { statusOf } from "./registry-support.ts";

const domain = "EXAMPLE";
const password = "Passw0rd.2";
/** By name, the groups of each account. */
const accounts = {
  admin: ["S-1-5-32-544"],
  operator: ["S-1-5-32-551"],
  reader: ["S-1-5-21-1-2-3-1200"],
  nobody: [],
} as const;
type Name = keyof typeof accounts;

const servers: TcpServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function listen(options: ServeClusterOptions = {}): Promise<string> {
  const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
  const cluster = new Cluster(defineCluster(defaultDefinition, surroundings), { surroundings });
  const router = testedRouter(cluster, {
    policy: securityPolicy(),
    minimumLevel: "privacy",
    ...options,
  });
  const known = Object.entries(accounts).flatMap(([user, groups]) =>
    readAccounts(setPassword("", { user, domain, password })).map((one) => ({ ...one, groups })),
  );
  const server = tcpServer(router, { security: [ntlmServer({ accounts: accountList(known) })] });
  servers.push(server);
  return await server.listen("ncacn_ip_tcp:127.0.0.145[0]");
}

function connect(binding: string, user: Name, level: AuthLevel = "privacy") {
  const transport = tcpTransport(binding, {
    security: ntlmClient({ user, domain, password }),
    level,
  });
  return {
    three: createClient(clusapi3, transport),
    two: createClient(clusapi2, transport),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

test("administrators may do everything, and nobody else anything but backup operators, who read", async () => {
  const binding = await listen();
  const may = async (user: Name): Promise<unknown[]> => {
    await using client = connect(binding, user);
    const { three } = client;
    return [
      await statusOf(three.getClusterName()),
      await statusOf(three.openCluster()),
      await statusOf(three.openClusterEx({ desiredAccess: Access.GenericRead })),
    ];
  };
  expect(await may("admin")).toEqual(["ERROR_SUCCESS", "ERROR_SUCCESS", "ERROR_SUCCESS"]);
  expect(await may("operator")).toEqual(["ERROR_SUCCESS", "ERROR_ACCESS_DENIED", "ERROR_SUCCESS"]);
  const nothing = ["ERROR_ACCESS_DENIED", "ERROR_ACCESS_DENIED", "ERROR_ACCESS_DENIED"];
  expect(await may("reader")).toEqual(nothing);
  expect(await may("nobody")).toEqual(nothing);
});

test("a descriptor gives some all, others reading, and takes it from some", async () => {
  const descriptor = readSddl(
    "D:(D;;GA;;;S-1-5-32-551)(A;;GA;;;BA)(A;;GR;;;S-1-5-21-1-2-3-1200)(A;;GR;;;AU)",
  );
  const binding = await listen({ policy: securityPolicy(descriptor) });
  const granted = async (user: Name): Promise<unknown> => {
    await using client = connect(binding, user);
    const desiredAccess = Access.MaximumAllowed;
    return (await client.three.openClusterEx({ desiredAccess })).grantedAccess;
  };
  expect(await granted("admin")).toBe(Access.GenericAll);
  expect(await granted("reader")).toBe(Access.GenericRead);
  expect(await granted("nobody")).toBe(Access.GenericRead);
});

test("whoever has logged on may read where that is said, and administrators all", async () => {
  const binding = await listen({ policy: either(securityPolicy(), loggedOnMay("read")) });
  const may = async (user: Name): Promise<unknown[]> => {
    await using client = connect(binding, user);
    const { three } = client;
    return [await statusOf(three.getClusterName()), await statusOf(three.openCluster())];
  };
  expect(await may("nobody")).toEqual(["ERROR_SUCCESS", "ERROR_ACCESS_DENIED"]);
  expect(await may("admin")).toEqual(["ERROR_SUCCESS", "ERROR_SUCCESS"]);
});

test("a handle has the access that it was opened with, also where its client may do more", async () => {
  const binding = await listen();
  await using client = connect(binding, "admin");
  const { three } = client;
  const { returnValue: network } = await three.openNetworkEx({
    networkName: "Cluster Network 1",
    desiredAccess: Access.GenericRead,
  });
  expect(await statusOf(three.getNetworkState({ network }))).toBe("ERROR_SUCCESS");
  expect(await statusOf(three.setNetworkName({ network, networkName: "x" }))).toBe(
    "ERROR_ACCESS_DENIED",
  );
});

test("version 2.0 takes signed calls of those who may do all, by NTLM over TCP", async () => {
  const binding = await listen();
  await using admin = connect(binding, "admin", "integrity");
  await using operator = connect(binding, "operator", "integrity");
  expect(await admin.two.getClusterName()).toEqual({ clusterName: "cluster1", nodeName: "node1" });
  expect(await statusOf(operator.two.getClusterName())).toBe("ERROR_ACCESS_DENIED");
});

test("version 2.0 takes calls that only the logon vouches for where it is told to", async () => {
  const strict = await listen();
  await using refused = connect(strict, "admin", "connect");
  await expect(refused.two.getClusterName()).rejects.toThrow(RpcFault);
  const lax = await listen({ minimumLevel2: "connect" });
  await using taken = connect(lax, "admin", "connect");
  expect(await statusOf(taken.two.getClusterName())).toBe("ERROR_SUCCESS");
  await expect(taken.three.getClusterName()).rejects.toThrow(RpcFault);
});

test("a handle of one version is none in the other", async () => {
  const binding = await listen();
  await using client = connect(binding, "admin");
  const group = await client.two.openGroup({ groupName: "Cluster Group" });
  expect(await client.two.getGroupState({ group })).toMatchObject({ nodeName: "node1" });
  await expect(client.three.getGroupState({ group })).rejects.toThrow("context_mismatch");
});

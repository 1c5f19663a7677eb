/** Every control code of the table is answered, with the access and the room that it takes. */
import { type clusapi3, Status } from "@msrpc/ms-cmrp";
import { Access } from "@msrpc/ms-cmrp/clusapi3";
import { type Client, RpcError } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { allCodes } from "../src/control/all-codes.ts";
import type { ControlCode } from "../src/control/code.ts";
import { allAnswers } from "../src/control/dispatch.ts";
import { startCluster, type Started } from "./registry-support.ts";

type Result = { status: number; outBuffer: Uint8Array; requiredSize: number };
type Call = (code: number, room: number, inBuffer?: Uint8Array | null) => Promise<Result>;
type Opened = Record<keyof typeof allCodes, readonly [Call, Call]>;

/** What a code answers, with its status, whatever that is. */
async function result(call: Promise<object>): Promise<Result> {
  const given = await call.catch((error: unknown) => {
    if (!(error instanceof RpcError)) throw error;
    return { ...error.response, returnValue: error.status };
  });
  const nothing = { outBuffer: new Uint8Array(0), requiredSize: 0, returnValue: 0 };
  const { returnValue, outBuffer, requiredSize } = { ...nothing, ...given };
  return { status: returnValue, outBuffer, requiredSize };
}

/** The operations of each kind of object of the default cluster, and of a group set beside it: on the object alone, and on its node. */
async function open(
  client: Client<typeof clusapi3.operations>,
  desiredAccess: number,
): Promise<Opened> {
  const opened = <T>({ returnValue }: { returnValue: T }): T => returnValue;
  const cluster = opened(await client.openClusterEx({ desiredAccess }));
  const node = opened(await client.openNodeEx({ nodeName: "node1", desiredAccess }));
  const group = opened(await client.openGroupEx({ groupName: "Cluster Group", desiredAccess }));
  const resource = opened(
    await client.openResourceEx({ resourceName: "Cluster Name", desiredAccess }),
  );
  const network = opened(
    await client.openNetworkEx({ networkName: "Cluster Network 1", desiredAccess }),
  );
  const netInterface = opened(
    await client.openNetInterfaceEx({ netInterfaceName: "node1 - Ethernet", desiredAccess }),
  );
  const groupSet = await client.openGroupSet({ groupSetName: "Set" });
  const type = { cluster, resourceTypeName: "Physical Disk" };
  const request = (
    controlCode: number,
    outBufferSize: number,
    inBuffer: Uint8Array | null = null,
  ) => ({
    controlCode,
    outBufferSize,
    inBuffer,
  });
  type Request = ReturnType<typeof request>;
  const both = (
    alone: (q: Request) => Promise<object>,
    onNode: (q: Request) => Promise<object>,
  ): readonly [Call, Call] => [
    (...q) => result(alone(request(...q))),
    (...q) => result(onNode(request(...q))),
  ];
  return {
    cluster: both(
      (q) => client.clusterControl({ ...q, cluster }),
      (q) => client.nodeClusterControl({ ...q, cluster, hostNode: node }),
    ),
    node: both(
      (q) => client.nodeControl({ ...q, node }),
      (q) => client.nodeNodeControl({ ...q, node, hostNode: node }),
    ),
    group: both(
      (q) => client.groupControl({ ...q, group }),
      (q) => client.nodeGroupControl({ ...q, group, node }),
    ),
    groupSet: both(
      (q) => client.groupSetControl({ ...q, groupSet }),
      (q) => client.nodeGroupSetControl({ ...q, groupSet, node }),
    ),
    resource: both(
      (q) => client.resourceControl({ ...q, resource }),
      (q) => client.nodeResourceControl({ ...q, resource, node }),
    ),
    resourceType: both(
      (q) => client.resourceTypeControl({ ...q, ...type }),
      (q) => client.nodeResourceTypeControl({ ...q, ...type, node }),
    ),
    network: both(
      (q) => client.networkControl({ ...q, network }),
      (q) => client.nodeNetworkControl({ ...q, network, node }),
    ),
    netInterface: both(
      (q) => client.netInterfaceControl({ ...q, netInterface }),
      (q) => client.nodeNetInterfaceControl({ ...q, netInterface, node }),
    ),
  };
}

const kinds = Object.keys(allAnswers) as (keyof typeof allAnswers)[];
const served: readonly ControlCode[] = kinds.flatMap((kind) => allCodes[kind]);
const rows = served.map((code) => [code.name, code] as const);

/** More than any answer takes, but for the one code that wants to be given no more than it needs. */
function roomFor({ name }: ControlCode): number {
  return name === "RESOURCE_GET_NODES_IN_FD" ? 8 : 65_536;
}

test("the table has the 215 codes of the document, each value once for its kind of object", () => {
  const all = Object.values(allCodes).flat();
  expect(all).toHaveLength(215);
  expect(new Set(all.map(({ kind, value }) => `${kind} ${value}`)).size).toBe(215);
  expect(new Set(all.map(({ name }) => name)).size).toBe(215);
});

test("every code has an answer, and every answer is that of a code", () => {
  for (const kind of kinds) {
    const names = new Set(allCodes[kind].map(({ name }) => name));
    expect([...names].filter((name) => allAnswers[kind][name] === undefined)).toEqual([]);
    const unknown = Object.keys(allAnswers[kind]).filter((name) => !names.has(name));
    // Some kinds of objects have no codes for formats; the answers are made for all alike.
    expect(unknown.filter((name) => !name.endsWith("_PROPERTY_FMTS"))).toEqual([]);
  }
});

/** What every code may answer to a caller that has room enough. */
const common = [
  0,
  Status.ERROR_INVALID_FUNCTION,
  Status.ERROR_INVALID_DATA,
  Status.ERROR_INVALID_PARAMETER,
];

async function started(desiredAccess: number): Promise<Started & { opened: Opened }> {
  const cluster = startCluster();
  await cluster.client.createGroupSet({ groupSetName: "Set" });
  return { ...cluster, opened: await open(cluster.client, desiredAccess) };
}

test.each(rows)("%s is answered on the object and on a node of choice", async (_, code) => {
  const { opened } = await started(Access.GenericAll);
  const [alone, onNode] = opened[code.kind];
  const first = await alone(code.value, roomFor(code));
  expect([...common, ...code.errors]).toContain(first.status);
  if (first.status === 0 && code.buffers !== "out" && code.buffers !== "inOut") {
    expect(first.outBuffer).toHaveLength(0);
  }
  const isChange = code.access === "all";
  if (!isChange) expect(await onNode(code.value, roomFor(code))).toEqual(first);
});

test.each(rows)("%s says how much room it takes, and takes no less", async (_, code) => {
  const { opened } = await started(Access.GenericAll);
  const [alone] = opened[code.kind];
  const { status, outBuffer } = await alone(code.value, roomFor(code));
  if (status !== 0 || outBuffer.length === 0) return;
  const size = outBuffer.length;
  expect(await alone(code.value, size)).toEqual({ status: 0, outBuffer, requiredSize: 0 });
  const short = {
    status: Status.ERROR_MORE_DATA,
    outBuffer: new Uint8Array(0),
    requiredSize: size,
  };
  expect(await alone(code.value, size - 1)).toEqual(short);
  const none = code.needsNoRoom ? { ...short, status: 0, requiredSize: 0 } : short;
  expect(await alone(code.value, 0)).toEqual(none);
});

/** A handle to a group set always has all access. */
const rowsOfLevels = rows.filter(([, { kind }]) => kind !== "groupSet");

test.each(rowsOfLevels)("%s takes a handle with the access of its row", async (_, code) => {
  const { opened } = await started(Access.GenericRead);
  for (const call of opened[code.kind]) {
    const { status } = await call(code.value, roomFor(code));
    if (code.access === "all") expect(status).toBe(Status.ERROR_ACCESS_DENIED);
    else if (!code.errors.includes(Status.ERROR_ACCESS_DENIED)) {
      expect(status).not.toBe(Status.ERROR_ACCESS_DENIED);
    }
  }
});

test.each(kinds)("a %s doesn't know codes of others, and codes that nobody knows", async (kind) => {
  const { opened } = await started(Access.GenericAll);
  const [alone, onNode] = opened[kind];
  for (const value of [0, 0x0900_0055, 0xffff_ffff]) {
    expect((await alone(value, 0)).status).toBe(Status.ERROR_INVALID_FUNCTION);
    expect((await onNode(value, 0)).status).toBe(Status.ERROR_INVALID_FUNCTION);
  }
});

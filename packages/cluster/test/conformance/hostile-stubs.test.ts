/**
 * Every method of both versions with stubs that nobody's client writes: drawn from the plan of the interface, with handles
 * of any kind, and damaged. In one process, and a sample of them over TCP.
 */
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import { NdrReader } from "@msrpc/ndr";
import { type AnyOperation, type Association, createClient } from "@msrpc/rpc";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { encodeStub, type StructValue, type Value, type WireType } from "@msrpc/wire";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { calls } from "../../../../test/support/call-values.ts";
import { planOf } from "../../../../test/support/own-idl.ts";
import type { Version } from "../../src/service/methods/table.ts";
import { type Called, called } from "./called.ts";
import { endOf, numbers, Watch } from "./hostile.ts";
import {
  type Client2,
  type Client3,
  type Handles,
  handlesOf,
  newScene,
  type Scene,
} from "./scene.ts";

const plans = { 2: planOf("ms-cmrp/clusapi2.idl"), 3: planOf("ms-cmrp/clusapi3.idl") };

/** nca_s_op_rng_error. */
const noSuchOperation = 0x1c01_0002;

type Syntax = "ndr" | "ndr64";

/** Handles of every type by their names in the IDL, each of another object. */
function uuidsOf(handles: Handles): ReadonlyMap<string, string> {
  const { cluster, node2, spare, idle, network, netInterface, below, notify } = handles;
  const { batchPort, emptySet } = handles;
  const known = {
    HCLUSTER_RPC: cluster,
    HNODE_RPC: node2,
    HGROUP_RPC: spare,
    HRES_RPC: idle,
    HKEY_RPC: below,
    HNOTIFY_RPC: notify,
    HNETWORK_RPC: network,
    HNETINTERFACE_RPC: netInterface,
    HBATCH_PORT_RPC: batchPort,
    HGROUPSET_RPC: emptySet,
    HGENERIC_RPC: node2,
  };
  return new Map(Object.entries(known).flatMap(([name, one]) => (one ? [[name, one.uuid]] : [])));
}

/** Values as drawn, with handles that are there in the place of made-up ones. */
function withHandles(
  version: Version,
  params: readonly { readonly name: string; readonly type: WireType }[],
  value: StructValue,
  handleFor: (type: string) => string,
): StructValue {
  const { types } = plans[version].plan;
  const typeOf = (type: WireType): string | null => {
    if (type.kind === "pointer") return typeOf(type.target);
    return type.kind === "named" && types[type.name]?.kind === "contextHandle" ? type.name : null;
  };
  const members = params.flatMap(({ name, type }): [string, Value][] => {
    const handle = typeOf(type);
    return handle === null ? [] : [[name, { attributes: 0, uuid: handleFor(handle) }]];
  });
  return { ...value, ...Object.fromEntries(members) };
}

/** A stub, and what becomes of it on the way. */
function* damaged(stub: Uint8Array, next: (bound: number) => number): Generator<Uint8Array> {
  yield stub;
  yield stub.slice(0, next(stub.length + 1));
  for (let turn = 0; turn < 3; turn++) {
    const copy = stub.slice();
    for (let flips = next(4) + 1; flips > 0 && copy.length > 0; flips--) {
      copy[next(copy.length)] = next(256);
    }
    yield copy;
  }
  for (const count of [0, 0x1_0000, 0x7fff_ffff, 0xffff_ffff]) {
    const copy = stub.slice();
    const at = next(Math.floor(copy.length / 4)) * 4;
    if (at + 4 <= copy.length) new DataView(copy.buffer).setUint32(at, count, true);
    yield copy;
  }
  const longer = new Uint8Array(stub.length + 4096);
  longer.set(stub);
  yield longer;
}

/** Stubs of requests of a method: of each drawn call with good handles, with made-up ones, with null and with mixed-up ones. */
function* stubsOf(
  { version, method: { opnum } }: Called,
  handles: Handles,
  syntax: Syntax,
  rounds: number,
): Generator<Uint8Array> {
  const { plan, interface: found } = plans[version];
  const operation = found.operations[opnum];
  if (operation === undefined) throw new TypeError(`no operation ${opnum}`);
  const known = uuidsOf(handles);
  const all = [...known.values()];
  const nobody = "00000000-0000-0000-0000-000000000000";
  const next = numbers(opnum);
  const choices: readonly ((type: string) => string)[] = [
    (type) => known.get(type) ?? nobody,
    (type) => known.get(type) ?? nobody,
    () => crypto.randomUUID(),
    () => nobody,
    () => all[next(all.length)] ?? nobody,
  ];
  const drawn = fc.sample(calls(plan, operation), { seed: opnum, numRuns: rounds });
  const params = operation.params.filter(({ isIn }) => isIn);
  for (const [at, { request }] of drawn.entries()) {
    const handleFor = choices[at % choices.length]!;
    const value = withHandles(version, params, request, handleFor);
    yield* damaged(encodeStub(plan, operation, "in", value, { syntax, bigEndian: false }), next);
  }
}

interface Wire {
  readonly scene: Scene;
  readonly association: Association;
  readonly handles: Handles;
}

/** An association of a client that has handles, for stubs as they are. */
async function connect(
  version: Version,
  scene: Scene,
  transport: Parameters<typeof createClient>[1],
): Promise<Wire> {
  const association = await transport.associate(version === 3 ? clusapi3 : clusapi2);
  const shared = { ...transport, associate: () => Promise.resolve(association) };
  const three: Client3 = createClient(clusapi3, shared);
  const two: Client2 = createClient(clusapi2, shared);
  return { scene, association, handles: await handlesOf({ ...scene, three, two }, version) };
}

/** The status in an answer, which has to be one to the request. */
function statusOf({ version, key }: Called, syntax: Syntax, stub: Uint8Array) {
  return (reply: unknown): number => {
    const { operations, strictness = 6 } = version === 3 ? clusapi3 : clusapi2;
    const operation = (operations as Record<string, AnyOperation>)[key]!;
    const format = { syntax, byteOrder: "little", strictness } as const;
    const request = operation.decodeRequest(new NdrReader(stub, format));
    const { stub: answer } = reply as { readonly stub: Uint8Array };
    const reader = new NdrReader(answer, format);
    const response = operation.decodeResponse(reader, request) as Record<string, unknown>;
    expect(reader.remaining).toBe(0);
    const [member = "returnValue"] = operation.status ?? [];
    const status = response[member];
    return typeof status === "number" ? status : 0;
  };
}

test.each(called)(
  "%s answers any stub with an answer or a fault, and the server goes on",
  async (_, one) => {
    for (const syntax of ["ndr", "ndr64"] as const) {
      const watch = new Watch();
      const { association, handles } = await connect(
        one.version,
        watch.scene,
        watch.transport(syntax),
      );
      for (const stub of stubsOf(one, handles, syntax, syntax === "ndr" ? 8 : 3)) {
        const about = Buffer.from(stub.subarray(0, 200)).toString("hex");
        await watch.hold(about, () =>
          endOf(
            (signal) => association.call(one.method.opnum, stub, { signal }),
            statusOf(one, syntax, stub),
          ),
        );
      }
      watch.demandKept();
      const alive = await endOf(() => watch.scene.connect().getClusterName());
      expect(alive).toEqual({ kind: "answer", status: 0 });
      await association.close();
      expect(watch.handles).toBe(0);
    }
  },
);

test.each([3, 2] as const)(
  "version %s.0 has no other methods than those of its table",
  async (version) => {
    const watch = new Watch();
    const { association } = await connect(version, watch.scene, watch.transport());
    const served = new Set(
      called
        .map(([, one]) => one)
        .filter((one) => one.version === version)
        .map(({ method }) => method.opnum),
    );
    for (let opnum = 0; opnum < 300; opnum++) {
      if (served.has(opnum)) continue;
      const end = await endOf(
        () => association.call(opnum, new Uint8Array(64)),
        () => 0,
      );
      expect(end, String(opnum)).toEqual({ kind: "fault", status: noSuchOperation });
    }
  },
);

test.each([3, 2] as const)(
  "over TCP, stubs of any kind leave a connection of version %s.0 and its server as they are",
  async (version) => {
    const scene = newScene();
    const server = tcpServer(scene.router);
    const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
    await using transport = tcpTransport(binding);
    const { association, handles } = await connect(version, scene, transport);
    for (const [, one] of called) {
      // What may wait is given up in the tests above.
      if (one.version !== version || /^get(?:Notify|Batch)|Ex$/.test(one.key)) continue;
      for (const stub of [...stubsOf(one, handles, "ndr", 2)].filter((_, at) => at % 4 === 1)) {
        const call = association.call(one.method.opnum, stub);
        await call.then(
          (reply) => statusOf(one, "ndr", stub)(reply),
          (error: unknown) => expect(error).toMatchObject({ name: "RpcFault" }),
        );
      }
    }
    expect(association.isClosed).toBe(false);
    await using other = createClient(clusapi3, tcpTransport(binding));
    expect(await other.getClusterName()).toMatchObject({ nodeName: "node1" });
    await server.close();
  },
);

/** Extended errors: records as octets, and what servers tell of faults. */
import { NdrError } from "@msrpc/ndr";
import { randomSource } from "@msrpc/ndr/testing";
import { mgmt } from "@msrpc/dce-rpc/mgmt";
import {
  createClient,
  createRouter,
  type FaultedCall,
  inMemoryTransport,
  RpcFault,
} from "@msrpc/rpc";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import {
  type ErrorParameter,
  type ErrorRecord,
  extendedErrorOf,
  readExtendedError,
  tellErrors,
  writeExtendedError,
} from "@msrpc/services";
import { expect, test } from "vitest";

const record: ErrorRecord = {
  computerName: null,
  processId: 4242,
  time: new Date("2023-11-14T22:13:20.123Z"),
  component: 2,
  status: 5,
  location: 3056,
  parameters: [],
  missingBefore: false,
  missingAfter: false,
};

const chain: readonly ErrorRecord[] = [
  {
    ...record,
    computerName: "NODE1",
    parameters: [
      { type: "unicode", value: "Größe" },
      { type: "long", value: -3 },
    ],
  },
  { ...record, status: 2 },
];

/** Headers, a pointer, and then what python3-samba packs for the chain, with other referent ids. */
const chainOctets = [
  "01100800cccccccca00000000000000000000200020000000400020001000100",
  "06000000080002009210000000000000b0c47fc64717da010200000005000000",
  "f00b00000200000002000200060000000c0002000000000003000300fdffffff",
  "000000000000000000000000020002009210000000000000b0c47fc64717da01",
  "0200000002000000f00b000000000000060000004e004f004400450031000000",
  "0600000047007200f600df0065000000",
].join("");

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex");

test("a chain is one pointer by type serialization, its causes behind it", () => {
  expect(hex(writeExtendedError(chain))).toBe(chainOctets);
  expect(readExtendedError(Buffer.from(chainOctets, "hex"))).toEqual(chain);
});

test("no records are a NULL pointer", () => {
  const octets = writeExtendedError([]);
  expect(octets).toHaveLength(24);
  expect(readExtendedError(octets)).toEqual([]);
});

const parameters: readonly ErrorParameter[] = [
  { type: "ansi", value: "Größe" },
  { type: "unicode", value: "\u{1f600}" },
  { type: "long", value: -(2 ** 31) },
  { type: "short", value: -2 },
  { type: "pointer", value: -(2n ** 63n) },
  { type: "none" },
  { type: "binary", value: Uint8Array.of(0, 1, 2) },
  { type: "binary", value: new Uint8Array(0) },
];

test.each(parameters)("a parameter of type $type comes back", (parameter) => {
  const sent = { ...record, parameters: [parameter, parameter], missingAfter: true };
  expect(readExtendedError(writeExtendedError([sent]))).toEqual([sent]);
});

test("texts without a terminator are read as they are", () => {
  const sent = { ...record, computerName: "A", parameters: [] };
  const octets = writeExtendedError([sent]);
  const at = hex(octets).indexOf("41000000") / 2;
  octets.set([0x42, 0], at + 2);
  expect(readExtendedError(octets)).toEqual([{ ...sent, computerName: "AB" }]);
});

test("more than four parameters are refused, also when they come", () => {
  const none = { type: "none" } as const;
  const written = (count: number) =>
    writeExtendedError([{ ...record, parameters: Array.from({ length: count }, () => none) }]);
  expect(() => written(5)).toThrow(expect.objectContaining({ code: "out_of_range" }));
  const octets = written(4);
  const at = hex(octets).indexOf("f00b0000") / 2 + 4;
  octets[at] = 5;
  expect(() => readExtendedError(octets)).toThrow(
    expect.objectContaining({ code: "out_of_range", path: "nLen" }),
  );
});

test("text of ansi has the characters of ISO 8859-1 alone", () => {
  const parameters = [{ type: "ansi", value: "\u20ac" }] as const;
  expect(() => writeExtendedError([{ ...record, parameters }])).toThrow(TypeError);
});

test.each([...Array(chainOctets.length / 2).keys()].filter((length) => length % 16 === 0))(
  "%i octets of a chain are refused",
  (length) => {
    const cut = Buffer.from(chainOctets, "hex").subarray(0, length);
    expect(() => readExtendedError(cut)).toThrow(expect.objectContaining({ name: "NdrError" }));
  },
);

test("a chain that is too long is refused and not followed", () => {
  const endless = Array.from({ length: 600 }, () => record);
  const octets = (): unknown => readExtendedError(writeExtendedError(endless));
  expect(octets).toThrow(expect.objectContaining({ code: "too_deep" }));
});

test("damaged chains are other chains, or an NdrError", () => {
  const sound = Buffer.from(chainOctets, "hex");
  const next = randomSource(1);
  for (let i = 0; i < 5000; i++) {
    const damaged = Uint8Array.from(
      sound.subarray(0, next(8) === 0 ? next(sound.length) : sound.length),
    );
    for (let flips = next(4); flips >= 0; flips--) {
      if (damaged.length > 0) damaged[next(damaged.length)] = next(3) === 0 ? 0xff : next(256);
    }
    try {
      expect(Array.isArray(readExtendedError(damaged))).toBe(true);
    } catch (error) {
      expect(error, hex(damaged)).toBeInstanceOf(NdrError);
    }
  }
});

const bug = new Error("no such file", { cause: new RpcFault(1722) });

function routerThat(options: Parameters<typeof tellErrors>[0]) {
  const extendedError = tellErrors(options);
  return createRouter({ onError: () => {}, extendedError }).serve(mgmt, {
    isServerListening() {
      throw bug;
    },
    inqStats() {
      throw new RpcFault(5);
    },
  });
}

async function faultOf(call: Promise<unknown>): Promise<RpcFault> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof RpcFault)) throw new Error("no fault");
  return thrown;
}

test("a caller hears of an error and its causes, over TCP and in memory", async () => {
  const router = routerThat({ minimumLevel: "none", computerName: "NODE1", processId: 9 });
  await using server = tcpServer(router);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  for (const transport of [inMemoryTransport(router), tcpTransport(binding)]) {
    await using client = createClient(mgmt, transport);
    const fault = await faultOf(client.isServerListening());
    expect(extendedErrorOf(fault)).toMatchObject([
      { status: fault.status, computerName: "NODE1", processId: 9, component: 1, parameters: [] },
      { status: 1722 },
    ]);
    // The connection goes on.
    expect(extendedErrorOf(await faultOf(client.inqStats({ count: 1 })))).toMatchObject([
      { status: 5 },
    ]);
  }
});

test("details are messages, and what another server said of a cause", async () => {
  const client = createClient(
    mgmt,
    inMemoryTransport(routerThat({ minimumLevel: "none", details: true })),
  );
  const heard = await faultOf(client.isServerListening());
  const [said, cause] = extendedErrorOf(heard);
  expect(said?.parameters).toEqual([{ type: "unicode", value: "no such file" }]);
  expect(cause?.parameters).toEqual([{ type: "unicode", value: "RPC_S_SERVER_UNAVAILABLE" }]);
  const extendedError = heard.extendedError;
  const call = callWith(new Error("further", { cause: new RpcFault(6, "", { extendedError }) }));
  const told = tellErrors({ minimumLevel: "none", details: true })(call);
  expect(readExtendedError(told ?? new Uint8Array())).toMatchObject([
    { status: 31, parameters: [{ value: "further" }] },
    { status: 6 },
    { parameters: [{ value: "no such file" }] },
    { status: 1722 },
  ]);
});

function callWith(error: unknown, level: FaultedCall["caller"]["level"] = "none"): FaultedCall {
  const caller = { principal: null, level, transport: "unix", address: "", reached: "" } as const;
  return { status: 31, error, operation: mgmt.operations.inqStats, interface: mgmt, caller };
}

test("callers below the level are told nothing: strangers, unless it says so", () => {
  const levels = ["none", "connect", "packet", "privacy"] as const;
  const told = (minimumLevel?: "none" | "privacy") => {
    const tell = tellErrors(minimumLevel === undefined ? {} : { minimumLevel });
    return levels.filter((level) => tell(callWith(bug, level)) !== null);
  };
  expect(told()).toEqual(["packet", "privacy"]);
  expect(told("privacy")).toEqual(["privacy"]);
  expect(told("none")).toEqual(levels);
});

test("a circle of causes ends", () => {
  const circle = new Error("round");
  circle.cause = circle;
  const told = tellErrors({ minimumLevel: "none" })(callWith(circle));
  expect(readExtendedError(told ?? new Uint8Array())).toHaveLength(16);
});

test("errors of which nothing was said have no records", async () => {
  expect(extendedErrorOf(new RpcFault(5))).toEqual([]);
  expect(extendedErrorOf(new Error("other"))).toEqual([]);
});

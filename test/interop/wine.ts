// Wine's widl and RPC runtime: an NDR engine and a DCE/RPC runtime that owe nothing to Samba's, as client and as server of
// an interface with the constructs that Samba's interfaces don't show.
import { isDeepStrictEqual } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, createClient, type RpcFault } from "@msrpc/rpc";
import { tcpServer, type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { freePort } from "./support/free-port.ts";
import { buildPrograms, generateShapes, type Shapes, type WinePrograms } from "./wine/build.ts";
import { runAside } from "./rpc/run-aside.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand, expectNone } from "./support/report.ts";
import { serveShapes } from "./wine/handlers.ts";
import { endWine, startWineServer, wine } from "./wine/server.ts";

needPackages("wine64", "wine64-tools", "libwine-dev", "gcc", "libc6-dev");

const scalars = {
  tiny: -8,
  octet: 200,
  half: -1600,
  whole: 4_000_000_000,
  twice: -1_234_567_890_123n,
  single: 1.5,
  precise: -2.25e300,
  shade: 300,
  rank: 70_000,
};
const chain = [28, 21, 14, 7].reduce<object | null>((next, value) => ({ value, next }), null);
const items = Array.from({ length: 20_000 }, (_, i) => (i - 300) * 10_003);
const sum = items.reduce((total, item) => total + BigInt(item), 0n);
const counted = { length: 8, room: 16, text: "text" };
const entries = [
  { it: { type: 1, value: 99 } },
  { it: { type: 2, value: 3.25 } },
  { it: { type: 3, value: { length: 6, room: 6, text: "tag" } } },
  { it: { type: "default", tag: 77 } },
];

/** Calls with what is to come back. */
const calls: readonly (readonly [operation: string, request: object, answer: object])[] = [
  ["add", { a: 40, b: 2 }, { returnValue: 42 }],
  ["echoScalars", { given: scalars }, { taken: scalars }],
  ["echoWide", { given: "hél中o" }, { taken: "hél中o", returnValue: 5 }],
  ["echoWide", { given: "" }, { taken: "", returnValue: 0 }],
  ["echoNarrow", { given: "plain text" }, { taken: "plain text", returnValue: 10 }],
  ["echoNarrow", { given: null }, { taken: null, returnValue: -1 }],
  ["total", { items }, { returnValue: sum }],
  ["total", { items: [] }, { returnValue: 0n }],
  ["reverse", { room: 8, used: 3, items: [1, 2, 3] }, { items: [3, 2, 1, 7], returnValue: 4 }],
  ["echoRun", { given: { items: [0, 11, 22] } }, { taken: { items: [0, 11, 22] }, returnValue: 3 }],
  ["echoCounted", { given: counted }, { taken: counted, returnValue: 8 }],
  ["echoChain", { given: chain }, { taken: chain, returnValue: 4 }],
  ["echoChain", { given: null }, { taken: null, returnValue: 0 }],
  ...[
    { type: 1, value: -7 },
    { type: 2, value: 1n << 40n },
    { type: 3, value: -0.5 },
  ].map((given) => ["echoChoice", { given }, { taken: given, returnValue: given.type }] as const),
  [
    "echoChoice",
    { given: { type: "default", tag: 9 } },
    { taken: { type: "default", tag: 9 }, returnValue: 9 },
  ],
  ["echoTable", { given: { entries } }, { taken: { entries }, returnValue: 4 }],
  ["squares", { wanted: 4 }, { items: [0n, 1n, 4n, 9n], returnValue: 0 }],
  [
    "transpose",
    {
      given: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    },
    {
      taken: [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
      returnValue: 1,
    },
  ],
  ["letters", { labels: ["one", null, "seven"] }, { returnValue: 1008 }],
];

type Method = (request: object, options: CallOptions) => Promise<Record<string, unknown>>;

async function callWine(shapes: Shapes, binding: string, options: TcpOptions): Promise<string> {
  await using transport = tcpTransport(binding, options);
  const client = createClient(shapes, transport) as unknown as Readonly<Record<string, Method>>;
  const call = (name: string, request: object): Promise<Record<string, unknown>> => {
    const method = client[name];
    if (method === undefined) throw new Error(`no operation ${name}`);
    return method(request, { timeout: 10_000 });
  };
  const wrong: string[] = [];
  for (const [name, request, answer] of calls) {
    const got = await call(name, request);
    if (!isDeepStrictEqual(got, answer)) wrong.push(`${name}: ${JSON.stringify(got, plain)}`);
  }
  expectNone(wrong);
  for (const status of [0xc0ffee01, 5]) {
    const fault = await call("fail", { status }).catch((error: unknown) => error);
    demand((fault as RpcFault).status === status, `fail(${status}): ${String(fault)}`);
  }
  const { opened } = await call("openCounter", { start: 10 });
  await call("nextNumber", { from: opened });
  const { number } = await call("nextNumber", { from: opened });
  demand(number === 11, `a counter gives ${String(number)}`);
  const { closed } = await call("closeCounter", { closed: opened });
  demand(closed === null, "a closed handle comes back");
  await call("openCounter", { start: 500 });
  return `${calls.length + 7} calls`;
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

async function asClient(shapes: Shapes, programs: WinePrograms): Promise<void> {
  await using server = await startWineServer(programs, await freePort());
  // It doesn't answer big-endian requests, and refuses fragments of less than 4,096 octets.
  const forms: Readonly<Record<string, TcpOptions>> = {
    "": {},
    ", in the smallest fragments that it takes": { limits: { maxFragment: 4096 } },
    ", offering NDR64 first": { syntaxes: ["ndr64", "ndr"] },
  };
  for (const [form, options] of Object.entries(forms)) {
    await check(`Our client calls Wine's server${form}`, () =>
      callWine(shapes, server.binding, options),
    );
  }
  await check("Wine's server runs down what our client left", async () => {
    const expected = Object.keys(forms).length;
    const rundowns = (): number => server.lines.filter((line) => line === "rundown 500").length;
    for (let tries = 0; tries < 50 && rundowns() < expected; tries++) await delay(100);
    demand(rundowns() === expected, `${rundowns()} of ${expected}`);
    return `${expected} handles`;
  });
}

async function asServer(shapes: Shapes, programs: WinePrograms): Promise<void> {
  const rundowns: number[] = [];
  const router = serveShapes(shapes, (number) => rundowns.push(number));
  for (const maxFragment of [65_528, 1432]) {
    await check(`Wine's client calls our server, fragments of ${maxFragment} octets`, async () => {
      const before = rundowns.length;
      await using server = tcpServer(router, { limits: { maxFragment } });
      const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
      const [, port = ""] = /\[(\d+)\]/.exec(binding) ?? [];
      const { status, stdout, stderr } = await runAside(
        wine,
        [programs.client, "127.0.0.1", port],
        60,
        programs.env,
      );
      const lines = stdout.trim().split(/\r?\n/);
      const raised = new Set(["fault raised 0xc0ffee01", "denied raised 0x5"]);
      demand(status === 0, `${stderr}\n${stdout}`);
      expectNone(lines.filter((line) => !line.endsWith(" right") && !raised.has(line)));
      demand(lines.length === 26, `${lines.length} answers`);
      for (let tries = 0; tries < 50 && rundowns.length === before; tries++) await delay(100);
      demand(
        rundowns.at(-1) === 501 && rundowns.length === before + 1,
        `rundowns: ${rundowns.join(", ")}`,
      );
      return `${lines.length} answers`;
    });
  }
}

const programs = buildPrograms();
try {
  const shapes = await generateShapes();
  await asClient(shapes, programs);
  await asServer(shapes, programs);
} finally {
  endWine(programs);
}

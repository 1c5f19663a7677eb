/** Every method of both versions with values that nobody should send: answered as documented, and of no other effect. */
import { BatchCommandType, writeBatch, writePropertyList } from "@msrpc/cluster-data";
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import { ContextHandle } from "@msrpc/ndr";
import { createClient } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { dword, sz } from "../control-support.ts";
import { type Called, called } from "./called.ts";
import { type End, endOf, numbers, Watch } from "./hostile.ts";
import { handlesFor } from "./prepare.ts";
import { requestOf } from "./requests.ts";
import { type Client2, type Client3, handlesOf } from "./scene.ts";

type Method = (request: object, options: { readonly signal: AbortSignal }) => Promise<unknown>;

const list = writePropertyList([
  { name: "Description", value: sz("text") },
  { name: "Colour", value: dword(1) },
]);
/** A batch that makes a key with a value, and then has a condition that doesn't hold: none of it is to be left. */
const none = { valueType: 0, data: new Uint8Array(0) };
const batch = writeBatch([
  { ...none, type: BatchCommandType.CreateKey, name: "Hostile" },
  { type: BatchCommandType.SetValue, valueType: 4, name: "x", data: new Uint8Array(4) },
  { ...none, type: BatchCommandType.ConditionExists, name: "nothing" },
]);
/** A self-relative descriptor whose owner is beyond its end. */
const descriptor = new Uint8Array(24);
descriptor.set([1, 0, 4, 0x80, 0xff, 0xff, 0xff, 0x7f]);

/** Octets with some of them changed, in places that are the same each time. */
function damaged(octets: Uint8Array): Uint8Array[] {
  const next = numbers(octets.length);
  return Array.from({ length: 6 }, (_, at) => {
    const copy = octets.slice(0, at % 2 === 0 ? octets.length : next(octets.length));
    for (let flips = 0; flips < 2 && copy.length > 0; flips++) copy[next(copy.length)] = next(256);
    return copy;
  });
}

const texts = ["", " ", "a\0b", "\\", "..\\..", "[", "\ud800", "a".repeat(70_000)];
const integers = [0, 1, 3, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const buffers = [
  new Uint8Array(0),
  new Uint8Array(1),
  new Uint8Array([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
  new Uint8Array(2 ** 20).fill(0xff),
  descriptor,
  list,
  ...damaged(list),
  batch,
  ...damaged(batch),
];

/** What stands in a request instead of a value. */
function instead(value: unknown): unknown[] {
  if (value instanceof ContextHandle) return [];
  if (typeof value === "string") return texts;
  if (typeof value === "number") return integers;
  if (typeof value === "bigint") return [0n, 1n, 3n, 2n ** 62n, 2n ** 63n - 1n];
  if (value instanceof Uint8Array) return buffers;
  if (Array.isArray(value)) return [[], [null], Array<string>(1000).fill("a"), [texts.at(-1)]];
  if (value === null) return [...buffers, ...texts.slice(0, 2)];
  return Object.entries(value as object).flatMap(([member, inner]) =>
    instead(inner).map((other) => ({ ...(value as object), [member]: other })),
  );
}

/** Codes with which buffers are read: to set and to validate common and private properties. */
const reading = [0x0040_005e, 0x0000_0061, 0x0040_0086, 0x0000_0089];

/** The request with one member that is another one. */
function* variants(request: object): Generator<object> {
  for (const [member, value] of Object.entries(request)) {
    for (const other of instead(value)) yield { ...request, [member]: other };
  }
  if (!("controlCode" in request)) return;
  const kind = (Number(request.controlCode) & 0xff00_0000) >>> 0;
  for (const code of reading) {
    for (const inBuffer of buffers) yield { ...request, controlCode: kind + code, inBuffer };
  }
}

async function watched({ version, key }: Called): Promise<[Watch, Method, () => Promise<object>]> {
  const watch = new Watch();
  const transport = watch.transport();
  const three: Client3 = createClient(clusapi3, transport);
  const two: Client2 = createClient(clusapi2, transport);
  const client = version === 3 ? three : two;
  const names = handlesFor(version, key);
  const fresh = async (): Promise<object> => {
    const handles = await handlesOf({ ...watch.scene, three, two }, version, { names });
    return requestOf(version, key, handles) ?? {};
  };
  return [watch, (client as unknown as Record<string, Method>)[key]!, fresh];
}

test.each(called)("%s answers any value as documented, and the server goes on", async (_, one) => {
  const [watch, method, fresh] = await watched(one);
  const run = (request: object): Promise<End> => endOf((signal) => method(request, { signal }));
  for (const request of variants(await fresh())) {
    const about = JSON.stringify(request, (_key, value: unknown) => shown(value));
    await watch.hold(about, () => run(request));
  }
  watch.demandKept();
  const { scene } = watch;
  expect(await endOf(() => scene.connect().getClusterName())).toEqual({
    kind: "answer",
    status: 0,
  });
});

function shown(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return `${value.length} octets`;
  return typeof value === "string" ? value.slice(0, 20) : value;
}

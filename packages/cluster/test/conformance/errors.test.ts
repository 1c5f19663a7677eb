/** Errors that methods answer, each by what leads to it; in both versions where both have it. */
import { writePropertyList } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { dword, sz } from "../control-support.ts";
import { answer, called, ready } from "./called.ts";
import { down, type ErrorCase } from "./errors/case.ts";
import { clusterErrors, networkErrors } from "./errors/cluster.ts";
import { groupSetErrors } from "./errors/group-set.ts";
import { groupErrors, nodeErrors } from "./errors/group.ts";
import { notifyErrors, registryErrors } from "./errors/registry.ts";
import { resourceErrors } from "./errors/resource.ts";
import { sharedVolumeErrors } from "./errors/shared-volumes.ts";
import { handlesIn } from "./prepare.ts";
import { requestOf } from "./requests.ts";

const cases: readonly ErrorCase[] = [
  ...clusterErrors,
  ...networkErrors,
  ...resourceErrors,
  ...sharedVolumeErrors,
  ...groupErrors,
  ...groupSetErrors,
  ...nodeErrors,
  ...registryErrors,
  ...notifyErrors,
];

const rows = cases.flatMap((one, index) =>
  called
    .filter(([, { version, key, method }]) => {
      const isAsked = one.keys.some((asked) => asked === key);
      return isAsked && (one.version ?? version) === version && method.own.has(Status[one.error]);
    })
    .map(([name, method]) => [`${name} answers ${one.error} (${index})`, method, one] as const),
);

test("every case is one of a method that has the error", () => {
  const used = new Set(rows.map(([, , one]) => one));
  expect(cases.filter((one) => !used.has(one))).toEqual([]);
});

test.each(rows)("%s", async (_, method, { error, given, but = () => ({}), options = {} }) => {
  const [scene, side] = await ready(method, { more: handlesIn(but), options });
  given?.(scene);
  expect(await answer(method, side, but(side.handles))).toBe(Status[error]);
});

const waiting = called.filter(([, { key }]) => /^getNotify|^getBatchNotification/.test(key));

test.each(waiting)("%s ends where the port is closed meanwhile", async (_, method) => {
  const [, { client, handles }] = await ready(method);
  const isBatch = method.key === "getBatchNotification";
  const isV2 = method.key === "getNotifyV2";
  // The first answer takes what was there.
  await answer(method, { client, handles });
  const call = answer(method, { client, handles });
  const closing = isBatch
    ? client.closeBatchPort({ batchPort: handles.batchPort! })
    : client.closeNotify({ notify: isV2 ? handles.notifyV2 : handles.notify });
  await closing;
  expect(await call).toBe(Status.ERROR_NO_MORE_ITEMS);
});

const unblocked = waiting.filter(([, { key }]) => key !== "getBatchNotification");

test.each(unblocked)("%s ends where somebody unblocks it", async (_, method) => {
  const [, { client, handles }] = await ready(method);
  await answer(method, { client, handles });
  const call = answer(method, { client, handles });
  const notify = method.key === "getNotifyV2" ? handles.notifyV2 : handles.notify;
  await client.unblockGetNotifyCall({ notify });
  expect(await call).toBe(Status.ERROR_INVALID_FUNCTION);
});

test("in version 2.0 a call for events ends when its time is over", async () => {
  const [, method] = called.find(([name]) => name === "ApiGetNotify of 2.0")!;
  const [, side] = await ready(method);
  await answer(method, side);
  expect(await answer(method, side, { timeout: 1 })).toBe(Status.WAIT_TIMEOUT);
});

const controlling = called.filter(([, { method }]) => method.state === "byCode");

/** A text as a number, and a number as text. */
const badDescription = writePropertyList([{ name: "Description", value: dword(1) }]);
const badDelay = writePropertyList([{ name: "StartupDelay", value: sz("1") }]);

test.each(controlling)("%s answers what is wrong with codes and their buffers", async (_, one) => {
  const [, side] = await ready(one);
  const { controlCode } = requestOf(one.version, one.key, side.handles) as {
    readonly controlCode: number;
  };
  const kind = (controlCode & 0xff00_0000) >>> 0;
  const badFormat = kind === 0x0800_0000 ? badDelay : badDescription;
  const set = { controlCode: kind + 0x0040_005e, outBufferSize: 0 };
  const wrong = [
    [{ controlCode: kind + 0xffff }, Status.ERROR_INVALID_FUNCTION],
    [{ ...set, inBuffer: new Uint8Array([9, 9, 9]) }, Status.ERROR_INVALID_DATA],
    [{ ...set, inBuffer: badFormat }, Status.ERROR_INVALID_PARAMETER],
    [{ controlCode: kind + 0x59, outBufferSize: 1 }, Status.ERROR_MORE_DATA],
  ] as const;
  for (const [but, status] of wrong) expect(await answer(one, side, but)).toBe(status);
});

const onNodes = controlling.filter(([, { key }]) => /^node.+Control$/.test(key));

test.each(onNodes)("%s answers that the node which is to run the code is down", async (_, one) => {
  const [scene, side] = await ready(one, { more: ["node2"] });
  down("node2")(scene);
  const request = requestOf(one.version, one.key, side.handles) ?? {};
  const host = "hostNode" in request ? "hostNode" : "node";
  const status = await answer(one, side, { [host]: side.handles.node2 });
  expect(status).toBe(Status.ERROR_HOST_NODE_NOT_AVAILABLE);
});

/** What clients hear of services. */
import { emptyServiceStatusProcess, type NotifyHandle, type ServiceHandle } from "@msrpc/ms-scmr";
import { notifyMasks, serviceStates } from "@msrpc/service-control";
import { expect, test } from "vitest";
import { type ControlClient, failure, open, openManager, serve } from "./support/served.ts";

async function notify(
  client: ControlClient,
  service: ServiceHandle,
  notifyMask: number,
): Promise<NotifyHandle> {
  const value = {
    ullThreadId: 0n,
    notifyMask,
    callbackAddressArray: new Uint8Array(16),
    callbackParamAddressArray: new Uint8Array(16),
    serviceStatus: emptyServiceStatusProcess(),
    notificationStatus: 0,
    sequence: 0,
    notificationTriggered: 0,
    serviceNames: null,
  };
  const { notify: handle } = await client.notifyServiceStatusChange({
    service,
    notifyParams: { anonymous1: { type: 2, value } },
    clientProcessGuid: crypto.randomUUID(),
  });
  if (handle === null) throw new Error("no handle");
  return handle;
}

async function results(client: ControlClient, handle: NotifyHandle) {
  const { notifyParams } = await client.getNotifyResults({ notify: handle });
  const values = notifyParams?.notifyParamsArray.map(({ anonymous1 }) => anonymous1.value);
  return values?.length === 1 ? values[0] : values;
}

test("a client waits for what a service does, and is told once", async () => {
  const { manager, client: connect } = serve();
  const service = manager.add({ name: "S" });
  const client = connect();
  const handle = await open(client, "S");
  const { running, stopped } = notifyMasks;
  const first = await notify(client, handle, running | stopped);
  // What it is already counts.
  expect(await results(client, first)).toMatchObject({ notificationTriggered: stopped });
  const waiting = results(client, first);
  await client.startServiceW({ service: handle, argv: null });
  expect(await waiting).toMatchObject({
    notificationTriggered: running,
    notificationStatus: 0,
    serviceStatus: { currentState: serviceStates.running },
  });
  expect(await failure(notify(client, handle, running))).toBe("ERROR_ALREADY_REGISTERED");
  const aborted = results(client, first);
  await client.closeNotifyHandle({ notify: first });
  expect(await failure(aborted)).toBe("ERROR_REQUEST_ABORTED");
  expect(await failure(results(client, first))).toBe("nca_s_fault_context_mismatch");
  service.report({ state: serviceStates.stopped });
  const again = await notify(client, handle, notifyMasks.deletePending);
  await client.deleteService({ service: handle });
  expect(await results(client, again)).toMatchObject({ notificationStatus: 1072 });
});

test("the manager tells which services were made and which are gone", async () => {
  const { manager, client: connect } = serve();
  const client = connect();
  const scManager = await openManager(client);
  const handle = await notify(client, scManager, notifyMasks.created | notifyMasks.deleted);
  manager.add({ name: "One" });
  manager.delete(manager.add({ name: "Two" }));
  const { created, deleted } = notifyMasks;
  expect(await results(client, handle)).toMatchObject([
    { notificationTriggered: created, serviceNames: "/One" },
    { notificationTriggered: created, serviceNames: "/Two" },
    { notificationTriggered: deleted, serviceNames: "Two" },
  ]);
});

test("each handle hears what it can, and of nothing at all is no question", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "S" });
  const client = connect();
  const scManager = await openManager(client);
  const service = await open(client, "S");
  const ask = (handle: ServiceHandle, mask: number): Promise<string> =>
    failure(notify(client, handle, mask));
  expect(await ask(service, notifyMasks.created)).toBe("ERROR_INVALID_HANDLE");
  expect(await ask(scManager, notifyMasks.running)).toBe("ERROR_INVALID_HANDLE");
  expect(await ask(service, notifyMasks.created | notifyMasks.running)).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  expect(await ask(service, 0)).toBe("ERROR_INVALID_PARAMETER");
  expect(await ask(service, 0x400)).toBe("ERROR_INVALID_PARAMETER");
  const blind = await open(client, "S", 0x0001);
  expect(await ask(blind, notifyMasks.running)).toBe("ERROR_ACCESS_DENIED");
});

test("who doesn't ask for a long time is told that it lags", async () => {
  const { manager, client: connect } = serve();
  const client = connect();
  const handle = await notify(client, await openManager(client), notifyMasks.created);
  const names = Array.from({ length: 4097 }, (_, at) => `S${at}`);
  for (const name of names) manager.add({ name });
  expect(await failure(results(client, handle))).toBe("ERROR_SERVICE_NOTIFY_CLIENT_LAGGING");
  manager.add({ name: "Last" });
  expect(await results(client, handle)).toMatchObject({ serviceNames: "/Last" });
});

test("who waits by a service whose handle is closed waits no more", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "S" });
  const client = connect();
  const service = await open(client, "S");
  const waiting = results(client, await notify(client, service, notifyMasks.running));
  await client.closeServiceHandle({ scObject: service });
  expect(await failure(waiting)).toBe("ERROR_REQUEST_ABORTED");
});

test("who waits may give up, and handles that nobody closed hear nothing more", async () => {
  const { manager, client: connect, errors } = serve();
  manager.add({ name: "S" });
  {
    await using client = connect();
    const handle = await notify(client, await open(client, "S"), notifyMasks.running);
    const end = new AbortController();
    const waiting = client.getNotifyResults({ notify: handle }, { signal: end.signal });
    end.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  }
  const client = connect();
  await client.startServiceW({ service: await open(client, "S"), argv: null });
  expect(errors).toEqual([]);
});

/** Services: opened, made, started, stopped, deleted, listed. */
import { RpcError } from "@msrpc/rpc";
import { accepts, serviceControls, serviceStates, type ServiceRun } from "@msrpc/service-control";
import { expect, test } from "vitest";
import {
  failure,
  MAXIMUM_ALLOWED,
  newService,
  open,
  openManager,
  serve,
  wide,
} from "./support/served.ts";

const { stopped, startPending, stopPending, running, paused } = serviceStates;

test("a service is started with arguments, asked, paused, continued and stopped", async () => {
  const { manager, client: connect } = serve();
  const told: unknown[] = [];
  manager.add({
    name: "Spooler",
    program: {
      accepts: accepts.stop | accepts.pauseContinue,
      start: ({ args }) => void told.push(args),
      control: (code) => void told.push(code),
    },
  });
  const client = connect();
  const service = await open(client, "spooler");
  const before = await client.queryServiceStatus({ service });
  expect(before.serviceStatus).toMatchObject({ currentState: stopped, win32ExitCode: 1077 });
  await client.startServiceW({ service, argv: [{ stringPtr: "Spooler" }, { stringPtr: "-v" }] });
  const control = async (code: number): Promise<number> =>
    (await client.controlService({ service, control: code })).serviceStatus.currentState;
  expect(await control(serviceControls.interrogate)).toBe(running);
  expect(await control(serviceControls.pause)).toBe(paused);
  expect(await control(serviceControls.continue)).toBe(running);
  expect(await control(200)).toBe(running);
  expect(await control(serviceControls.stop)).toBe(stopped);
  expect(told).toEqual([["Spooler", "-v"], 4, 2, 3, 200, 1]);
  const after = await client.queryServiceStatus({ service });
  expect(after.serviceStatus).toMatchObject({ currentState: stopped, win32ExitCode: 0 });
});

test("a service that takes its time is pending until it reports, or its promise is settled", async () => {
  const { manager, client: connect } = serve();
  const started = Promise.withResolvers<void>();
  let run: ServiceRun | null = null;
  manager.add({
    name: "Slow",
    program: {
      start: () => started.promise,
      control(_, one) {
        run = one;
        one.report({ state: stopPending, checkPoint: 1 });
      },
    },
  });
  const client = connect();
  const service = await open(client, "Slow");
  const state = async () => (await client.queryServiceStatus({ service })).serviceStatus;
  await client.startServiceW({ service, argv: null });
  expect(await state()).toMatchObject({
    currentState: startPending,
    controlsAccepted: 0,
    waitHint: 2000,
  });
  const early = client.controlService({ service, control: serviceControls.stop });
  await expect(early).rejects.toMatchObject({
    statusName: "ERROR_SERVICE_CANNOT_ACCEPT_CTRL",
    response: { serviceStatus: { currentState: startPending } },
  });
  started.resolve();
  await expect.poll(async () => (await state()).currentState).toBe(running);
  await client.controlService({ service, control: serviceControls.stop });
  expect(await state()).toMatchObject({ currentState: stopPending, checkPoint: 1 });
  (run as ServiceRun | null)?.report({ state: stopped, checkPoint: 0 });
  expect((await state()).currentState).toBe(stopped);
});

test("a service that doesn't start is stopped, and says why", async () => {
  const { manager, client: connect, errors } = serve();
  manager.add({
    name: "Refuses",
    program: {
      start() {
        throw new RpcError(1069);
      },
    },
  });
  manager.add({ name: "Breaks", program: { start: () => Promise.reject(new Error("no disk")) } });
  const client = connect();
  const refuses = await open(client, "Refuses");
  expect(await failure(client.startServiceW({ service: refuses, argv: null }))).toBe(
    "ERROR_SERVICE_LOGON_FAILED",
  );
  const first = await client.queryServiceStatus({ service: refuses });
  expect(first.serviceStatus).toMatchObject({ currentState: stopped, win32ExitCode: 1069 });
  const service = await open(client, "Breaks");
  await client.startServiceW({ service, argv: null });
  await expect
    .poll(async () => (await client.queryServiceStatus({ service })).serviceStatus)
    .toMatchObject({ currentState: stopped, win32ExitCode: 1064 });
  expect(errors.map(String)).toEqual(["Error: no disk"]);
});

test("what a service needs is started first, and is not stopped before it", async () => {
  const { manager, client: connect } = serve();
  const order: string[] = [];
  const program = { start: ({ name }: ServiceRun) => void order.push(name) };
  manager.add({ name: "Base", program });
  manager.add({ name: "One", group: "Both", program });
  manager.add({ name: "Two", group: "Both", startType: 4, program });
  manager.add({ name: "Middle", dependencies: ["base"], program });
  manager.add({ name: "Top", dependencies: ["Middle", "+Both"], program });
  const client = connect();
  await client.startServiceW({ service: await open(client, "Top"), argv: null });
  expect(order).toEqual(["Base", "Middle", "One", "Top"]);
  const base = await open(client, "Base");
  const stop = (service: typeof base) =>
    client.controlService({ service, control: serviceControls.stop });
  expect(await failure(stop(base))).toBe("ERROR_DEPENDENT_SERVICES_RUNNING");
  const asked = { service: base, serviceState: 3, bufSize: 4096 };
  const { servicesReturned, services } = await client.enumDependentServicesW(asked);
  const names = [0, 1].map((at) => textAt(services, 36 * at));
  expect([servicesReturned, names]).toEqual([2, ["Top", "Middle"]]);
  for (const name of ["Top", "Middle", "Base"]) await stop(await open(client, name));
});

test("what is needed and gone, disabled or about to fail keeps a service from starting", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "Lonely", dependencies: ["Gone"] });
  manager.add({ name: "Off", startType: 4 });
  manager.add({ name: "NeedsOff", dependencies: ["Off"] });
  const client = connect();
  const start = async (name: string): Promise<string> =>
    failure(client.startServiceW({ service: await open(client, name), argv: null }));
  expect(await start("Lonely")).toBe("ERROR_SERVICE_DEPENDENCY_DELETED");
  expect(await start("Off")).toBe("ERROR_SERVICE_DISABLED");
  expect(await start("NeedsOff")).toBe("ERROR_SERVICE_DEPENDENCY_FAIL");
  const service = await open(client, "NeedsOff");
  const odd = client.startServiceW({ service, argv: [{ stringPtr: null }] });
  expect(await failure(odd)).toBe("ERROR_INVALID_PARAMETER");
});

test("a service is told only what it accepts, as long as it runs", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "Plain", program: {} });
  const client = connect();
  const service = await open(client, "Plain");
  const control = (code: number): Promise<string> =>
    failure(client.controlService({ service, control: code }));
  expect(await control(serviceControls.stop)).toBe("ERROR_SERVICE_NOT_ACTIVE");
  await client.startServiceA({ service, argv: null });
  expect(await failure(client.startServiceA({ service, argv: null }))).toBe(
    "ERROR_SERVICE_ALREADY_RUNNING",
  );
  expect(await control(serviceControls.pause)).toBe("ERROR_INVALID_SERVICE_CONTROL");
  expect(await control(serviceControls.netBindAdd)).toBe("ERROR_INVALID_SERVICE_CONTROL");
  expect(await control(5)).toBe("ERROR_INVALID_PARAMETER");
  expect(await control(256)).toBe("ERROR_INVALID_PARAMETER");
  const said = { type: 1, value: { reason: 0, comment: "why" } } as const;
  const asking = { service, control: serviceControls.interrogate, controlInParams: said };
  expect(await failure(client.controlServiceExW(asking))).toBe("ERROR_INVALID_PARAMETER");
  const { controlOutParams } = await client.controlServiceExA({ ...asking, control: 1 });
  expect(controlOutParams.value?.serviceStatus.currentState).toBe(stopped);
});

test("a client makes a service, which does as it is told, and deletes it", async () => {
  const { manager, client: connect } = serve();
  const client = connect();
  const scManager = await openManager(client);
  const { serviceHandle: service, tagId } = await client.createServiceW({
    scManager,
    ...newService,
  });
  expect(tagId).toBeNull();
  await client.startServiceW({ service, argv: null });
  await client.deleteService({ service });
  expect(await failure(client.deleteService({ service }))).toBe("ERROR_SERVICE_MARKED_FOR_DELETE");
  expect(await failure(client.createServiceW({ scManager, ...newService }))).toBe(
    "ERROR_SERVICE_MARKED_FOR_DELETE",
  );
  expect(await failure(client.startServiceW({ service, argv: null }))).toBe(
    "ERROR_SERVICE_MARKED_FOR_DELETE",
  );
  expect(manager.find("made")).toBeDefined();
  await client.closeServiceHandle({ scObject: service });
  expect(manager.find("made")).toBeUndefined();
});

test("a deleted service goes with the association of the last handle to it", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "Old" });
  {
    await using client = connect();
    await client.deleteService({ service: await open(client, "Old") });
    expect(manager.find("Old")).toBeDefined();
  }
  expect(manager.find("Old")).toBeUndefined();
});

test.each([
  [{ serviceName: "a b" }, "ERROR_INVALID_NAME"],
  [{ serviceName: "" }, "ERROR_INVALID_NAME"],
  [{ serviceName: "THERE" }, "ERROR_SERVICE_EXISTS"],
  [{ displayName: "there" }, "ERROR_DUPLICATE_SERVICE_NAME"],
  [{ displayName: "it is there" }, "ERROR_DUPLICATE_SERVICE_NAME"],
  [{ serviceType: 0x30 }, "ERROR_INVALID_PARAMETER"],
  [{ serviceType: 0x101 }, "ERROR_INVALID_PARAMETER"],
  [{ serviceType: 0x110, serviceStartName: "bob" }, "ERROR_INVALID_PARAMETER"],
  [{ serviceType: 0x110 }, "none"],
  [{ startType: 0 }, "ERROR_INVALID_PARAMETER"],
  [{ startType: 0, serviceType: 1 }, "none"],
  [{ startType: 5 }, "ERROR_INVALID_PARAMETER"],
  [{ errorControl: 4 }, "ERROR_INVALID_PARAMETER"],
  [{ tagId: 0 }, "ERROR_INVALID_PARAMETER"],
  [{ tagId: 0, loadOrderGroup: "Group" }, "none"],
  [{ serviceStartName: "nobody" }, "ERROR_INVALID_SERVICE_ACCOUNT"],
  [{ dependencies: wide("Needs") }, "ERROR_CIRCULAR_DEPENDENCY"],
  [{ dependencies: wide("Made") }, "ERROR_CIRCULAR_DEPENDENCY"],
  [{ dependencies: wide("+Group"), loadOrderGroup: "group" }, "ERROR_CIRCULAR_DEPENDENCY"],
])("making a service with %j: %s", async (change, status) => {
  const { manager, client: connect } = serve({ isAccount: (name) => name !== "nobody" });
  manager.add({ name: "There", displayName: "It is there" });
  manager.add({ name: "Needs", dependencies: ["Made"] });
  const client = connect();
  const scManager = await openManager(client);
  const call = client.createServiceW({ scManager, ...newService, ...change });
  expect(await failure(call)).toBe(status);
});

test("what a service runs is up to the program behind; a path that leads to nothing is said at its start", async () => {
  const started: string[] = [];
  const { client: connect } = serve({
    programOf: (name, { binaryPath }) =>
      binaryPath === "C:\\made.exe" ? { start: () => void started.push(name) } : null,
  });
  const client = connect();
  const scManager = await openManager(client);
  const made = await client.createServiceW({ scManager, ...newService });
  await client.startServiceW({ service: made.serviceHandle, argv: null });
  expect(started).toEqual(["Made"]);
  const other = { ...newService, serviceName: "Other", displayName: null, binaryPathName: "none" };
  const { serviceHandle: service } = await client.createServiceA({ scManager, ...other });
  expect(await failure(client.startServiceW({ service, argv: null }))).toBe("ERROR_FILE_NOT_FOUND");
});

test("services come in a buffer as far as it goes, and on from there", async () => {
  const { manager, client: connect } = serve();
  for (const name of ["A", "B", "C"]) manager.add({ name, displayName: `Service ${name}` });
  manager.add({ name: "Driver", type: 1 });
  const client = connect();
  const scManager = await openManager(client);
  const ask = (bufSize: number, resumeIndex: number | null, serviceState = 3) =>
    client.enumServicesStatusW({
      scManager,
      serviceType: 0x30,
      serviceState,
      bufSize,
      resumeIndex,
    });
  const size = 36 + 2 * ("A\0".length + "Service A\0".length);
  const first = await ask(2 * size, 0);
  expect(first).toMatchObject({ returnValue: 234, servicesReturned: 2, bytesNeededSize: size });
  expect(textAt(first.buffer, 36)).toBe("B");
  expect(textAt(first.buffer, 40)).toBe("Service B");
  const rest = await ask(size, first.resumeIndex);
  expect(rest).toMatchObject({ returnValue: 0, servicesReturned: 1, resumeIndex: 0 });
  expect(textAt(rest.buffer, 0)).toBe("C");
  expect(await ask(0, null)).toMatchObject({ returnValue: 234, bytesNeededSize: 3 * size });
  expect(await ask(4096, null, 1)).toMatchObject({ returnValue: 0, servicesReturned: 0 });
  expect(await failure(ask(0, null, 0))).toBe("ERROR_INVALID_PARAMETER");
  expect(await failure(ask(0, null, 4))).toBe("ERROR_INVALID_PARAMETER");
});

test("services of a group, of none, and with their processes are listed by themselves", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "In", group: "Net", report: { state: running, processId: 77 } });
  manager.add({ name: "Out" });
  const client = connect();
  const scManager = await openManager(client);
  const asked = { scManager, serviceType: 0x30, serviceState: 3, bufSize: 4096, resumeIndex: null };
  const names = async (groupName: string | null): Promise<string[]> => {
    const answer = await client.enumServicesStatusExW({ ...asked, infoLevel: 0, groupName });
    return Array.from({ length: answer.servicesReturned }, (_, at) =>
      textAt(answer.buffer, 44 * at),
    );
  };
  expect(await names(null)).toEqual(["In", "Out"]);
  expect(await names("net")).toEqual(["In"]);
  expect(await names("")).toEqual(["Out"]);
  expect(await failure(names("None"))).toBe("ERROR_SERVICE_DOES_NOT_EXIST");
  const group = await client.enumServiceGroupW({ ...asked, groupName: "NET" });
  expect(group.servicesReturned).toBe(1);
  const narrow = await client.enumServicesStatusExA({ ...asked, infoLevel: 0, groupName: "Net" });
  const view = new DataView(narrow.buffer.buffer, narrow.buffer.byteOffset);
  expect([view.getUint32(12, true), view.getUint32(36, true)]).toEqual([running, 77]);
  expect(String.fromCharCode(...narrow.buffer.slice(44, 47))).toBe("In\0");
  const level = client.enumServicesStatusExW({ ...asked, infoLevel: 1, groupName: null });
  expect(await failure(level)).toBe("ERROR_INVALID_LEVEL");
});

test("names are found both ways, where there is room for them", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "Spooler", displayName: "Print Spööler" });
  const client = connect();
  const scManager = await openManager(client);
  const display = { scManager, serviceName: "SPOOLER" };
  const key = { scManager, displayName: "print spööler" };
  expect(await client.getServiceDisplayNameW({ ...display, bufferLength: 14 })).toEqual({
    displayName: "Print Spööler",
    bufferLength: 13,
  });
  await expect(
    client.getServiceDisplayNameW({ ...display, bufferLength: 13 }),
  ).rejects.toMatchObject({
    statusName: "ERROR_INSUFFICIENT_BUFFER",
    response: { bufferLength: 13 },
  });
  const narrow = await client.getServiceDisplayNameA({ ...display, bufferLength: 20 });
  expect(narrow.displayName).toBe("Print Spööler");
  const short = client.getServiceDisplayNameA({ ...display, bufferLength: 0 });
  expect(await failure(short)).toBe("ERROR_INSUFFICIENT_BUFFER");
  expect(await client.getServiceKeyNameW({ ...key, bufferLength: 8 })).toMatchObject({
    serviceName: "Spooler",
  });
  expect(await client.getServiceKeyNameA({ ...key, bufferLength: 8 })).toMatchObject({
    keyName: "Spooler",
  });
  const none = client.getServiceKeyNameW({ ...key, displayName: "none", bufferLength: 8 });
  expect(await failure(none)).toBe("ERROR_SERVICE_DOES_NOT_EXIST");
});

test("who locks the database keeps services from starting, until it unlocks it or goes", async () => {
  let now = 10_000;
  const { manager, client: connect } = serve({ now: () => now });
  manager.add({ name: "Spooler" });
  const client = connect();
  const scManager = await openManager(client);
  const status = () => client.queryServiceLockStatusW({ scManager, bufSize: 4096 });
  expect((await status()).lockStatus).toMatchObject({ isLocked: 0 });
  const other = connect();
  const lock = await other.lockServiceDatabase({ scManager: await openManager(other) });
  now += 5000;
  expect((await status()).lockStatus).toMatchObject({ isLocked: 1, lockDuration: 5 });
  expect(await failure(client.lockServiceDatabase({ scManager }))).toBe(
    "ERROR_SERVICE_DATABASE_LOCKED",
  );
  const service = await open(client, "Spooler");
  const start = (): Promise<string> => failure(client.startServiceW({ service, argv: null }));
  expect(await start()).toBe("ERROR_SERVICE_DATABASE_LOCKED");
  await other.unlockServiceDatabase({ lock });
  await other.lockServiceDatabase({ scManager: await openManager(other) });
  await other[Symbol.asyncDispose]();
  expect(await start()).toBe("none");
  await expect(client.queryServiceLockStatusA({ scManager, bufSize: 24 })).rejects.toMatchObject({
    statusName: "ERROR_INSUFFICIENT_BUFFER",
    response: { bytesNeededSize: 25 },
  });
});

test("the database is ServicesActive, whatever way it is opened", async () => {
  const client = serve().client();
  const open = (databaseName: string | null): Promise<string> =>
    failure(client.openScManager2({ databaseName, desiredAccess: MAXIMUM_ALLOWED }));
  expect(await open("servicesactive")).toBe("none");
  expect(await open("ServicesFailed")).toBe("ERROR_DATABASE_DOES_NOT_EXIST");
  expect(await open("Services")).toBe("ERROR_INVALID_NAME");
  const narrow = { machineName: null, databaseName: null, desiredAccess: 1 };
  expect(await failure(client.openScManagerA(narrow))).toBe("none");
});

test("a boot is accepted once, and without a configuration to go back to there is no other", async () => {
  const client = serve().client();
  const notify = (bootAcceptable: number): Promise<string> =>
    failure(client.notifyBootConfigStatus({ machineName: null, bootAcceptable }));
  expect(await notify(0)).toBe("ERROR_ALREADY_RUNNING_LKG");
  expect(await notify(1)).toBe("none");
  expect(await notify(1)).toBe("ERROR_BOOT_ALREADY_ACCEPTED");
});

test("a machine that shuts down answers ERROR_SHUTDOWN_IN_PROGRESS", async () => {
  let isShuttingDown = false;
  const client = serve({}, { isShuttingDown: () => isShuttingDown }).client();
  const scManager = await openManager(client);
  isShuttingDown = true;
  expect(await failure(openManager(client))).toBe("ERROR_SHUTDOWN_IN_PROGRESS");
  await client.closeServiceHandle({ scObject: scManager });
});

/** The text that a structure in a buffer names at an offset. */
function textAt(buffer: Uint8Array, offset: number): string {
  const octets = Buffer.from(buffer);
  const text = octets.subarray(octets.readUInt32LE(offset)).toString("utf16le");
  return text.slice(0, text.indexOf("\0"));
}

/** How services are configured, and who may do what with them. */
import { readDescriptor, readSddl, securityParts, writeDescriptor, writeSddl } from "@msrpc/auth";
import { emptyServiceStatusProcess, type ServiceHandle } from "@msrpc/ms-scmr";
import { expect, test } from "vitest";
import {
  type ControlClient,
  failure,
  newService,
  open,
  openManager,
  serve,
  wide,
} from "./support/served.ts";

const same = 0xffff_ffff;
const nothing = {
  serviceType: same,
  startType: same,
  errorControl: same,
  binaryPathName: null,
  loadOrderGroup: null,
  tagId: null,
  dependencies: null,
  serviceStartName: null,
  password: null,
  displayName: null,
} as const;

async function configOf(client: ControlClient, service: ServiceHandle) {
  return (await client.queryServiceConfigW({ service, bufSize: 8192 })).serviceConfig;
}

test("a configuration is read in either alphabet, and changed member by member", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "Base" });
  manager.add({
    name: "S",
    displayName: "Ω",
    binaryPath: "C:\\s.exe",
    dependencies: ["Base", "+G"],
  });
  const client = connect();
  const service = await open(client, "S");
  const before = await configOf(client, service);
  expect(before).toEqual({
    serviceType: 0x10,
    startType: 3,
    errorControl: 1,
    binaryPathName: "C:\\s.exe",
    loadOrderGroup: "",
    tagId: 0,
    dependencies: "Base/+G",
    serviceStartName: "LocalSystem",
    displayName: "Ω",
  });
  const narrow = await client.queryServiceConfigA({ service, bufSize: 8192 });
  expect(narrow.serviceConfig.displayName).toBe("?");
  expect(await client.changeServiceConfigW({ service, ...nothing })).toEqual({ tagId: null });
  expect(await configOf(client, service)).toEqual(before);
  const change = {
    ...nothing,
    startType: 2,
    displayName: "New",
    loadOrderGroup: "G2",
    tagId: 0,
    dependencies: new Uint8Array(Buffer.from("Base\0\0")),
  };
  const { tagId } = await client.changeServiceConfigA({ service, ...change });
  expect(await configOf(client, service)).toMatchObject({
    startType: 2,
    displayName: "New",
    loadOrderGroup: "G2",
    tagId,
    dependencies: "Base",
    binaryPathName: "C:\\s.exe",
  });
  const scManager = await openManager(client);
  const keyName = (displayName: string) =>
    client.getServiceKeyNameW({ scManager, displayName, bufferLength: 8 });
  expect((await keyName("new")).serviceName).toBe("S");
  expect(await failure(keyName("Ω"))).toBe("ERROR_SERVICE_DOES_NOT_EXIST");
});

test("a buffer that is too small is answered with the room that a configuration takes", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "S" });
  const client = connect();
  const service = await open(client, "S");
  const short = client.queryServiceConfigW({ service, bufSize: 0 });
  const error = await short.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ statusName: "ERROR_INSUFFICIENT_BUFFER" });
  const { bytesNeededSize } = (error as { response: { bytesNeededSize: number } }).response;
  const ask = (bufSize: number): Promise<string> =>
    failure(client.queryServiceConfigW({ service, bufSize }));
  expect(await ask(bytesNeededSize - 1)).toBe("ERROR_INSUFFICIENT_BUFFER");
  expect(await ask(bytesNeededSize)).toBe("none");
});

test.each([
  [{ serviceType: 1 }, "ERROR_INVALID_PARAMETER"],
  [{ startType: 9 }, "ERROR_INVALID_PARAMETER"],
  [{ tagId: 1 }, "ERROR_INVALID_PARAMETER"],
  [{ displayName: "Base" }, "ERROR_DUPLICATE_SERVICE_NAME"],
  [{ displayName: "S" }, "none"],
  [{ dependencies: wide("Needs") }, "ERROR_CIRCULAR_DEPENDENCY"],
  [{ serviceType: 0x110 }, "none"],
  [{ serviceType: 0x110, serviceStartName: "bob" }, "ERROR_INVALID_PARAMETER"],
])("changing a configuration to %j: %s", async (change, status) => {
  const { manager, client: connect } = serve();
  manager.add({ name: "S" });
  manager.add({ name: "Base" });
  manager.add({ name: "Needs", dependencies: ["S"] });
  const client = connect();
  const call = client.changeServiceConfigW({
    service: await open(client, "S"),
    ...nothing,
    ...change,
  });
  expect(await failure(call)).toBe(status);
});

type Info = Parameters<ControlClient["changeServiceConfig2W"]>[0]["info"]["anonymous1"];

async function change2(
  client: ControlClient,
  service: ServiceHandle,
  anonymous1: Info,
): Promise<void> {
  await client.changeServiceConfig2W({ service, info: { anonymous1 } });
}

async function query2(
  client: ControlClient,
  service: ServiceHandle,
  infoLevel: number,
): Promise<Buffer> {
  const asked = { service, infoLevel, bufSize: 8192 };
  const { buffer, bytesNeededSize } = await client.queryServiceConfig2W(asked);
  const short = client.queryServiceConfig2W({ ...asked, bufSize: bytesNeededSize - 1 });
  expect(await failure(short)).toBe("ERROR_INSUFFICIENT_BUFFER");
  return Buffer.from(buffer.slice(0, bytesNeededSize));
}

function textAt(buffer: Buffer, at: number): string {
  const text = buffer.subarray(buffer.readUInt32LE(at)).toString("utf16le");
  return text.slice(0, text.indexOf("\0"));
}

test("what is optional is set and read level by level", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "S" });
  const client = connect();
  const service = await open(client, "S");
  await change2(client, service, { type: 1, value: { description: "What it does" } });
  expect(textAt(await query2(client, service, 1), 0)).toBe("What it does");
  await change2(client, service, {
    type: 2,
    value: {
      resetPeriod: 60,
      rebootMsg: "soon",
      command: "run",
      lpsaActions: [{ type: 1, delay: 5 }],
    },
  });
  const failureActions = await query2(client, service, 2);
  expect([0, 12].map((at) => failureActions.readUInt32LE(at))).toEqual([60, 1]);
  expect([textAt(failureActions, 4), textAt(failureActions, 8)]).toEqual(["soon", "run"]);
  const actions = failureActions.readUInt32LE(16);
  expect([0, 4].map((at) => failureActions.readUInt32LE(actions + at))).toEqual([1, 5]);
  await change2(client, service, { type: 3, value: { delayedAutostart: 1 } });
  await change2(client, service, { type: 4, value: { failureActionsOnNonCrashFailures: 1 } });
  await change2(client, service, { type: 5, value: { serviceSidType: 3 } });
  await change2(client, service, { type: 6, value: { requiredPrivileges: wide("SeA", "SeB") } });
  await change2(client, service, { type: 7, value: { preshutdownTimeout: 1234 } });
  const number = async (level: number): Promise<number> =>
    (await query2(client, service, level)).readUInt32LE(0);
  expect([await number(3), await number(4), await number(5), await number(7)]).toEqual([
    1, 1, 3, 1234,
  ]);
  const privileges = await query2(client, service, 6);
  const said = privileges.subarray(privileges.readUInt32LE(0), privileges.readUInt32LE(0) + 18);
  expect(said).toEqual(Buffer.from(wide("SeA", "SeB")));
  expect(await number(9)).toBe(0x1_0000);
  await change2(client, service, { type: 9, value: { preferredNode: 2, delete: 0 } });
  expect(await number(9)).toBe(2);
  const dataItems = [{ dataType: 2, data: Uint8Array.of(1, 0) }];
  const trigger = { triggerType: 1, action: 1, triggerSubtype: crypto.randomUUID(), dataItems };
  await change2(client, service, { type: 8, value: { triggers: [trigger], reserved: null } });
  const { info } = await client.queryServiceConfigEx({ service, infoLevel: 8 });
  expect(info.anonymous1).toEqual({ type: 8, value: { triggers: [trigger], reserved: null } });
  expect(await failure(client.queryServiceConfigEx({ service, infoLevel: 1 }))).toBe(
    "ERROR_INVALID_LEVEL",
  );
  expect(await failure(query2(client, service, 8))).toBe("ERROR_INVALID_LEVEL");
  const narrow = await client.queryServiceConfig2A({ service, infoLevel: 1, bufSize: 64 });
  expect(Buffer.from(narrow.buffer).toString("latin1", 4, 16)).toBe("What it does");
});

test("what doesn't go together is refused", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "Grouped", group: "G" });
  manager.add({ name: "Driver", type: 1 });
  manager.add({ name: "Shared", type: 0x20 });
  const client = connect();
  const fails = async (name: string, info: Info): Promise<string> =>
    failure(change2(client, await open(client, name), info));
  const delayed = { type: 3, value: { delayedAutostart: 1 } } as const;
  expect(await fails("Grouped", delayed)).toBe("ERROR_INVALID_PARAMETER");
  const actions = { resetPeriod: 0, rebootMsg: null, command: null, lpsaActions: [] };
  expect(await fails("Driver", { type: 2, value: actions })).toBe(
    "ERROR_CANNOT_DETECT_DRIVER_FAILURE",
  );
  const node = { type: 9, value: { preferredNode: 1, delete: 0 } } as const;
  expect(await fails("Shared", node)).toBe("ERROR_INVALID_PARAMETER");
  expect(await fails("Shared", { type: 5, value: { serviceSidType: 2 } })).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  expect(await fails("Shared", { type: 1, value: null })).toBe("ERROR_INVALID_PARAMETER");
});

test("a handle does what it was opened for, and nothing else", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "S" });
  const client = connect();
  const reading = await open(client, "S", 0x0004);
  const denied = async (call: Promise<unknown>): Promise<void> =>
    expect(await failure(call)).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(client.queryServiceStatus({ service: reading }))).toBe("none");
  await denied(client.startServiceW({ service: reading, argv: null }));
  await denied(client.controlService({ service: reading, control: 1 }));
  await denied(client.controlService({ service: reading, control: 2 }));
  await denied(client.controlService({ service: reading, control: 4 }));
  await denied(client.controlService({ service: reading, control: 128 }));
  await denied(client.deleteService({ service: reading }));
  await denied(client.queryServiceConfigW({ service: reading, bufSize: 8192 }));
  await denied(client.changeServiceConfigW({ service: reading, ...nothing }));
  await denied(client.queryServiceConfig2W({ service: reading, infoLevel: 1, bufSize: 99 }));
  await denied(client.enumDependentServicesW({ service: reading, serviceState: 3, bufSize: 0 }));
  await denied(client.queryServiceStatus({ service: await open(client, "S", 0x0001) }));
  const scManager = await openManager(client, 0x0001);
  await denied(client.createServiceW({ scManager, ...newService }));
  await denied(client.lockServiceDatabase({ scManager }));
  await denied(client.queryServiceLockStatusW({ scManager, bufSize: 4096 }));
  const asked = { scManager, serviceType: 0x30, serviceState: 3, bufSize: 0, resumeIndex: null };
  await denied(client.enumServicesStatusW(asked));
});

test("handles of the manager are no services, and the other way round", async () => {
  const { manager, client: connect } = serve();
  manager.add({ name: "S" });
  const client = connect();
  const scManager = await openManager(client);
  const service = await open(client, "S");
  const invalid = async (call: Promise<unknown>): Promise<void> =>
    expect(await failure(call)).toBe("ERROR_INVALID_HANDLE");
  await invalid(client.queryServiceStatus({ service: scManager }));
  await invalid(client.deleteService({ service: scManager }));
  await invalid(client.openServiceW({ scManager: service, serviceName: "S", desiredAccess: 1 }));
  await invalid(client.lockServiceDatabase({ scManager: service }));
  const status = { ...emptyServiceStatusProcess(), serviceType: 0x10, currentState: 4 };
  await invalid(client.setServiceStatus({ hServiceStatus: scManager, lpServiceStatus: status }));
  await invalid(client.setServiceStatus({ hServiceStatus: service, lpServiceStatus: status }));
});

test("a service reports what it does, if it was opened for that and says what can be", async () => {
  const client = serve().client();
  const scManager = await openManager(client);
  const { serviceHandle: hServiceStatus } = await client.createServiceW({
    scManager,
    ...newService,
  });
  const status = { ...emptyServiceStatusProcess(), serviceType: 0x10, currentState: 4 };
  const set = (change: Partial<typeof status>): Promise<string> =>
    failure(client.setServiceStatus({ hServiceStatus, lpServiceStatus: { ...status, ...change } }));
  expect(await set({})).toBe("none");
  expect(await set({ currentState: 8 })).toBe("ERROR_INVALID_DATA");
  expect(await set({ serviceType: 0x11 })).toBe("ERROR_INVALID_DATA");
  expect(await set({ serviceType: 0x101 })).toBe("ERROR_INVALID_DATA");
  expect(await set({ controlsAccepted: 0x8000 })).toBe("ERROR_INVALID_DATA");
  const asked = { service: hServiceStatus, infoLevel: 0, bufSize: 36 };
  const { buffer } = await client.queryServiceStatusEx(asked);
  expect(Buffer.from(buffer).readUInt32LE(4)).toBe(4);
  expect(await failure(client.queryServiceStatusEx({ ...asked, bufSize: 35 }))).toBe(
    "ERROR_INSUFFICIENT_BUFFER",
  );
  expect(await failure(client.queryServiceStatusEx({ ...asked, infoLevel: 1 }))).toBe(
    "ERROR_INVALID_LEVEL",
  );
});

test("who has logged on reads what services do, and administrators say who else does more", async () => {
  const { manager, client: connect, be } = serve();
  manager.add({ name: "S" });
  const client = connect();
  const service = await open(client, "S", 0x0106_0000 | 0x0008_0000);
  const { dacl, owner, sacl } = securityParts;
  const securityOf = async (parts: number): Promise<string> => {
    const asked = { service, securityInformation: parts, bufSize: 4096 };
    const { securityDescriptor, bytesNeededSize } = await client.queryServiceObjectSecurity(asked);
    return writeSddl(readDescriptor(securityDescriptor.slice(0, bytesNeededSize)));
  };
  be();
  expect(await failure(openManager(client, 0x0002))).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(open(client, "S", 0x0010))).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(open(client, "S", 0x2_0004))).toBe("none");
  const securityDescriptor = writeDescriptor(readSddl("O:WDD:(A;;0x14;;;AU)S:(AU;FA;KA;;;WD)"));
  const set = (securityInformation: number, octets = securityDescriptor): Promise<string> =>
    failure(
      client.setServiceObjectSecurity({ service, securityInformation, securityDescriptor: octets }),
    );
  expect(await set(dacl | sacl)).toBe("none");
  expect(await securityOf(dacl)).toBe("D:(A;;CCRP;;;AU)".replace("CCRP", "LCRP"));
  expect(await securityOf(owner)).toBe("O:SY");
  expect(await failure(open(client, "S", 0x0010))).toBe("none");
  expect(await set(dacl, Uint8Array.of(1))).toBe("ERROR_INVALID_PARAMETER");
  expect(await set(0x20)).toBe("ERROR_INVALID_PARAMETER");
  const short = { service, securityInformation: dacl, bufSize: 4 };
  await expect(client.queryServiceObjectSecurity(short)).rejects.toMatchObject({
    statusName: "ERROR_INSUFFICIENT_BUFFER",
  });
});

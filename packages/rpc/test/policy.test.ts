/** What interfaces ask of their callers, and whose context handles are. */
import type { Caller, Principal, ServerLimits, ServicePolicy } from "@msrpc/rpc";
import { createRouter, handleKind } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { serverHost } from "../src/connection/server-host.ts";
import { HandleStore } from "../src/handle-store.ts";
import { HandleTable } from "../src/handle-table.ts";
import { admits } from "../src/service-policy.ts";
import { echo, octetsOf, otherEcho } from "./echo.ts";
import { type GroupHandle, sample } from "./sample.ts";
import { expectFault } from "./support/outcomes.ts";
import { bind, request, Wire } from "./support/wire.ts";

const alice: Principal = { name: "EXAMPLE\\alice", anonymous: false, mechanism: "ntlm" };
const nobody: Principal = { name: "", anonymous: true, mechanism: "ntlm" };
const ticket: Principal = { name: "alice@EXAMPLE.TEST", anonymous: false, mechanism: "kerberos" };

function caller(principal: Principal | null, level: Caller["level"] = "privacy"): Caller {
  const from = { transport: "unix", address: "", reached: "" } as const;
  return { principal, level: principal === null ? "none" : level, ...from };
}

const decisions: readonly (readonly [ServicePolicy, Caller, boolean])[] = [
  [{}, caller(null), true],
  [{}, caller(nobody), true],
  [{}, caller(alice, "connect"), true],
  [{ minimumLevel: "packet" }, caller(null), false],
  [{ minimumLevel: "packet" }, caller(alice, "connect"), false],
  [{ minimumLevel: "packet" }, caller(alice, "packet"), true],
  [{ minimumLevel: "packet" }, caller(nobody), false],
  [{ minimumLevel: "packet", allowAnonymous: true }, caller(nobody), true],
  [{ allowAnonymous: false }, caller(nobody), false],
  [{ allowAnonymous: false }, caller(null), true],
  [{ mechanisms: ["kerberos"] }, caller(ticket, "connect"), true],
  [{ mechanisms: ["kerberos"] }, caller(alice), false],
  [{ mechanisms: ["kerberos"] }, caller(null), false],
  [{ mechanisms: ["ntlm"] }, caller(nobody), false],
  [{ mechanisms: ["ntlm"], allowAnonymous: true }, caller(nobody), true],
];
for (const [policy, who, isIn] of decisions) {
  const name = who.principal === null ? "nobody in particular" : who.principal.name || "anonymous";
  test(`${JSON.stringify(policy)} ${isIn ? "lets in" : "keeps out"} ${name} at ${who.level}`, () => {
    expect(admits(policy, who)).toBe(isIn);
  });
}

function served(policy: ServicePolicy): Wire {
  const handlers = { echoData: ({ data }: { data: Uint8Array }) => ({ data }) };
  return new Wire(createRouter({ onError: () => {} }).serve(echo, handlers, policy));
}

const alone = { callId: 2, contextId: 0, notRun: false, ends: false } as const;

test("who isn't let in hears it at the first fragment, and the rest is dropped", async () => {
  const w = served({ minimumLevel: "integrity" });
  await w.send(bind());
  await expectFault(w, request({ flags: 1, body: octetsOf(8) }), "accessDenied", alone);
  expect(await w.send(request({ flags: 2, body: octetsOf(8) }))).toEqual([]);
  await expectFault(w, request({ callId: 3 }), "accessDenied", { ...alone, callId: 3 });
});

test("an interface may take less than its server", async () => {
  const w = served({ maxRequest: 12 });
  await w.send(bind());
  const fits = Uint8Array.of(8, 0, 0, 0, ...octetsOf(8));
  expect(await w.send(request({ body: fits }))).toMatchObject([{ type: "response" }]);
  const body = Uint8Array.of(9, 0, 0, 0, ...octetsOf(9));
  const ending = { ...alone, callId: 3, ends: true };
  await expectFault(w, request({ callId: 3, body }), "accessDenied", ending);
});

test("an interface may be read less strictly than its descriptor says, or more", async () => {
  const levels: number[] = [];
  const operation = {
    ...echo.operations.echoData,
    decodeRequest(r: { readonly strictness: number }) {
      levels.push(r.strictness);
      return { data: octetsOf(0) };
    },
  };
  const descriptor = { ...echo, operations: { echoData: operation } };
  for (const strictness of [undefined, 5, 6] as const) {
    const policy = strictness === undefined ? {} : { strictness };
    const router = createRouter({ onError: () => {} });
    const handlers = { echoData: () => ({ data: octetsOf(0) }) };
    const w = new Wire(router.serve(descriptor as unknown as typeof echo, handlers, policy));
    await w.send(bind(), request());
  }
  expect(levels).toEqual([6, 5, 6]);
});

const groups = handleKind<GroupHandle, string>("group");
const shared = handleKind<GroupHandle, string>("shared group", undefined, { anyInterface: true });
const mismatch = expect.objectContaining({ status: 0x1c00001a }) as Error;

function tables(): (principal: Principal | null, descriptor?: typeof echo) => HandleTable {
  const store = new HandleStore(() => crypto.randomUUID());
  return (principal, descriptor = echo) =>
    new HandleTable(store, { caller: caller(principal), interface: descriptor });
}

test("a handle is its principal's, on whatever connection of the group and at whatever level", () => {
  const of = tables();
  const handle = of(alice).open(groups, "SQL");
  expect(of({ ...alice, name: "example\\ALICE" }).get(groups, handle)).toBe("SQL");
  for (const other of [null, nobody, ticket, { ...alice, name: "EXAMPLE\\bob" }]) {
    expect(() => of(other).get(groups, handle)).toThrow(mismatch);
    expect(() => of(other).close(groups, handle)).toThrow(mismatch);
  }
  expect(of(alice).close(groups, handle)).toBe("SQL");
});

test("a SID tells principals apart, and not their names or mechanisms", () => {
  const of = tables();
  const sid = "S-1-5-21-1-2-3-1001";
  const handle = of({ ...alice, sid }).open(groups, "SQL");
  expect(of({ ...ticket, sid }).get(groups, handle)).toBe("SQL");
  expect(() => of({ ...alice, sid: `${sid}9` }).get(groups, handle)).toThrow(mismatch);
});

test("a handle is its interface's, unless its kind is for all", () => {
  const of = tables();
  const handle = of(alice).open(groups, "SQL");
  expect(() => of(alice, otherEcho).get(groups, handle)).toThrow(mismatch);
  expect(of(alice, otherEcho).get(shared, of(alice).open(shared, "SQL"))).toBe("SQL");
});

test("handles of all principals are run down with their association", async () => {
  const runDown: string[] = [];
  const kind = handleKind<GroupHandle, string>("group", (name) => void runDown.push(name));
  const store = new HandleStore(() => crypto.randomUUID());
  for (const principal of [alice, null, ticket]) {
    const user = { caller: caller(principal), interface: sample };
    new HandleTable(store, user).open(kind, principal?.name ?? "nobody");
  }
  await store.runDown();
  expect(runDown).toEqual(["alice@EXAMPLE.TEST", "nobody", "EXAMPLE\\alice"]);
  expect(store.size).toBe(0);
});

/** Associations of one server. */
function serverWith(limits: Partial<ServerLimits>) {
  const gone: string[] = [];
  const kind = handleKind<GroupHandle, string>("group", (name) => void gone.push(name));
  const router = createRouter({ onError: () => {} });
  const shared = { port: "", now: () => 0, onError: () => {} };
  const { groups } = serverHost(router, { limits }, shared);
  const connect = (principal: Principal | null) => {
    const group = groups.join(0, { transport: "tcp", host: "192.0.2.1" })!;
    const user = { caller: caller(principal), interface: sample };
    const table = new HandleTable(group.association.handles, user);
    return { table, leave: () => groups.leave(group) };
  };
  return { groups, gone, kind, connect };
}

const tooMany = expect.objectContaining({ status: 0x1c00001b }) as Error;

test("a principal has so many handles over all its connections, and others have theirs", async () => {
  const { groups, gone, kind, connect } = serverWith({
    maxHandlesOfCaller: 2,
    maxHandlesOfServer: 3,
  });
  const [first, second, other] = [connect(alice), connect(alice), connect(ticket)];
  first.table.open(kind, "a");
  const handle = second.table.open(kind, "b");
  expect(() => second.table.open(kind, "c")).toThrow(tooMany);
  // What it was opened for goes as well.
  expect(gone).toEqual(["c"]);
  const its = other.table.open(kind, "d");
  expect(() => other.table.open(kind, "e")).toThrow(tooMany);
  second.table.close(kind, handle);
  other.table.close(kind, its);
  await first.leave();
  expect(groups.handles).toBe(0);
  second.table.open(kind, "f");
  second.table.open(kind, "g");
  expect(() => second.table.open(kind, "h")).toThrow(tooMany);
});

test("of handles of strangers the oldest gives way, whosever it is, and none of those who have logged on", () => {
  const { groups, gone, kind, connect } = serverWith({ maxHandlesOfStrangers: 2 });
  connect(alice).table.open(kind, "alice's");
  const [one, other] = [connect(null), connect(nobody)];
  const oldest = one.table.open(kind, "a");
  for (const name of ["b", "c", "d"]) other.table.open(kind, name);
  expect(gone).toEqual(["a", "b"]);
  expect(() => one.table.get(kind, oldest)).toThrow(mismatch);
  expect(groups.handles).toBe(3);
});

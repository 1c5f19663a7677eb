import { readFileSync, readdirSync } from "node:fs";
import { clusapi3, Status, type GroupHandle } from "@msrpc/ms-cmrp";
import { createRouter, handleKind, RpcError, RpcFault } from "@msrpc/rpc";
import { accountList, ntHashOf, ntlmServer, Secret, spnegoServer } from "@msrpc/auth";
import { type TcpServer, tcpServer } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../src/index.ts";
import { memoryIo } from "./memory-io.ts";

const idl = new URL("../../../idl/", import.meta.url).pathname;
const files = Object.fromEntries(
  readdirSync(idl, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:idl|json)$/.test(file))
    .map((file) => [file, readFileSync(`${idl}${file}`, "utf8")]),
);
const groups = handleKind<GroupHandle, { readonly name: string }>("group");
const asked: string[] = [];

const router = createRouter({ onError: () => {} })
  .serve(rpcecho, {
    addOne: ({ number }) => ({ sum: number + 1 }),
    sinkData() {
      throw new RpcFault(0x1c010014);
    },
    testSleep: () => new Promise<never>(() => {}),
  })
  .serve(
    clusapi3,
    {
      openGroup({ groupName }, { handles, caller }) {
        asked.push(`${caller.principal?.name ?? "nobody"} ${caller.level}`);
        if (groupName === "None") throw new RpcError(Status.ERROR_GROUP_NOT_FOUND);
        return handles.open(groups, { name: groupName });
      },
      getGroupId: ({ group }, { handles }) => ({ id: handles.get(groups, group).name }),
      closeGroup({ group }, { handles }) {
        handles.close(groups, group);
      },
    },
    { minimumLevel: "none" },
  );

let server: TcpServer;
let binding = "";

beforeAll(async () => {
  const accounts = accountList([
    { user: "alice", domain: "EXAMPLE", ntHash: new Secret(ntHashOf("secret")) },
  ]);
  server = tcpServer(router, { security: [spnegoServer([ntlmServer({ accounts })])] });
  binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
});
afterAll(() => server.close({ graceTime: 0 }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function call(
  words: string[],
  typed: string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const io = memoryIo(files, typed, environment);
  const idls = ["--idl", "rpcecho/rpcecho.idl", "--idl", "ms-cmrp/clusapi3.idl"];
  const code = await run(["call", ...words, ...idls], io);
  return { code, ...io.printed };
}

test("an operation is called from its IDL, and the answer is JSON", async () => {
  const { code, out } = await call([binding, "AddOne", '{"number": 41}']);
  expect(JSON.parse(out)).toEqual({ sum: 42 });
  expect(code).toBe(0);
});

test("a handle of one call is used in the next, on the same connection", async () => {
  const { code, out, err } = await call([
    binding,
    "ApiOpenGroup",
    '{"lpszGroupName": "SQL"}',
    "ApiGetGroupId",
    '{"hGroup": "ApiOpenGroup.return"}',
  ]);
  expect(err).toBe("");
  expect(out).toContain('"pGuid": "SQL"');
  expect(code).toBe(0);
});

test("an error status is printed by name, and ends what follows", async () => {
  const open = ["ApiOpenGroup", '{"lpszGroupName": "None"}'];
  const { code, out, err } = await call([binding, ...open, "AddOne", '{"number": 1}']);
  expect(out).toContain('"Status": "ERROR_GROUP_NOT_FOUND"');
  expect(err).toBe("error: ApiOpenGroup: Status is ERROR_GROUP_NOT_FOUND (5013)\n");
  expect(out).not.toContain("sum");
  expect(code).toBe(1);
});

test("a fault is told by name", async () => {
  const { code, out, err } = await call([binding, "SinkData", '{"data": "00"}']);
  expect(err).toContain("the server answered with the fault nca_s_server_too_busy (0x1c010014)");
  expect([code, out]).toEqual([1, ""]);
});

test("an operation that the server doesn't have is told as such", async () => {
  const { code, err } = await call([binding, "TestCall", '{"text": "a"}']);
  expect(err).toContain("nca_s_op_rng_error");
  expect(code).toBe(1);
});

test("a server that doesn't answer is given up in time", async () => {
  const { code, err } = await call([binding, "TestSleep", '{"seconds": 1}', "--timeout", "0.2"]);
  expect(err).toContain("no answer in time");
  expect(code).toBe(1);
});

test("a user logs on with a password that is asked for, and calls are sealed", async () => {
  asked.length = 0;
  const words = [binding, "ApiOpenGroup", '{"lpszGroupName": "A"}', "--user", "EXAMPLE\\alice"];
  const { code, err } = await call(words, ["secret"]);
  expect(err).toBe("");
  expect(asked).toEqual(["EXAMPLE\\alice privacy"]);
  expect(code).toBe(0);
});

test("user and password are taken from the environment, the level from its option", async () => {
  asked.length = 0;
  const environment = { MSRPC_USER: "EXAMPLE\\alice", MSRPC_PASSWORD: "secret" };
  const words = [binding, "ApiOpenGroup", '{"lpszGroupName": "A"}', "--level", "integrity"];
  await call(words, [], environment);
  expect(asked).toEqual(["EXAMPLE\\alice integrity"]);
});

test("a wrong password is refused, with what to do", async () => {
  const words = [binding, "ApiOpenGroup", '{"lpszGroupName": "A"}', "--user", "EXAMPLE\\alice"];
  const { code, err } = await call(words, ["wrong"]);
  expect(err).toContain("Are the account and its password right?");
  expect(code).toBe(1);
});

test.each([
  [["AddOne", '{"number": "x"}'], "the request of AddOne: number: an integer is wanted"],
  [["AddOne", "{number: 1}"], "the request of AddOne is not JSON"],
  [["AddOne", "@none.json"], "there is no file none.json"],
  [["AddOne", '{"number": 99999999999}'], "AddOne: number: 99999999999 does not fit into u32"],
  [["AddOn", "{}"], "did you mean AddOne?"],
  [["AddOne", '{"number":1}', "AddOne"], "the request of AddOne: number: is missing"],
  [["{}", "AddOne"], "an operation stands in front of {}"],
  [["AddOne", '{"number": 1}', "--level", "privacy"], "level"],
])("%j is used wrongly", async (words, message) => {
  const { code, err, out } = await call([binding, ...words]);
  expect(err).toContain(message);
  expect([code, out]).toEqual([2, ""]);
});

test("what is no binding is said with the place", async () => {
  const { code, err } = await call(["localhost:135", "AddOne", '{"number": 1}']);
  expect(err).toContain("a port stands in brackets");
  expect(code).toBe(2);
});

/** What JavaScript and JSON can hand over, and types would keep out: it is refused by name. */
import {
  createClient,
  createRouter,
  type InterfaceDescriptor,
  inMemoryTransport,
  type ServicePolicy,
  type Transport,
} from "@msrpc/rpc";
import { tcpServer, type TcpServerOptions, tcpTransport, type TcpOptions } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";
import { echo, echoServer } from "./echo.ts";

const binding = "ncacn_ip_tcp:127.0.0.165[1]";
const fromJson = (text: string): never => JSON.parse(text) as never;

test.for([
  ['{"minimumLevel":"sealed"}', 'minimumLevel is "sealed"'],
  ['{"minimumLevel":null}', "minimumLevel is null"],
  ['{"minimumLevel":"toString"}', 'minimumLevel is "toString"'],
  ['{"minimumlevel":"privacy"}', "no option minimumlevel"],
  ['{"mechanisms":"kerberos"}', 'mechanisms is "kerberos"'],
  ['{"mechanisms":[1]}', "mechanisms is an array"],
  ['{"allowAnonymous":"false"}', 'allowAnonymous is "false"'],
  ['{"maxRequest":"1"}', 'maxRequest is "1"'],
  ['{"maxRequest":-1}', "maxRequest is -1"],
  ['{"strictness":7}', "strictness is 7"],
  ['{"interceptors":[{}]}', "interceptors is an array"],
  ['"privacy"', '"privacy" is no object'],
] as const)("the policy %s is refused", ([text, problem]) => {
  const router = createRouter({ onError: () => {} });
  const policy: ServicePolicy = fromJson(text);
  const serve = (): unknown => router.serve(echo, {}, policy);
  expect(serve).toThrow(TypeError);
  expect(serve).toThrow(problem);
  expect(serve).toThrow("policy of echo");
  expect(router.interfaces).toEqual([]);
});

test.for([
  ['{"security":{}}', "security is an object"],
  ['{"security":[{}]}', "security is an array"],
  ['{"securty":[]}', "no option securty"],
  ['{"syntaxes":["ndr32"]}', "syntaxes is an array"],
  ['{"limits":{"maxConections":1}}', "no option maxConections"],
  ['{"limits":{"maxConnections":"many"}}', 'maxConnections is "many"'],
  ['{"limits":{"maxIdle":null}}', "maxIdle is null"],
  ['{"limits":{"maxCalls":-1}}', "maxCalls is -1"],
  ['{"limits":[]}', "limits is an array"],
] as const)("a server refuses the options %s", ([text, problem]) => {
  const options: TcpServerOptions = fromJson(text);
  const make = (): unknown => tcpServer(echoServer().router, options);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(problem);
});

test.for([
  ['{"level":"privacy"}', "level privacy needs credentials"],
  ['{"level":"privacy","security":[]}', "level privacy needs credentials"],
  ['{"level":"sealed"}', 'level is "sealed"'],
  ['{"security":"ntlm"}', 'security is "ntlm"'],
  ['{"securty":[]}', "no option securty"],
  ['{"connectTimeout":"1"}', 'connectTimeout is "1"'],
  ['{"connections":{"idleTime":-1}}', "idleTime is -1"],
  ['{"limits":{"maxResponse":null}}', "maxResponse is null"],
] as const)("a client refuses the options %s", ([text, problem]) => {
  const options: TcpOptions = fromJson(text);
  const make = (): unknown => tcpTransport(binding, options);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(problem);
});

test("a limit that is undefined is refused, for it would be none", () => {
  const limits = { maxConnections: undefined } as never;
  expect(() => tcpServer(echoServer().router, { limits })).toThrow("maxConnections is undefined");
});

test("level none needs no credentials", async () => {
  await using transport = tcpTransport(binding, { level: "none" });
  expect(transport.binding.host).toBe("127.0.0.165");
});

test("a descriptor or a transport that isn't there is said to be missing", () => {
  const router = createRouter({ onError: () => {} });
  const missing = undefined as unknown as InterfaceDescriptor;
  expect(() => router.serve(missing, {})).toThrow("no interface's descriptor");
  expect(() => createClient(missing, inMemoryTransport(router))).toThrow(
    "no interface's descriptor",
  );
  const nowhere = undefined as unknown as Transport;
  expect(() => createClient(echo, nowhere)).toThrow("no transport");
});

test("an interface is served once", () => {
  const router = createRouter({ onError: () => {} }).serve(echo, {});
  expect(() => router.serve(echo, {})).toThrow("echo is served already");
  expect(router.interfaces).toEqual([echo]);
});

test.for(["[0,seal]", "[0,foo]", "[0,hostname=x]"])(
  "a server doesn't listen at a binding with options: %s",
  async (rest) => {
    await using server = tcpServer(echoServer().router);
    const listening = server.listen(`ncacn_ip_tcp:127.0.0.165${rest}`);
    await expect(listening).rejects.toThrow(TypeError);
    await expect(listening).rejects.toThrow("minimumLevel");
    expect(server.isListening).toBe(false);
  },
);

test("a server that was closed doesn't listen again, and one that is being closed doesn't begin to", async () => {
  const server = tcpServer(echoServer().router);
  const begun = server.listen("ncacn_ip_tcp:127.0.0.165[0]");
  await server.close();
  await expect(begun).rejects.toMatchObject({ code: "closed" });
  const again = server.listen("ncacn_ip_tcp:127.0.0.165[0]");
  await expect(again).rejects.toMatchObject({ code: "closed" });
  expect(server.isListening).toBe(false);
});

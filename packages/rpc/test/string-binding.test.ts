/** String bindings as text and as data. */
import { type ContextRequest, createClient, formatBinding, parseBinding } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";
import { echo } from "./echo.ts";
import { scriptedServer } from "./support/scripted-server.ts";
import { toyClient } from "./support/toy-security.ts";

const uuid = "308fb580-1eb2-11ca-923b-08002b1075a7";
const plain = { protocol: "ncacn_ip_tcp", object: null, host: "", endpoint: null, options: [] };

const bindings: readonly (readonly [text: string, binding: object, formatted?: string])[] = [
  ["ncacn_ip_tcp:", plain],
  ["ncacn_ip_tcp:node1", { ...plain, host: "node1" }],
  ["ncacn_ip_tcp:node1[]", { ...plain, host: "node1" }, "ncacn_ip_tcp:node1"],
  ["ncacn_ip_tcp:192.0.2.7[135]", { ...plain, host: "192.0.2.7", endpoint: "135" }],
  ["NCACN_IP_TCP:n[0]", { ...plain, host: "n", endpoint: "0" }, "ncacn_ip_tcp:n[0]"],
  ["ncacn_ip_tcp:[2001:db8::7][135]", { ...plain, host: "2001:db8::7", endpoint: "135" }],
  ["ncacn_ip_tcp:[fe80::1%eth0]", { ...plain, host: "fe80::1%eth0" }],
  ["ncacn_ip_tcp:::1[135]", { ...plain, host: "::1", endpoint: "135" }, "ncacn_ip_tcp:[::1][135]"],
  [
    `${uuid.toUpperCase()}@ncacn_ip_tcp:n[endpoint=49152]`,
    { ...plain, object: uuid, host: "n", endpoint: "49152" },
    `${uuid}@ncacn_ip_tcp:n[49152]`,
  ],
  [
    "ncacn_ip_tcp:n[135, Privacy,target=a b]",
    {
      ...plain,
      host: "n",
      endpoint: "135",
      options: [
        { name: "privacy", value: null },
        { name: "target", value: "a b" },
      ],
    },
    "ncacn_ip_tcp:n[135,privacy,target=a b]",
  ],
  [
    "ncacn_ip_tcp:n[ntlm]",
    { ...plain, host: "n", options: [{ name: "ntlm", value: null }] },
    "ncacn_ip_tcp:n[,ntlm]",
  ],
  ["ncacn_ip_tcp:[135]", { ...plain, endpoint: "135" }],
  ["ncacn_ip_tcp:[::ffff:192.0.2.7][135]", { ...plain, host: "::ffff:192.0.2.7", endpoint: "135" }],
  [
    "ncacn_ip_tcp:n[135,krb5,target_principal=host/n@EXAMPLE.COM]",
    {
      ...plain,
      host: "n",
      endpoint: "135",
      options: [
        { name: "krb5", value: null },
        { name: "target_principal", value: "host/n@EXAMPLE.COM" },
      ],
    },
  ],
  [
    "ncacn_ip_tcp:n[,note=a\\,b\\]c\\\\d=e]",
    { ...plain, host: "n", options: [{ name: "note", value: "a,b]c\\d=e" }] },
    "ncacn_ip_tcp:n[,note=a\\,b\\]c\\d=e]",
  ],
  [
    "ncacn_ip_tcp:n[,a\\=b\\\\=\\\\,\\c]",
    {
      ...plain,
      host: "n",
      options: [
        { name: "a=b\\", value: "\\" },
        { name: "\\c", value: null },
      ],
    },
  ],
  [
    "ncacn_unix_stream:[/run/a\\=b\\c]",
    { ...plain, protocol: "ncacn_unix_stream", endpoint: "/run/a=b\\c" },
  ],
  [
    "ncacn_unix_stream:[/run/a\\,b]",
    { ...plain, protocol: "ncacn_unix_stream", endpoint: "/run/a,b" },
  ],
  [
    "ncacn_unix_stream:[endpoint=/run/echo,seal]",
    {
      ...plain,
      protocol: "ncacn_unix_stream",
      endpoint: "/run/echo",
      options: [{ name: "seal", value: null }],
    },
    "ncacn_unix_stream:[/run/echo,seal]",
  ],
  [
    "ncacn_unix_stream:[/run/msrpc/echo.sock]",
    { ...plain, protocol: "ncacn_unix_stream", endpoint: "/run/msrpc/echo.sock" },
  ],
];

for (const [text, binding, formatted = text] of bindings) {
  test(`${text} is parsed, and formatted so that it is parsed again`, () => {
    expect(parseBinding(text)).toEqual(binding);
    expect(formatBinding(parseBinding(text))).toBe(formatted);
    expect(parseBinding(formatted)).toEqual(binding);
  });
}

const refused: readonly (readonly [text: string, position: number, problem: string])[] = [
  ["", 0, "there is no protocol before a colon"],
  ["node1[135]", 0, "there is no protocol before a colon"],
  ["ncacn_np:server[\\pipe\\x]", 0, "ncacn_np is not supported"],
  ["127.0.0.1:49152", 0, "as in ncacn_ip_tcp:127.0.0.1[49152]"],
  [`${uuid}@ncalrpc:`, 37, "ncalrpc is not supported"],
  ["ncacn_ip_tcp:n[65536]", 15, "65536 is no port"],
  ["ncacn_ip_tcp:n[endpoint=epmap]", 15, "epmap is no port"],
  ["ncacn_ip_tcp:n[135", 18, "the closing bracket is missing"],
  ["ncacn_ip_tcp:n[135\\", 19, "the closing bracket is missing"],
  ["ncacn_ip_tcp:n[135]x", 19, "nothing comes behind the closing bracket"],
  ["ncacn_ip_tcp:[::1]x", 18, "behind the host comes a bracket"],
  ["ncacn_ip_tcp:n:135", 13, "n:135 is no host: a port stands in brackets"],
  ["ncacn_ip_tcp:a b[135]", 13, "a b is no host"],
  ["1234@ncacn_ip_tcp:n[135]", 0, "1234 is no object UUID"],
  ["ncacn_unix_stream:", 18, "the path of a Unix socket stands in brackets"],
  ["ncacn_unix_stream:[135]", 19, "the path of a Unix socket stands in brackets"],
  ["ncacn_unix_stream:host[/path]", 18, "a Unix socket has no host"],
];
for (const [text, position, problem] of refused) {
  test(`${JSON.stringify(text)} is refused: ${problem}`, () => {
    expect(() => parseBinding(text)).toThrow(SyntaxError);
    expect(() => parseBinding(text)).toThrow(problem);
    expect(() => parseBinding(text)).toThrow(`, at character ${position + 1} of the binding`);
    expect(() => parseBinding(text)).toThrow(expect.objectContaining({ position }));
  });
}

for (const option of ["teapot", "timeout=5", "privacy", "ntlm", "target_principal="]) {
  test(`a client can't follow the option ${option} without what it needs`, () => {
    expect(() => tcpTransport(`ncacn_ip_tcp:n[135,${option}]`)).toThrow(TypeError);
  });
}

/** What a provider is asked, for a binding with these options. */
async function asked(options: string): Promise<ContextRequest> {
  const { promise, resolve } = Promise.withResolvers<ContextRequest>();
  const security = toyClient({ legs: 2, onContext: resolve });
  const server = await scriptedServer();
  const binding = server.binding.replace("]", `${options}]`);
  const transport = tcpTransport(binding, { security });
  createClient(echo, transport)
    .wait()
    .catch(() => {});
  const request = await promise;
  await transport[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  return request;
}

test("options name the level and the target for the credentials", async () => {
  const host = "127.0.0.1";
  expect(await asked("")).toEqual({ level: "privacy", host });
  expect(await asked(",sign")).toEqual({ level: "integrity", host });
  expect(await asked(",sign,connect")).toEqual({ level: "integrity", host });
  const named = { level: "packet", host: "n.example.com", principal: "host/n@EXAMPLE.COM" };
  for (const prefix of ["", "target_"]) {
    const target = `${prefix}hostname=n.example.com,${prefix}principal=host/n@EXAMPLE.COM`;
    expect(await asked(`,packet,${target}`)).toEqual(named);
  }
});

test("options that contradict each other are refused", () => {
  const providers = [toyClient({ legs: 2 }), { ...toyClient({ legs: 2 }), authType: 10 }];
  const options = { security: providers };
  expect(() => tcpTransport("ncacn_ip_tcp:n[135,ntlm]", options)).not.toThrow();
  for (const text of ["ntlm,krb5", "hostname=a,target_hostname=b", "ndr,ndr64"]) {
    expect(() => tcpTransport(`ncacn_ip_tcp:n[135,${text}]`, options)).toThrow(TypeError);
  }
});

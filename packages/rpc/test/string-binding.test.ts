/** String bindings as text and as data. */
import { formatBinding, parseBinding } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";

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

for (const text of [
  "",
  "node1[135]",
  "ncacn_np:server[\\pipe\\x]",
  "ncacn_ip_tcp:n[65536]",
  "ncacn_ip_tcp:n[135",
  "ncacn_ip_tcp:n[135]x",
  "1234@ncacn_ip_tcp:n[135]",
  "ncacn_unix_stream:",
  "ncacn_unix_stream:host[/path]",
]) {
  test(`${JSON.stringify(text)} is refused`, () => {
    expect(() => parseBinding(text)).toThrow(SyntaxError);
  });
}

for (const option of ["teapot", "timeout=5", "privacy", "ntlm"]) {
  test(`a client can't follow the option ${option} without what it needs`, () => {
    expect(() => tcpTransport(`ncacn_ip_tcp:n[135,${option}]`)).toThrow(TypeError);
  });
}

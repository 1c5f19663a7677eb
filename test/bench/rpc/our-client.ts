/** Our client of rpcecho's EchoData as a load: `plain` or with `privacy` by NTLM. */
import { ntlmClient } from "@msrpc/auth";
import { rpcecho } from "@msrpc/rpcecho";
import { createClient } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { account } from "./account.ts";
import { keepCalling, loadArguments } from "./keep-calling.ts";

const [, , level, ...rest] = process.argv;
const load = loadArguments(rest);
const options = level === "privacy" ? { security: ntlmClient(account) } : {};

await keepCalling(load, () => {
  const transport = tcpTransport(`ncacn_ip_tcp:${load.address}[${load.port}]`, options);
  const client = createClient(rpcecho, transport);
  return async (data) => (await client.echoData({ data })).data.length;
});
process.exit(0);

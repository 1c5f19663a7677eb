/** Our server of rpcecho, that of the example; with `privacy`, for callers who prove themselves by NTLM. */
import { echoHandlers } from "@msrpc/examples/echo/handlers";
import { rpcecho } from "@msrpc/rpcecho";
import { createRouter, type ServerSecurityProvider } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { account } from "./account.ts";
import { announce } from "./announce.ts";

/** Loaded only where it is used, as in a server without security. */
async function ntlm(): Promise<ServerSecurityProvider> {
  const { accountList, ntlmServer, readAccounts, setPassword } = await import("@msrpc/auth");
  const accounts = accountList(readAccounts(setPassword("", account)));
  return ntlmServer({ accounts, computerName: "BENCH" });
}

const isPrivate = process.argv.includes("privacy");
const policy = isPrivate ? ({ minimumLevel: "privacy" } as const) : {};
const router = createRouter({ onError: console.error }).serve(rpcecho, echoHandlers, policy);
const server = tcpServer(router, { security: isPrivate ? [await ntlm()] : [] });
const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
announce(Number(/\[(\d+)\]/.exec(binding)?.[1]));

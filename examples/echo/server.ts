// A server: rpcecho, management and the endpoint mapper at one port, until it is told to stop.
import { once } from "node:events";
import { access } from "node:fs/promises";
import { parseArgs } from "node:util";
import { accountFile, accountList, ntlmServer, spnegoServer } from "@msrpc/auth";
import { kerberosServer } from "@msrpc/auth/kerberos";
import { createRouter } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { EndpointMap, serveEndpointMapper, serveManagement } from "@msrpc/services";
import { echoHandlers } from "./handlers.ts";

export async function serve(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listen: { type: "string" },
      users: { type: "string" },
      keytab: { type: "string" },
      "allow-anonymous": { type: "boolean", default: false },
    },
  });
  const { listen, users, keytab, "allow-anonymous": allowAnonymous } = values;
  if (listen === undefined) throw new TypeError("--listen needs a binding");

  // Files that can't be read are to be known now, and not at the first logon.
  const accounts = users === undefined ? accountList([]) : accountFile(users);
  await accounts.lookUp("", "");
  if (keytab !== undefined) await access(keytab);

  const mechanisms = [ntlmServer({ accounts, allowAnonymous })];
  if (keytab !== undefined) mechanisms.unshift(kerberosServer({ keytab }));

  const onError = (error: unknown): void => console.error(String(error));
  const router = createRouter({ onError }).serve(rpcecho, echoHandlers);
  await using server = tcpServer(router, {
    security: [...mechanisms, spnegoServer(mechanisms)],
    limits: { maxRequest: 17 << 20 },
    onError,
  });
  serveManagement(router, server);
  const endpoints = new EndpointMap();
  serveEndpointMapper(router, endpoints);
  const binding = await server.listen(listen);
  endpoints.register(router.interfaces, [binding]);
  console.log(`Listening at ${binding}`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}

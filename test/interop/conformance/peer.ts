// The server that Samba's conformance suite is let loose on: endpoint mapper, management, and a call of Netlogon's.
import { ntlmServer, spnegoServer } from "@msrpc/auth";
import { kerberosServer } from "@msrpc/auth/kerberos";
import type { TransferSyntax } from "@msrpc/ndr";
import {
  createRouter,
  defineInterface,
  type InterfaceDescriptor,
  type Operation,
} from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, serveEndpointMapper, serveManagement } from "@msrpc/services";
import { alice, storeOf } from "../../support/accounts.ts";

/** Takes any stub and answers with a challenge of zeros: the suite looks at lengths and flags. */
const requestChallenge: Operation<object, { status: number }> = {
  name: "NetrServerReqChallenge",
  opnum: 4,
  encodeRequest() {},
  decodeRequest: () => ({}),
  encodeResponse(w, { status }) {
    w.u32(0, "ServerChallenge");
    w.u32(0, "ServerChallenge");
    w.u32(status, "status");
  },
  decodeResponse(r) {
    r.u32("ServerChallenge");
    r.u32("ServerChallenge");
    return { status: r.u32("status") };
  },
  empty: () => ({ status: 0 }),
};

const operations = { requestChallenge };
const netlogon: InterfaceDescriptor<typeof operations> = defineInterface({
  name: "netlogon",
  uuid: "12345678-1234-abcd-ef00-01234567cffb",
  version: { major: 1, minor: 0 },
  operations,
});

export interface SuitePeer extends AsyncDisposable {
  /** Errors of handlers, and other mistakes of our own. */
  readonly mistakes: unknown[];
  /** Connections and association groups that are left. */
  readonly connections: number;
}

/** Sizes are those that Windows has on this port, and the suite counts on. */
export async function startPeer(
  address: string,
  keytab: string,
  syntaxes: readonly TransferSyntax[],
): Promise<SuitePeer> {
  const mistakes: unknown[] = [];
  const map = new EndpointMap();
  const router = createRouter({ onError: (error) => mistakes.push(error) });
  const accounts = storeOf([alice]);
  const names = { computerName: "SERVER", domainName: alice.domain };
  const ntlm = ntlmServer({ accounts, allowAnonymous: true, ...names });
  const kerberos = kerberosServer({ keytab });
  const server = tcpServer(router, {
    syntaxes,
    limits: { maxFragment: 5840, maxSecurityContexts: 2049 },
    security: [ntlm, kerberos, spnegoServer([kerberos, ntlm])],
  });
  serveEndpointMapper(router, map);
  serveManagement(router, server);
  router.serve(netlogon, { requestChallenge: () => ({ status: 0 }) });
  const binding = await server.listen(`ncacn_ip_tcp:${address}[135]`);
  map.register(router.interfaces, [binding]);
  return {
    mistakes,
    get connections() {
      return server.connections;
    },
    [Symbol.asyncDispose]: () => server.close({ graceTime: 0 }),
  };
}

// Our servers of MS-RRP and MS-SCMR for others: impacket's and Samba's clients find them by our endpoint mapper, sealed, and work with them.
import { needPackages } from "./support/packages.ts";
import { checkNode } from "./host-services/node.ts";
import { checkRegistry } from "./host-services/registry.ts";
import { checkServices } from "./host-services/services.ts";
import { startHost } from "./host-services/serve.ts";
import { check, expectNone } from "./support/report.ts";

needPackages("python3-impacket", "python3-samba", "samba-testsuite");

await using host = await startHost("127.0.0.72");
await checkRegistry(host);
await checkServices(host);
await check("Nothing went wrong at the server", () => {
  expectNone(host.errors.map(String));
  return `${host.callsIn()} calls`;
});
await checkNode("127.0.0.73");

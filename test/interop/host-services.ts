// Our servers of MS-RRP for others: impacket's and Samba's clients find them by our endpoint mapper, sealed, and work with them.
import { needPackages } from "./support/packages.ts";
import { checkRegistry } from "./host-services/registry.ts";
import { startHost } from "./host-services/serve.ts";
import { check, expectNone } from "./support/report.ts";

needPackages(
  "python3-impacket",
  "python3-samba",
  "samba-testsuite",
  "samba-common-bin",
  "smbclient",
);

await using host = await startHost("127.0.0.72");
await checkRegistry(host);
await check("Nothing went wrong at the server", () => {
  expectNone(host.errors.map(String));
  return `${host.callsIn()} calls`;
});

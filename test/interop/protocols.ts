// Bindings of MS-LSAD, MS-SAMR, MS-WKST, MS-SRVS, MS-RRP, MS-NRPC, MS-DRSR and MS-EVEN6 against Samba's servers: sealed
// calls, whose results are those that Samba's own tools print.
import { domainPackages, startDomainController } from "./support/domain-controller.ts";
import { fileServerPackages, startFileServer } from "./support/file-server.ts";
import { needPackages } from "./support/packages.ts";
import { checkDrsuapi } from "./protocols/drsuapi.ts";
import { checkEventLog } from "./protocols/eventlog.ts";
import { checkLsa } from "./protocols/lsa.ts";
import { checkNetlogon } from "./protocols/netlogon.ts";
import { checkSamr } from "./protocols/samr.ts";
import { checkSrvsvc } from "./protocols/srvsvc.ts";
import type { Server } from "./protocols/talk.ts";
import { checkWinreg } from "./protocols/winreg.ts";
import { checkWkssvc } from "./protocols/wkssvc.ts";

needPackages(...domainPackages, ...fileServerPackages, "smbclient");

await using files = await startFileServer("127.0.0.66");
const server: Server = {
  binding: `ncacn_ip_tcp:${files.address}`,
  sambaBinding: `ncacn_ip_tcp:${files.address}[seal]`,
  user: { user: "root", domain: files.workgroup, password: files.password },
  configuration: files.configuration,
};
await checkSrvsvc(server);
await checkWinreg(server);

await using domain = await startDomainController({
  address: "127.0.0.65",
  realm: "PROTOCOLS.TEST",
  accounts: [{ user: "alice", password: "Passw0rd.2" }],
  // It knows who changed what.
  services: ["kcc"],
});
const user = { user: "Administrator", domain: "PROTOCOLS", password: "Passw0rd.1" };
const local: Server = {
  binding: `ncacn_unix_stream:[${domain.localSocket}]`,
  sambaBinding: "ncalrpc:[DEFAULT,seal]",
  user,
  configuration: domain.configuration,
};
const sid = await checkLsa(local);
const remote: Server = {
  ...local,
  binding: `ncacn_ip_tcp:${domain.address}`,
  sambaBinding: `ncacn_ip_tcp:${domain.address}[seal]`,
};
await checkSamr(remote, user.domain);
await checkNetlogon(remote, user.domain, sid);
await checkDrsuapi(remote, domain.realm);
await checkWkssvc([remote, server]);
await checkEventLog(remote);

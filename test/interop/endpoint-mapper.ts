// Our client asks Samba's endpoint mapper, and Samba's and impacket's clients ask ours, at port 135.
import { askSamba } from "./endpoint-mapper/ask-samba.ts";
import { serveOthers } from "./endpoint-mapper/serve-others.ts";
import { sambaUser, startSamba } from "./rpc/samba-server.ts";
import { domainPackages, startDomainController } from "./support/domain-controller.ts";
import { needPackages } from "./support/packages.ts";

needPackages(...domainPackages, "samba-testsuite", "smbclient", "python3-impacket", "tshark");

// Addresses of this group: its mappers have port 135 there. Samba has two: of its file server and of its domain
// controller.
{
  await using samba = await startSamba("127.0.0.50");
  await askSamba({ name: "Samba's server", address: samba.address, user: sambaUser });
}
{
  const account = { user: "alice", password: "Passw0rd.2" };
  const realm = "MAPPER.TEST";
  const address = "127.0.0.52";
  await using _controller = await startDomainController({ address, realm, accounts: [account] });
  const user = { ...account, domain: "MAPPER" };
  await askSamba({ name: "Samba's domain controller", address, user });
}
await serveOthers("127.0.0.51");

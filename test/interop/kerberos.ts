// Kerberos: our client and server with MIT's KDC, and both with those of others in a domain of Samba's.
import {
  checkClients,
  checkController,
  checkControllerFallback,
  serviceAccount,
} from "./kerberos/domain.ts";
import { checkClusterd } from "./kerberos/clusterd.ts";
import { checkCaptures } from "./kerberos/captures.ts";
import { checkHostile } from "./kerberos/hostile.ts";
import { checkOwn } from "./kerberos/own.ts";
import { alice } from "./kerberos/service.ts";
import { domainPackages, startDomainController } from "./support/domain-controller.ts";
import { kdcPackages, startKdc } from "./support/kdc.ts";
import { needPackages } from "./support/packages.ts";

needPackages(
  "libgssapi-krb5-2",
  ...kdcPackages,
  ...domainPackages,
  "samba-testsuite",
  "python3-impacket",
  "tshark",
);

{
  await using kdc = await startKdc("127.0.0.60", "EXAMPLE.COM");
  process.env.KRB5_CONFIG = kdc.kerberosConfiguration;
  kdc.addUser(alice.principal, alice.password);
  await checkOwn(kdc, "127.0.0.61");
  await checkClusterd(kdc, "127.0.0.61");
  await checkHostile(kdc, "127.0.0.61");
  await checkCaptures(kdc, "127.0.0.61");
}

{
  await using domain = await startDomainController({
    address: "127.0.0.64",
    realm: "DOMAIN.TEST",
    accounts: [{ user: alice.principal, password: alice.password }, serviceAccount],
  });
  process.env.KRB5_CONFIG = domain.kerberosConfiguration;
  await checkController(domain);
  await checkControllerFallback(domain);
  await checkClients(domain, "127.0.0.61");
}

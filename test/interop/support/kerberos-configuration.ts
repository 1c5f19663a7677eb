// krb5.conf of realms that are nowhere but on this machine.
import { writeFileSync } from "node:fs";

/** A realm and the address of its KDC, with a port where that is not 88. */
export interface Realm {
  readonly realm: string;
  readonly kdc: string;
}

/** The first realm is the default. Nothing is looked up in the DNS. */
export function writeKerberosConfiguration(
  path: string,
  realms: readonly [Realm, ...Realm[]],
): void {
  const lines = [
    "[libdefaults]",
    `default_realm = ${realms[0].realm}`,
    "dns_lookup_realm = false",
    "dns_lookup_kdc = false",
    "dns_canonicalize_hostname = false",
    "rdns = false",
    // Over TCP, where it is heard at once that nobody listens.
    "udp_preference_limit = 1",
    "[realms]",
    ...realms.map(({ realm, kdc }) => `${realm} = {\n  kdc = ${kdc}\n}`),
    "[domain_realm]",
    ...realms.map(({ realm }) => `.${realm.toLowerCase()} = ${realm}`),
    "",
  ];
  writeFileSync(path, lines.join("\n"));
}

// MS-NRPC: where a domain's controllers are, its sites and trusts.
import { netlogon } from "@msrpc/ms-nrpc";
import { check, demand } from "../support/report.ts";
import {
  clientOf,
  equal,
  failureOf,
  found,
  rpcclient,
  rpcclientError,
  same,
  type Server,
} from "./talk.ts";

/** DS_RETURN_DNS_NAME */
const asDnsName = 0x40000000;

export async function checkNetlogon(server: Server, domain: string, sid: string): Promise<void> {
  await using logon = clientOf(server, netlogon);

  await check("Netlogon: a controller of the domain", async () => {
    const { domainControllerInfo } = await logon.dsrGetDcNameEx2({
      computerName: null,
      accountName: null,
      allowableAccountControlBits: 0,
      domainName: domain,
      domainGuid: null,
      siteName: null,
      flags: asDnsName,
    });
    demand(domainControllerInfo !== null, "none");
    const info = domainControllerInfo;
    const said = rpcclient(server, `dsr_getdcnameex2 ${domain}`);
    const theirs = (name: string): string =>
      found(said, new RegExp(`^ +${name}\\s*: '?([^'*\\s][^'\\s]*)`, "m"))[0] ?? "";
    equal("controller", info.domainControllerName, theirs("dc_unc"));
    equal("address", info.domainControllerAddress, theirs("dc_address"));
    equal("GUID", info.domainGuid, theirs("domain_guid"));
    equal("domain", info.domainName, theirs("domain_name"));
    equal("flags", `0x${info.flags.toString(16)}`, theirs("dc_flags"));
    const older = await logon.dsrGetDcName({
      computerName: null,
      domainName: domain,
      domainGuid: null,
      siteGuid: null,
      flags: 0,
    });
    equal("by the older call", older.domainControllerInfo?.domainGuid, info.domainGuid);
    return String(info.domainControllerName);
  });

  await check("Netlogon: sites", async () => {
    const [address = ""] = /127[\d.]+/.exec(server.binding) ?? [];
    const { siteName } = await logon.dsrGetSiteName({ computerName: address });
    const said = rpcclient(server, `dsr_getsitename ${address}`);
    equal("site", siteName, found(said, /on Site: (.+)/)[0]);
    const { siteNames } = await logon.dsrGetDcSiteCoverageW({ serverName: null });
    const covered = (siteNames?.siteNames ?? []).map(({ buffer }) =>
      String.fromCharCode(...(buffer ?? [])),
    );
    same("sites", covered, rpcclient(server, "getdcsitecoverage").trim().split("\n").slice(1));
    return String(siteName);
  });

  await check("Netlogon: trusts", async () => {
    const { domains } = await logon.dsrEnumerateDomainTrusts({ serverName: null, flags: 0x3f });
    const ours = (domains.domains ?? []).map(
      ({ dnsDomainName, netbiosDomainName }) => `${dnsDomainName} (${netbiosDomainName})`,
    );
    same("domains", ours, rpcclient(server, "dsenumdomtrusts").trim().split("\n").slice(1));
    equal("SID", domains.domains?.[0]?.domainSid, sid);
    return ours.join(", ");
  });

  await check(
    "Netlogon: a controller by the oldest call, and a domain that nobody has",
    async () => {
      const { buffer } = await logon.getDcName({ serverName: "", domainName: domain });
      equal("controller", buffer, rpcclient(server, `getdcname ${domain}`).trim());
      const failure = await failureOf(logon.getAnyDcName({ serverName: null, domainName: domain }));
      equal("status", failure, `ERROR_${rpcclientError(server, `getanydcname ${domain}`)}`);
      return `${buffer}; ${failure}`;
    },
  );

  await check("Netlogon: a challenge, and an authentication that is refused", async () => {
    const clientChallenge = { data: new Uint8Array(8).fill(7) };
    const names = { primaryName: null, computerName: "NOBODY" };
    const first = await logon.serverReqChallenge({ ...names, clientChallenge });
    const second = await logon.serverReqChallenge({ ...names, clientChallenge });
    const [one, two] = [first, second].map(({ serverChallenge }) => String(serverChallenge.data));
    demand(one !== two, "the same challenge twice");
    const failure = await failureOf(
      logon.serverAuthenticate3({
        ...names,
        accountName: "NOBODY$",
        secureChannelType: 2,
        clientCredential: clientChallenge,
        negotiateFlags: 0x612fffff,
      }),
    );
    equal("status", failure, "STATUS_NO_TRUST_SAM_ACCOUNT");
    return failure;
  });
}

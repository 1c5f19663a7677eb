// MS-LSAD and MS-LSAT, over the local socket: Samba takes these calls from TCP with a machine's account alone.
import { lsarpc, Status } from "@msrpc/ms-lsad";
import { check, demand } from "../support/report.ts";
import {
  clientOf,
  equal,
  failureOf,
  found,
  MAXIMUM_ALLOWED,
  rpcclient,
  same,
  type Server,
} from "./talk.ts";

const attributes = {
  length: 24,
  rootDirectory: null,
  objectName: null,
  attributes: 0,
  securityDescriptor: null,
  securityQualityOfService: null,
};
const lookup = { lookupLevel: 1, mappedCount: 0, lookupOptions: 0, clientRevision: 2 };
const dnsDomainInformation = 12;
/** Of a group that every domain has, and a right that it lacks. */
const operators = "S-1-5-32-551";
const lacking = "SeDebugPrivilege";
/** Octets of a list that Samba gives at most. */
const room = 8192;

/** Gives the domain's SID. */
export async function checkLsa(server: Server): Promise<string> {
  await using lsa = clientOf(server, lsarpc);
  let domain = "";
  const policyHandle = await lsa.openPolicy2({
    systemName: null,
    objectAttributes: attributes,
    desiredAccess: MAXIMUM_ALLOWED,
  });

  await check("LSA: the domain of the policy", async () => {
    const said = rpcclient(server, "lsaquery");
    const { policyInformation } = await lsa.queryInformationPolicy2({
      policyHandle,
      informationClass: dnsDomainInformation,
    });
    demand(policyInformation?.type === dnsDomainInformation, "another class of information");
    const { name, sid } = policyInformation.value;
    equal("name", name, found(said, /Domain Name: (\S+)/)[0]);
    equal("SID", sid, found(said, /Domain Sid: (\S+)/)[0]);
    domain = sid ?? "";
    return domain;
  });

  await check("LSA: privileges", async () => {
    const { enumerationBuffer } = await lsa.enumeratePrivileges({
      policyHandle,
      enumerationContext: 0,
      preferedMaximumLength: room,
    });
    const ours = (enumerationBuffer.privileges ?? []).map(
      ({ name, localValue }) => `${name} ${localValue.highPart}:${localValue.lowPart}`,
    );
    const said = rpcclient(server, "enumprivs");
    const theirs = [...said.matchAll(/^(Se\w+)\s+(\d+:\d+) /gm)].map(([, name, luid]) =>
      [name, luid].join(" "),
    );
    same("privileges", ours, theirs);
    const [first = ""] = ours;
    const [name = "", luid] = first.split(" ");
    const { value } = await lsa.lookupPrivilegeValue({ policyHandle, name });
    equal(name, `${value.highPart}:${value.lowPart}`, luid);
    return `${ours.length}`;
  });

  await check("LSA: SIDs of names, and names of SIDs", async () => {
    const names = ["Administrator", "alice", "Domain Users"];
    const { translatedSids } = await lsa.lookupNames3({
      policyHandle,
      names,
      translatedSids: { sids: null },
      ...lookup,
    });
    const ours = (translatedSids.sids ?? []).map(({ sid, use }, at) =>
      [names[at], sid, use].join(" "),
    );
    const said = rpcclient(server, `lookupnames ${names.map((name) => `"${name}"`).join(" ")}`);
    const theirs = [...said.matchAll(/^(.+) (S-1-\S+) \(.*: (\d+)\)$/gm)].map(
      ([, name, sid, use]) => [name, sid, use].join(" "),
    );
    same("SIDs", ours, theirs);
    const sids = (translatedSids.sids ?? []).map(({ sid }) => ({ sid }));
    const back = await lsa.lookupSids2({
      policyHandle,
      sidEnumBuffer: { sidInfo: sids },
      translatedNames: { names: null },
      ...lookup,
    });
    same(
      "names",
      (back.translatedNames.names ?? []).map(({ name }) => name),
      names,
    );
    return ours.join(", ");
  });

  await check("LSA: names of which one is not known", async () => {
    const { returnValue, translatedSids, mappedCount } = await lsa.lookupNames3({
      policyHandle,
      names: ["alice", "nobody-at-all"],
      translatedSids: { sids: null },
      ...lookup,
    });
    equal("status", returnValue, Status.STATUS_SOME_NOT_MAPPED);
    equal("mapped", mappedCount, 1);
    equal("results", translatedSids.sids?.length, 2);
    return "STATUS_SOME_NOT_MAPPED is no error";
  });

  await check("LSA: rights of an account, given and taken", async () => {
    const accountSid = operators;
    const rights = async (): Promise<string[]> => {
      const { userRights } = await lsa.enumerateAccountRights({ policyHandle, accountSid });
      return userRights.userRights ?? [];
    };
    const theirs = (): string[] =>
      rpcclient(server, `lsaenumacctrights ${operators}`).match(/Se\w+/g) ?? [];
    same("rights", await rights(), theirs());
    const before = (await rights()).length;
    const userRights = { userRights: [lacking] };
    await lsa.addAccountRights({ policyHandle, accountSid, userRights });
    equal("rights after one was given", (await rights()).length, before + 1);
    same("rights after one was given", await rights(), theirs());
    await lsa.removeAccountRights({ policyHandle, accountSid, allRights: 0, userRights });
    equal("rights after it was taken", (await rights()).length, before);
    return `${before}`;
  });

  await check("LSA: accounts with rights", async () => {
    const { enumerationBuffer } = await lsa.enumerateAccounts({
      policyHandle,
      enumerationContext: 0,
      preferedMaximumLength: room,
    });
    const ours = (enumerationBuffer.information ?? []).map(({ sid }) => sid ?? "");
    same("accounts", ours, rpcclient(server, "lsaenumsid").match(/^S-1-\S+/gm) ?? []);
    return `${ours.length}`;
  });

  await check("LSA: a secret is made, opened and deleted", async () => {
    const secretName = "G$msrpc";
    const made = await lsa.createSecret({
      policyHandle,
      secretName,
      desiredAccess: MAXIMUM_ALLOWED,
    });
    await lsa.deleteObject({ objectHandle: made });
    const failure = await failureOf(
      lsa.openSecret({ policyHandle, secretName, desiredAccess: MAXIMUM_ALLOWED }),
    );
    equal("status", failure, "STATUS_OBJECT_NAME_NOT_FOUND");
    return failure;
  });
  return domain;
}

// MS-SAMR: domains, users, groups and aliases of a controller.
import { samr, UserInformationClass, DomainInformationClass } from "@msrpc/ms-samr";
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

const administrator = 500;
const domainAdmins = 512;
const administrators = 544;
const room = 0x10000;
/** Of a user's account, [MS-SAMR] 2.2.1.12. */
const normalAccount = 0x10;

/** `name 0x1f4`, from lines such as `user:[name] rid:[0x1f4]`. */
function ridsIn(said: string): string[] {
  return [...said.matchAll(/:\[(.+)\] rid:\[(0x[0-9a-f]+)\]/g)].map(([, name, rid]) =>
    [name, rid].join(" "),
  );
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

export async function checkSamr(server: Server, domainName: string): Promise<void> {
  await using accounts = clientOf(server, samr);
  const access = { desiredAccess: MAXIMUM_ALLOWED };
  const serverHandle = await accounts.connect2({ serverName: null, ...access });
  const open = async (name: string) => {
    const { domainId } = await accounts.lookupDomainInSamServer({
      serverHandle,
      name,
    });
    demand(domainId !== null, `no SID of ${name}`);
    return accounts.openDomain({ serverHandle, domainId, ...access });
  };

  await check("SAMR: domains of the server, and their SIDs", async () => {
    const { buffer } = await accounts.enumerateDomainsInSamServer({
      serverHandle,
      enumerationContext: 0,
      preferedMaximumLength: room,
    });
    const ours = (buffer?.buffer ?? []).map(({ name }) => name);
    const said = rpcclient(server, "enumdomains");
    same(
      "domains",
      ours,
      [...said.matchAll(/name:\[(.+)\] idx/g)].map(([, name = ""]) => name),
    );
    for (const name of ours) {
      const { domainId } = await accounts.lookupDomainInSamServer({
        serverHandle,
        name,
      });
      const theirs = found(rpcclient(server, `lookupdomain ${name}`), /Domain SID: (\S+)/);
      equal(name, domainId, theirs[0]);
    }
    return ours.join(", ");
  });

  const domainHandle = await open(domainName);
  const builtin = await open("Builtin");

  await check("SAMR: users, groups and aliases", async () => {
    const ask = { enumerationContext: 0, preferedMaximumLength: room };
    const named = (list: { relativeId: number; name: string }[] | null) =>
      (list ?? []).map(({ relativeId, name }) => `${name} ${hex(relativeId)}`);
    const users = await accounts.enumerateUsersInDomain({
      domainHandle,
      userAccountControl: normalAccount,
      ...ask,
    });
    same("users", named(users.buffer?.buffer ?? null), ridsIn(rpcclient(server, "enumdomusers")));
    const groups = await accounts.enumerateGroupsInDomain({ domainHandle, ...ask });
    const theirs = ridsIn(rpcclient(server, "enumdomgroups"));
    same("groups", named(groups.buffer?.buffer ?? null), theirs);
    const aliases = await accounts.enumerateAliasesInDomain({ domainHandle: builtin, ...ask });
    const theirAliases = ridsIn(rpcclient(server, "enumalsgroups builtin"));
    same("aliases", named(aliases.buffer?.buffer ?? null), theirAliases);
    return `${users.countReturned} users, ${theirs.length} groups, ${theirAliases.length} aliases`;
  });

  await check("SAMR: what the domain says of itself", async () => {
    const { buffer } = await accounts.queryInformationDomain2({
      domainHandle,
      domainInformationClass: DomainInformationClass.DomainGeneralInformation,
    });
    demand(buffer?.type === DomainInformationClass.DomainGeneralInformation, "another class");
    const { value } = buffer;
    const said = rpcclient(server, "querydominfo");
    equal("name", value.domainName, found(said, /Domain:\s+(\S+)/)[0]);
    equal("users", value.userCount, found(said, /Total Users:\s+(\d+)/)[0]);
    equal("groups", value.groupCount, found(said, /Total Groups:\s+(\d+)/)[0]);
    equal("aliases", value.aliasCount, found(said, /Total Aliases:\s+(\d+)/)[0]);
    return `${value.userCount} users, ${value.groupCount} groups, ${value.aliasCount} aliases`;
  });

  await check("SAMR: a user, the groups it is in, and the members of these", async () => {
    const userHandle = await accounts.openUser({ domainHandle, userId: administrator, ...access });
    const { buffer } = await accounts.queryInformationUser2({
      userHandle,
      userInformationClass: UserInformationClass.UserAllInformation,
    });
    demand(buffer?.type === UserInformationClass.UserAllInformation, "another class");
    const { value } = buffer;
    const said = rpcclient(server, `queryuser ${administrator}`);
    equal("name", value.userName, found(said, /User Name\s*:\s+(\S+)/)[0]);
    equal("comment", value.adminComment, found(said, /Description\s*:\s+(.+)/)[0]);
    equal("group", hex(value.primaryGroupId), found(said, /group_rid:\s+(0x\w+)/)[0]);
    equal("control", value.userAccountControl, Number(found(said, /acb_info :\s+(0x\w+)/)[0]));
    const { groups } = await accounts.getGroupsForUser({ userHandle });
    const theirs = rpcclient(server, `queryusergroups ${administrator}`).matchAll(
      /rid:\[(0x\w+)\]/g,
    );
    const rids = (groups?.groups ?? []).map(({ relativeId }) => hex(relativeId));
    same(
      "groups",
      rids,
      [...theirs].map(([, rid = ""]) => rid),
    );
    const group = await accounts.openGroup({ domainHandle, groupId: domainAdmins, ...access });
    const { members } = await accounts.getMembersInGroup({ groupHandle: group });
    const said2 = rpcclient(server, `querygroupmem ${domainAdmins}`).matchAll(/rid:\[(0x\w+)\]/g);
    same(
      "members",
      (members?.members ?? []).map(hex),
      [...said2].map(([, rid = ""]) => rid),
    );
    const alias = await accounts.openAlias({
      domainHandle: builtin,
      aliasId: administrators,
      ...access,
    });
    const { members: sids } = await accounts.getMembersInAlias({ aliasHandle: alias });
    const said3 = rpcclient(server, `queryaliasmem builtin ${administrators}`).matchAll(
      /sid:\[(.+)\]/g,
    );
    same(
      "members of the alias",
      (sids.sids ?? []).map(({ sidPointer }) => sidPointer ?? ""),
      [...said3].map(([, sid = ""]) => sid),
    );
    return `in ${rids.length} groups`;
  });

  await check("SAMR: RIDs of names, and a list for people", async () => {
    const names = ["alice", "Administrator"];
    const { relativeIds } = await accounts.lookupNamesInDomain({
      domainHandle,
      names,
    });
    const said = rpcclient(server, `samlookupnames domain ${names.join(" ")}`);
    const theirs = [...said.matchAll(/^name (\S+): (0x\w+)/gm)].map(([, name, rid]) =>
      [name, rid].join(" "),
    );
    same(
      "RIDs",
      (relativeIds.element ?? []).map((rid, at) => `${names[at]} ${hex(rid)}`),
      theirs,
    );
    const { buffer } = await accounts.queryDisplayInformation({
      domainHandle,
      displayInformationClass: 1,
      index: 0,
      entryCount: 100,
      preferredMaximumLength: room,
    });
    demand(buffer.type === 1, "another class");
    const listed = rpcclient(server, "querydispinfo").matchAll(/RID: (0x\w+) .*Account: (\S+)/g);
    same(
      "accounts",
      (buffer.value.buffer ?? []).map(({ rid, accountName }) => `${hex(rid)} ${accountName}`),
      [...listed].map(([, rid, name]) => `${rid} ${name}`),
    );
    return theirs.join(", ");
  });

  await check("SAMR: a user is made, described and deleted", async () => {
    const name = "carol";
    const { userHandle, relativeId } = await accounts.createUser2InDomain({
      domainHandle,
      name,
      accountType: normalAccount,
      ...access,
    });
    demand(userHandle !== null, "no handle");
    await accounts.setInformationUser2({
      userHandle,
      buffer: {
        type: UserInformationClass.UserAdminCommentInformation,
        value: { adminComment: "Made by a test" },
      },
    });
    const said = rpcclient(server, `queryuser ${hex(relativeId)}`);
    equal("name", name, found(said, /User Name\s*:\s+(\S+)/)[0]);
    equal("comment", "Made by a test", found(said, /Description\s*:\s+(.+)/)[0]);
    await accounts.deleteUser({ userHandle });
    const failure = await failureOf(
      accounts.openUser({ domainHandle, userId: relativeId, ...access }),
    );
    equal("status", failure, "STATUS_NO_SUCH_USER");
    demand(!rpcclient(server, "enumdomusers").includes(name), "Samba still lists it");
    return failure;
  });
}

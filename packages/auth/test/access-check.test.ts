import { expect, test } from "vitest";
import {
  type AccessToken,
  type SecurityDescriptor,
  aceTypes,
  checkAccess,
  readSddl,
  rights,
  tokenOf,
  wellKnownSids,
} from "../src/index.ts";

const alice = "S-1-5-21-1-2-3-1104";
const group = "S-1-5-21-1-2-3-513";
const token: AccessToken = { sids: [alice, group, wellKnownSids.everyone] };
const read = 1;
const write = 2;

/** What is granted, or null. */
function granted(
  sddl: string | SecurityDescriptor,
  desired: number,
  who: AccessToken = token,
  options = {},
): number | null {
  const descriptor = typeof sddl === "string" ? readSddl(sddl) : sddl;
  const result = checkAccess(descriptor, who, desired, options);
  return result.allowed ? result.granted : null;
}

test("an ACE gives rights to those that it names, and to nobody else", () => {
  expect(granted(`D:(A;;0x3;;;${alice})`, read | write)).toBe(3);
  expect(granted(`D:(A;;0x1;;;${alice})`, read | write)).toBeNull();
  expect(granted("D:(A;;0x3;;;BA)", read)).toBeNull();
});

test("rights add up over ACEs, of users and groups", () => {
  expect(granted(`D:(A;;0x1;;;${alice})(A;;0x2;;;${group})`, read | write)).toBe(3);
});

test("the first ACE that speaks of a right is the one that counts", () => {
  expect(granted(`D:(D;;0x2;;;${group})(A;;0x3;;;${alice})`, write)).toBeNull();
  expect(granted(`D:(A;;0x3;;;${alice})(D;;0x2;;;${group})`, write)).toBe(2);
  expect(granted(`D:(D;;0x2;;;${group})(A;;0x3;;;${alice})`, read)).toBe(1);
});

test("an empty DACL lets nothing pass, none at all lets everything", () => {
  expect(granted("D:", read)).toBeNull();
  expect(granted("D:NO_ACCESS_CONTROL", read | write)).toBe(3);
  expect(granted("O:SY", read | write)).toBe(3);
});

test("an ACE that is only to be inherited does not count", () => {
  expect(granted("D:(A;OICIIO;0x1;;;WD)", read)).toBeNull();
  expect(granted("D:(D;OICIIO;0x1;;;WD)(A;;0x1;;;WD)", read)).toBe(1);
});

test("an owner may always read and change the DACL", () => {
  const both = rights.readControl | rights.writeDac;
  expect(granted(`O:${alice}D:`, both)).toBe(both);
  expect(granted(`O:${alice}D:(D;;RCWD;;;WD)`, both)).toBe(both);
  expect(granted("O:SYD:", both)).toBeNull();
});

test("OWNER RIGHTS take the place of what an owner may do", () => {
  const both = rights.readControl | rights.writeDac;
  expect(granted(`O:${alice}D:(A;;RC;;;OW)`, both)).toBeNull();
  expect(granted(`O:${alice}D:(A;;RC;;;OW)`, rights.readControl)).toBe(rights.readControl);
  expect(granted(`O:${alice}D:(A;IO;RC;;;OW)`, both)).toBe(both);
  expect(granted("O:SYD:(A;;RC;;;OW)", rights.readControl)).toBeNull();
});

test("PRINCIPAL SELF is whom the object stands for", () => {
  expect(granted("D:(A;;0x1;;;PS)", read, token, { principalSelf: alice })).toBe(1);
  expect(granted("D:(A;;0x1;;;PS)", read, token, { principalSelf: "S-1-5-18" })).toBeNull();
  expect(granted("D:(A;;0x1;;;PS)", read)).toBeNull();
});

test("generic rights mean what the kind of object says, in requests and in ACEs", () => {
  const mapping = { read: 0x1, write: 0x2, execute: 0x4, all: 0x1f0007 };
  const options = { mapping };
  expect(granted("D:(A;;GRGW;;;WD)", read | write, token, options)).toBe(3);
  expect(granted("D:(A;;0x7;;;WD)", rights.genericExecute, token, options)).toBe(4);
  expect(granted("D:(A;;GA;;;WD)", rights.genericAll, token, options)).toBe(0x1f0007);
  expect(granted("D:(A;;GR;;;WD)", rights.genericWrite, token, options)).toBeNull();
});

test("the most that is allowed is what the ACEs give in their order", () => {
  const most = rights.maximumAllowed;
  expect(granted(`D:(D;;0x2;;;${group})(A;;0x7;;;${alice})`, most)).toBe(5);
  expect(granted(`D:(A;;0x2;;;${alice})(D;;0x3;;;${group})(A;;0x5;;;WD)`, most)).toBe(6);
  expect(granted("D:", most)).toBeNull();
  expect(granted("D:(A;;0x1;;;WD)", most | write)).toBeNull();
  expect(granted("D:NO_ACCESS_CONTROL", most)).toBe(0x1fffff);
});

test("the SACL needs a privilege, and no ACE gives it", () => {
  const sacl = rights.accessSystemSecurity;
  const privileged = { ...token, privileges: ["SeSecurityPrivilege"] };
  expect(granted("D:(A;;0x1ffffff;;;WD)", sacl)).toBeNull();
  expect(granted("O:SY", sacl)).toBeNull();
  expect(granted("D:(A;;0x1;;;WD)", sacl | read, privileged)).toBe((sacl | read) >>> 0);
  expect(granted("D:", sacl | read, privileged)).toBeNull();
});

test("ownership can be taken by privilege", () => {
  const privileged = { ...token, privileges: ["SeTakeOwnershipPrivilege"] };
  expect(granted("D:", rights.writeOwner, privileged)).toBe(rights.writeOwner);
  expect(granted("D:", rights.maximumAllowed, privileged)).toBe(rights.writeOwner);
  expect(granted("D:", rights.writeOwner)).toBeNull();
});

test("of ACEs for a part of an object, those that allow do not apply and those that deny do", () => {
  const guid = "01234567-89ab-cdef-0123-456789abcdef";
  expect(granted(`D:(OA;;0x1;${guid};;WD)`, read)).toBeNull();
  expect(granted("D:(OA;;0x1;;;WD)", read)).toBe(1);
  expect(granted(`D:(OD;;0x1;${guid};;WD)(A;;0x1;;;WD)`, read)).toBeNull();
});

test("of ACEs with a condition, those that allow do not apply and those that deny do", () => {
  const withFirst = (type: 9 | 10): SecurityDescriptor => {
    const plain = readSddl("D:(A;;0x2;;;WD)");
    const first = { type, flags: 0, mask: 3, sid: wellKnownSids.everyone };
    return { ...plain, dacl: { revision: 2, aces: [first, ...(plain.dacl?.aces ?? [])] } };
  };
  expect(granted(withFirst(aceTypes.allowCallback), write)).toBe(2);
  expect(granted(withFirst(aceTypes.allowCallback), read)).toBeNull();
  expect(granted(withFirst(aceTypes.denyCallback), write)).toBeNull();
});

test("a caller is in the groups that everybody is in who comes over a network", () => {
  const known = { name: "EXAMPLE\\alice", anonymous: false, mechanism: "ntlm", sid: alice };
  expect(tokenOf({ ...known, groups: [group] }).sids).toEqual([
    alice,
    group,
    wellKnownSids.everyone,
    wellKnownSids.network,
    wellKnownSids.authenticatedUsers,
    wellKnownSids.ntlmAuthentication,
  ]);
  const nobody = tokenOf({ name: "", anonymous: true, mechanism: "ntlm" });
  expect(nobody.sids).toEqual([wellKnownSids.anonymous, wellKnownSids.network]);
  expect(granted("D:(A;;0x1;;;WD)", read, nobody)).toBeNull();
});

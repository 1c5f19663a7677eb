/** KERB_VALIDATION_INFO ([MS-PAC] 2.5) by hand, in the shape of generated code. */
import type { NdrReader, NdrWriter } from "@msrpc/ndr";

interface UnicodeString {
  length: number;
  maximumLength: number;
  buffer: number[] | null;
}

function writeString(w: NdrWriter, v: UnicodeString): void {
  w.align(4, 8);
  w.u16(v.length, "Length");
  w.u16(v.maximumLength, "MaximumLength");
  w.pointer(v.buffer, "Buffer");
}

function writeStringTargets(w: NdrWriter, v: UnicodeString): void {
  if (v.buffer === null) return;
  const size = Math.trunc(v.maximumLength / 2);
  w.lengthIs(w.size(v.buffer, "Buffer"), Math.trunc(v.length / 2), "Buffer");
  w.count(size, "Buffer");
  w.varying(size, v.buffer.length, "Buffer");
  w.u16s(v.buffer, "Buffer");
}

function readString(r: NdrReader): UnicodeString {
  r.align(4, 8);
  const length = r.u16("Length");
  const maximumLength = r.u16("MaximumLength");
  const buffer = r.pointer<number[]>("Buffer");
  return { length, maximumLength, buffer };
}

function readStringTargets(r: NdrReader, v: UnicodeString): void {
  if (v.buffer === null) return;
  const size = r.maxCount("Buffer");
  r.sizeIs(size, Math.trunc(v.maximumLength / 2), "Buffer");
  const length = r.varying(size, 2, "Buffer");
  r.lengthIs(length, Math.trunc(v.length / 2), "Buffer");
  v.buffer = r.u16s(length, "Buffer");
}

interface Sid {
  revision: number;
  authority: Uint8Array;
  subAuthority: number[];
}

function writeSid(w: NdrWriter, v: Sid): void {
  w.count(w.size(v.subAuthority, "SubAuthority"), "SubAuthority");
  w.u8(v.revision, "Revision");
  w.u8(v.subAuthority.length, "SubAuthorityCount");
  w.sizeIs(v.authority.length, 6, "IdentifierAuthority");
  w.bytes(v.authority, "IdentifierAuthority");
  w.u32s(v.subAuthority, "SubAuthority");
}

function readSid(r: NdrReader): Sid {
  const count = r.maxCount("SubAuthority");
  const revision = r.u8("Revision");
  r.sizeIs(count, r.u8("SubAuthorityCount"), "SubAuthority");
  const authority = r.bytes(6, "IdentifierAuthority");
  const subAuthority = r.u32s(count, "SubAuthority");
  return { revision, authority, subAuthority };
}

interface SidAndAttributes {
  sid: Sid | null;
  attributes: number;
}

function writeSids(w: NdrWriter, v: SidAndAttributes[]): void {
  w.count(v.length, "ExtraSids");
  w.enter("ExtraSids");
  for (let i = 0; i < v.length; i++) {
    w.at(i);
    w.pointer(v[i]!.sid, "Sid");
    w.u32(v[i]!.attributes, "Attributes");
  }
  for (let i = 0; i < v.length; i++) {
    w.at(i);
    if (v[i]!.sid !== null) writeSid(w, v[i]!.sid!);
  }
  w.leave();
}

function readSids(r: NdrReader, expected: number): SidAndAttributes[] {
  const count = r.maxCount("ExtraSids");
  r.sizeIs(count, expected, "ExtraSids");
  const sids = r.list<SidAndAttributes>(count, 8, "ExtraSids");
  r.enter("ExtraSids");
  for (let i = 0; i < count; i++) {
    r.at(i);
    const sid = r.pointer<Sid>("Sid");
    sids[i] = { sid, attributes: r.u32("Attributes") };
  }
  for (let i = 0; i < count; i++) {
    r.at(i);
    if (sids[i]!.sid !== null) sids[i]!.sid = readSid(r);
  }
  r.leave();
  return sids;
}

/** GROUP_MEMBERSHIP as pairs of relative id and attributes. */
function writeGroups(w: NdrWriter, v: number[], name: string): void {
  w.count(v.length / 2, name);
  w.u32s(v, name);
}

function readGroups(r: NdrReader, expected: number, name: string): number[] {
  const count = r.maxCount(name);
  r.sizeIs(count, expected, name);
  return r.u32s(2 * count, name);
}

const times = ["LogonTime", "LogoffTime", "KickOffTime", "PasswordLastSet"] as const;
const strings = [
  "EffectiveName",
  "FullName",
  "LogonScript",
  "ProfilePath",
  "HomeDirectory",
  "HomeDirectoryDrive",
] as const;

export interface KerbValidationInfo {
  /** Six FILETIMEs. */
  times: number[];
  strings: UnicodeString[];
  counts: number[];
  userId: number;
  primaryGroupId: number;
  groupIds: number[] | null;
  userFlags: number;
  sessionKey: Uint8Array;
  logonServer: UnicodeString;
  logonDomainName: UnicodeString;
  logonDomainId: Sid | null;
  /** Reserved1 to Reserved3: ten unsigned longs. */
  middle: number[];
  extraSids: SidAndAttributes[] | null;
  resourceGroupDomainSid: Sid | null;
  resourceGroupIds: number[] | null;
}

export function writeInfo(w: NdrWriter, v: KerbValidationInfo): void {
  w.u32s(v.times, times[0]);
  v.strings.forEach((one) => writeString(w, one));
  w.u16s(v.counts, "LogonCount");
  w.u32(v.userId, "UserId");
  w.u32(v.primaryGroupId, "PrimaryGroupId");
  w.u32((v.groupIds?.length ?? 0) / 2, "GroupCount");
  w.pointer(v.groupIds, "GroupIds");
  w.u32(v.userFlags, "UserFlags");
  w.bytes(v.sessionKey, "UserSessionKey");
  writeString(w, v.logonServer);
  writeString(w, v.logonDomainName);
  w.pointer(v.logonDomainId, "LogonDomainId");
  w.u32s(v.middle, "Reserved1");
  w.u32(v.extraSids?.length ?? 0, "SidCount");
  w.pointer(v.extraSids, "ExtraSids");
  w.pointer(v.resourceGroupDomainSid, "ResourceGroupDomainSid");
  w.u32((v.resourceGroupIds?.length ?? 0) / 2, "ResourceGroupCount");
  w.pointer(v.resourceGroupIds, "ResourceGroupIds");
  v.strings.forEach((one) => writeStringTargets(w, one));
  if (v.groupIds !== null) writeGroups(w, v.groupIds, "GroupIds");
  writeStringTargets(w, v.logonServer);
  writeStringTargets(w, v.logonDomainName);
  if (v.logonDomainId !== null) writeSid(w, v.logonDomainId);
  if (v.extraSids !== null) writeSids(w, v.extraSids);
  if (v.resourceGroupDomainSid !== null) writeSid(w, v.resourceGroupDomainSid);
  if (v.resourceGroupIds !== null) writeGroups(w, v.resourceGroupIds, "ResourceGroupIds");
}

function readFields(r: NdrReader): KerbValidationInfo {
  const info = {
    times: r.u32s(12, times[0]),
    strings: strings.map(() => readString(r)),
    counts: r.u16s(2, "LogonCount"),
    userId: r.u32("UserId"),
    primaryGroupId: r.u32("PrimaryGroupId"),
  };
  const groupCount = r.u32("GroupCount");
  const groupIds = r.counted(r.pointer<number[]>("GroupIds"), groupCount, "GroupIds");
  const rest = {
    userFlags: r.u32("UserFlags"),
    sessionKey: r.bytes(16, "UserSessionKey"),
    logonServer: readString(r),
    logonDomainName: readString(r),
    logonDomainId: r.pointer<Sid>("LogonDomainId"),
    middle: r.u32s(10, "Reserved1"),
  };
  const sidCount = r.u32("SidCount");
  const extraSids = r.counted(r.pointer<SidAndAttributes[]>("ExtraSids"), sidCount, "ExtraSids");
  const resourceGroupDomainSid = r.pointer<Sid>("ResourceGroupDomainSid");
  const count = r.u32("ResourceGroupCount");
  const resourceGroupIds = r.counted(
    r.pointer<number[]>("ResourceGroupIds"),
    count,
    "ResourceGroupIds",
  );
  return { ...info, groupIds, ...rest, extraSids, resourceGroupDomainSid, resourceGroupIds };
}

export function readInfo(r: NdrReader): KerbValidationInfo {
  const v = readFields(r);
  v.strings.forEach((one) => readStringTargets(r, one));
  if (v.groupIds !== null) v.groupIds = readGroups(r, r.countOf(v.groupIds), "GroupIds");
  readStringTargets(r, v.logonServer);
  readStringTargets(r, v.logonDomainName);
  if (v.logonDomainId !== null) v.logonDomainId = readSid(r);
  if (v.extraSids !== null) v.extraSids = readSids(r, r.countOf(v.extraSids));
  if (v.resourceGroupDomainSid !== null) v.resourceGroupDomainSid = readSid(r);
  if (v.resourceGroupIds !== null) {
    v.resourceGroupIds = readGroups(r, r.countOf(v.resourceGroupIds), "ResourceGroupIds");
  }
  return v;
}

export function textOf(v: UnicodeString): string {
  return String.fromCharCode(...(v.buffer ?? []));
}

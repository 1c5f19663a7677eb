/** The SIDs in a privilege attribute certificate: KERB_VALIDATION_INFO ([MS-PAC] 2.5). */
import { NdrError, type NdrReader, deserializeV1 } from "@msrpc/ndr";
import { SecurityError } from "@msrpc/rpc";
import { DescriptorError } from "../descriptor/error.ts";
import { readSid } from "../descriptor/sid.ts";

/** Who a domain controller says that a client is. */
export interface LogonInfo {
  readonly sid: string;
  /** SIDs of the groups that count for access: enabled, and not for denying alone. */
  readonly groups: readonly string[];
}

/** Bits of UserFlags: these lists count. */
const userFlags = { extraSids: 0x20, resourceGroups: 0x200 } as const;

/** Bits of a group's attributes ([MS-PAC] 2.2.1). */
const groupAttributes = { enabled: 0x4, denyOnly: 0x10 } as const;

/** A group by its SID, or by its RID in a domain. */
interface Membership<Id> {
  readonly id: Id;
  readonly attributes: number;
}

/** What of the structure matters here. */
interface ValidationInfo {
  readonly userId: number;
  readonly primaryGroupId: number;
  readonly flags: number;
  readonly domain: string | null;
  readonly groups: readonly Membership<number>[];
  readonly extra: readonly Membership<string>[];
  readonly resourceDomain: string | null;
  readonly resourceGroups: readonly Membership<number>[];
}

/**
 * Reads the serialized structure.
 *
 * @throws SecurityError bad_token where it can't be read, or means nobody
 */
export function readLogonInfo(octets: Uint8Array): LogonInfo {
  try {
    return logonInfoOf(deserializeV1(octets).next(readValidationInfo));
  } catch (cause) {
    if (!(cause instanceof NdrError || cause instanceof DescriptorError)) throw cause;
    throw malformed(`can't be read: ${cause.message}`, cause);
  }
}

function malformed(what: string, cause?: Error): SecurityError {
  return new SecurityError("bad_token", `Kerberos: the ticket's PAC ${what}`, { cause });
}

function logonInfoOf(info: ValidationInfo): LogonInfo {
  const { userId, domain, flags } = info;
  // An account of no domain is the first of the extra SIDs.
  const sid = userId === 0 || domain === null ? info.extra[0]?.id : `${domain}-${userId}`;
  if (sid === undefined) throw malformed("means nobody");
  const primary = { id: info.primaryGroupId, attributes: groupAttributes.enabled };
  const groups = [
    ...inDomain([primary, ...info.groups], domain),
    ...((flags & userFlags.extraSids) === 0 ? [] : info.extra),
    ...((flags & userFlags.resourceGroups) === 0
      ? []
      : inDomain(info.resourceGroups, info.resourceDomain)),
  ];
  const effective = groups.filter(isEffective).map(({ id }) => id);
  return { sid, groups: [...new Set(effective)].filter((id) => id !== sid) };
}

function inDomain(
  groups: readonly Membership<number>[],
  domain: string | null,
): Membership<string>[] {
  if (domain === null) return [];
  return groups.map(({ id, attributes }) => ({ id: `${domain}-${id}`, attributes }));
}

function isEffective({ attributes }: Membership<string>): boolean {
  const { enabled, denyOnly } = groupAttributes;
  return (attributes & (enabled | denyOnly)) === enabled;
}

/** A pointer to the structure, and what its own pointers point at behind it. */
function readValidationInfo(r: NdrReader): ValidationInfo {
  if (r.pointer("KERB_VALIDATION_INFO") === null) throw malformed("is a NULL pointer");
  // LogonTime to PasswordMustChange: six FILETIMEs.
  r.bytes(48, "LogonTime");
  const names = ["EffectiveName", "FullName", "LogonScript", "ProfilePath"];
  const texts = [...names, "HomeDirectory", "HomeDirectoryDrive"].filter((name) =>
    hasText(r, name),
  );
  r.u16("LogonCount");
  r.u16("BadPasswordCount");
  const userId = r.u32("UserId");
  const primaryGroupId = r.u32("PrimaryGroupId");
  const groupCount = countOf(r, "GroupCount", "GroupIds");
  const flags = r.u32("UserFlags");
  r.bytes(16, "UserSessionKey");
  const origins = ["LogonServer", "LogonDomainName"].filter((name) => hasText(r, name));
  const hasDomain = r.pointer("LogonDomainId") !== null;
  // Reserved1, UserAccountControl, SubAuthStatus, two FILETIMEs, FailedILogonCount, Reserved3.
  r.bytes(40, "Reserved1");
  const extraCount = countOf(r, "SidCount", "ExtraSids");
  const hasResourceDomain = r.pointer("ResourceGroupDomainSid") !== null;
  const resourceCount = countOf(r, "ResourceGroupCount", "ResourceGroupIds");
  for (const name of texts) skipText(r, name);
  const groups = readGroups(r, groupCount, "GroupIds");
  for (const name of origins) skipText(r, name);
  return {
    userId,
    primaryGroupId,
    flags,
    groups,
    domain: hasDomain ? readRpcSid(r, "LogonDomainId") : null,
    extra: readExtraSids(r, extraCount),
    resourceDomain: hasResourceDomain ? readRpcSid(r, "ResourceGroupDomainSid") : null,
    resourceGroups: readGroups(r, resourceCount, "ResourceGroupIds"),
  };
}

/** An RPC_UNICODE_STRING in place: whether there is a text behind. */
function hasText(r: NdrReader, name: string): boolean {
  r.u16(name);
  r.u16(name);
  return r.pointer(name) !== null;
}

function skipText(r: NdrReader, name: string): void {
  const size = r.maxCount(name);
  r.wchars(r.varying(size, 2, name), name);
}

/** A count and the pointer to so many; null where the pointer is NULL. */
function countOf(r: NdrReader, countName: string, name: string): number | null {
  const count = r.u32(countName);
  return r.pointer(name) === null ? null : count;
}

function readGroups(r: NdrReader, expected: number | null, name: string): Membership<number>[] {
  if (expected === null) return [];
  const count = r.count(8, name);
  r.sizeIs(count, expected, name);
  const groups = r.list<Membership<number>>(count, 8, name);
  for (let i = 0; i < count; i++) {
    groups[i] = { id: r.u32("RelativeId"), attributes: r.u32("Attributes") };
  }
  return groups;
}

function readExtraSids(r: NdrReader, expected: number | null): Membership<string>[] {
  if (expected === null) return [];
  const count = r.count(8, "ExtraSids");
  r.sizeIs(count, expected, "ExtraSids");
  const places = r.list<{ readonly isThere: boolean; readonly attributes: number }>(
    count,
    8,
    "ExtraSids",
  );
  for (let i = 0; i < count; i++) {
    const isThere = r.pointer("Sid") !== null;
    places[i] = { isThere, attributes: r.u32("Attributes") };
  }
  return places
    .filter(({ isThere }) => isThere)
    .map(({ attributes }) => ({ id: readRpcSid(r, "Sid"), attributes }));
}

function readRpcSid(r: NdrReader, name: string): string {
  const count = r.maxCount(name);
  const octets = r.bytes(8 + 4 * count, name);
  r.sizeIs(count, octets[1] ?? 0, name);
  return readSid(octets);
}

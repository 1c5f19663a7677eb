/** Security descriptors in self-relative form ([MS-DTYP] 2.4.4 to 2.4.6). */
import { concat, copyOf, viewOf } from "../bytes.ts";
import {
  type Ace,
  type AceType,
  type Acl,
  type SecurityDescriptor,
  aceTypes,
  controlBits,
  isObjectAce,
} from "./descriptor.ts";
import { DescriptorError } from "./error.ts";
import { readGuid, writeGuid } from "./guid.ts";
import { readSid, sidLength, writeSid } from "./sid.ts";

const headerLength = 20;
const aclHeaderLength = 8;
const knownTypes: ReadonlySet<number> = new Set(Object.values(aceTypes));

/** @throws DescriptorError with the offset of what is wrong */
export function readDescriptor(octets: Uint8Array): SecurityDescriptor {
  if (octets.length < headerLength) {
    throw new DescriptorError(`A security descriptor has at least ${headerLength} octets`);
  }
  const view = viewOf(octets);
  const control = view.getUint16(2, true);
  if (octets[0] !== 1) throw new DescriptorError("A security descriptor is not of revision 1", 0);
  if ((control & controlBits.selfRelative) === 0) {
    throw new DescriptorError("A security descriptor is not self-relative", 2);
  }
  const sidAt = (field: number): string | null => {
    const at = view.getUint32(field, true);
    return at === 0 ? null : readSid(octets, within(octets, at, field));
  };
  const aclAt = (field: number, bit: number): Acl | null => {
    const at = view.getUint32(field, true);
    if (at === 0 || (control & bit) === 0) return null;
    return readAcl(octets, within(octets, at, field));
  };
  return {
    control: control & ~controlBits.selfRelative,
    owner: sidAt(4),
    group: sidAt(8),
    sacl: aclAt(12, controlBits.saclPresent),
    dacl: aclAt(16, controlBits.daclPresent),
    resourceManager: octets[1] ?? 0,
  };
}

function within(octets: Uint8Array, at: number, field: number): number {
  if (at >= headerLength && at < octets.length) return at;
  throw new DescriptorError(`A security descriptor points outside of itself, to ${at},`, field);
}

function readAcl(octets: Uint8Array, at: number): Acl {
  if (at + aclHeaderLength > octets.length) throw new DescriptorError("An ACL does not end", at);
  const view = viewOf(octets);
  const revision = octets[at] ?? 0;
  if (revision !== 2 && revision !== 4) {
    throw new DescriptorError(`An ACL can't be of revision ${revision}`, at);
  }
  const size = view.getUint16(at + 2, true);
  const count = view.getUint16(at + 4, true);
  if (size < aclHeaderLength || at + size > octets.length) {
    throw new DescriptorError(`An ACL can't have ${size} octets`, at + 2);
  }
  const aces: Ace[] = [];
  let next = at + aclHeaderLength;
  for (let index = 0; index < count; index++) {
    const end = next + 4 > at + size ? Infinity : next + view.getUint16(next + 2, true);
    if (end > at + size) throw new DescriptorError("An ACE does not end within its ACL", next);
    aces.push(readAce(octets.subarray(0, end), next));
    next = end;
  }
  return { revision, aces };
}

/** The ACE that ends where the octets do. */
function readAce(octets: Uint8Array, at: number): Ace {
  const type = octets[at] ?? 0;
  if (!isAceType(type)) throw new DescriptorError(`An ACE is of the unknown type ${type}`, at);
  if ((octets.length - at) % 4 !== 0) throw new DescriptorError("An ACE is not aligned", at + 2);
  const isObject = isObjectAce(type);
  if (octets.length - at < (isObject ? 12 : 8))
    throw new DescriptorError("An ACE is too short", at);
  const view = viewOf(octets);
  const present = isObject ? view.getUint32(at + 8, true) : 0;
  let next = at + (isObject ? 12 : 8);
  const guid = (bit: number): string | undefined => {
    if ((present & bit) === 0) return undefined;
    if (next + 16 > octets.length) throw new DescriptorError("An ACE is too short", at);
    next += 16;
    return readGuid(octets, next - 16);
  };
  const objectType = guid(1);
  const inheritedObjectType = guid(2);
  const sid = readSid(octets, next);
  const data = copyOf(octets, next + sidLength(octets, next));
  return {
    type,
    flags: octets[at + 1] ?? 0,
    mask: view.getUint32(at + 4, true),
    sid,
    ...(objectType === undefined ? {} : { objectType }),
    ...(inheritedObjectType === undefined ? {} : { inheritedObjectType }),
    ...(data.length === 0 ? {} : { data }),
  };
}

function isAceType(type: number): type is AceType {
  return knownTypes.has(type);
}

/** In the order that Windows gives: SACL, DACL, owner, group. @throws DescriptorError */
export function writeDescriptor(descriptor: SecurityDescriptor): Uint8Array {
  const head = new Uint8Array(headerLength);
  const view = viewOf(head);
  const parts: Uint8Array[] = [head];
  let at = headerLength;
  const add = (field: number, part: Uint8Array | null): void => {
    if (part === null) return;
    view.setUint32(field, at, true);
    parts.push(part);
    at += part.length;
  };
  head[0] = 1;
  head[1] = descriptor.resourceManager;
  view.setUint16(2, controlOf(descriptor) | controlBits.selfRelative, true);
  add(12, descriptor.sacl && writeAcl(descriptor.sacl));
  add(16, descriptor.dacl && writeAcl(descriptor.dacl));
  add(4, descriptor.owner === null ? null : writeSid(descriptor.owner));
  add(8, descriptor.group === null ? null : writeSid(descriptor.group));
  return concat(...parts);
}

function controlOf({ control, dacl, sacl }: SecurityDescriptor): number {
  const present = dacl === null ? 0 : controlBits.daclPresent;
  return control | present | (sacl === null ? 0 : controlBits.saclPresent);
}

function writeAcl({ revision, aces }: Acl): Uint8Array {
  const octets = concat(new Uint8Array(aclHeaderLength), ...aces.map(writeAce));
  if (octets.length > 0xffff) throw new DescriptorError("An ACL has more than 65,535 octets");
  octets[0] = revision;
  const view = viewOf(octets);
  view.setUint16(2, octets.length, true);
  view.setUint16(4, aces.length, true);
  return octets;
}

function writeAce(ace: Ace): Uint8Array {
  const isObject = isObjectAce(ace.type);
  const { objectType, inheritedObjectType, data = new Uint8Array(0) } = ace;
  const head = new Uint8Array(isObject ? 12 : 8);
  const guids = [objectType, inheritedObjectType].flatMap((guid) =>
    guid === undefined || !isObject ? [] : [writeGuid(guid)],
  );
  const padding = new Uint8Array(-data.length & 3);
  const octets = concat(head, ...guids, writeSid(ace.sid), data, padding);
  if (octets.length > 0xffff) throw new DescriptorError("An ACE has more than 65,535 octets");
  const view = viewOf(octets);
  octets[0] = ace.type;
  octets[1] = ace.flags;
  view.setUint16(2, octets.length, true);
  view.setUint32(4, ace.mask, true);
  if (isObject) {
    const present =
      (objectType === undefined ? 0 : 1) | (inheritedObjectType === undefined ? 0 : 2);
    view.setUint32(8, present, true);
  }
  return octets;
}

/** Parts of security descriptors, as operations on objects name them: SECURITY_INFORMATION ([MS-RRP] 2.2.9, [MS-SCMR] 2.2.1). */
import { controlBits, rights, type SecurityDescriptor } from "./descriptor.ts";

/** Bits of SECURITY_INFORMATION. */
export const securityParts = { owner: 1, group: 2, dacl: 4, sacl: 8 } as const;

/** Has no part. */
const nothing: SecurityDescriptor = {
  control: 0,
  owner: null,
  group: null,
  dacl: null,
  sacl: null,
  resourceManager: 0,
};

/** The rights that it takes to read parts of an object's descriptor. */
export function rightsToRead(parts: number): number {
  return (
    rights.readControl | ((parts & securityParts.sacl) === 0 ? 0 : rights.accessSystemSecurity)
  );
}

/** The rights that it takes to set parts of an object's descriptor. */
export function rightsToSet(parts: number): number {
  const { owner, group, dacl, sacl } = securityParts;
  const changesOwner = (parts & (owner | group)) !== 0;
  return (
    (changesOwner ? rights.writeOwner : 0) |
    ((parts & dacl) === 0 ? 0 : rights.writeDac) |
    ((parts & sacl) === 0 ? 0 : rights.accessSystemSecurity)
  );
}

const daclBits =
  controlBits.daclPresent |
  controlBits.daclDefaulted |
  controlBits.daclAutoInherited |
  controlBits.daclProtected;
const saclBits =
  controlBits.saclPresent |
  controlBits.saclDefaulted |
  controlBits.saclAutoInherited |
  controlBits.saclProtected;

/** A descriptor with parts of another one. */
export function withParts(
  descriptor: SecurityDescriptor,
  given: SecurityDescriptor,
  parts: number,
): SecurityDescriptor {
  const { owner, group, dacl, sacl } = securityParts;
  const taken =
    ((parts & dacl) === 0 ? 0 : daclBits) |
    ((parts & sacl) === 0 ? 0 : saclBits) |
    ((parts & owner) === 0 ? 0 : controlBits.ownerDefaulted) |
    ((parts & group) === 0 ? 0 : controlBits.groupDefaulted);
  return {
    ...descriptor,
    control: (descriptor.control & ~taken) | (given.control & taken),
    ...((parts & owner) !== 0 && { owner: given.owner }),
    ...((parts & group) !== 0 && { group: given.group }),
    ...((parts & dacl) !== 0 && { dacl: given.dacl }),
    ...((parts & sacl) !== 0 && { sacl: given.sacl }),
  };
}

/** Parts of a descriptor alone. */
export function onlyParts(descriptor: SecurityDescriptor, parts: number): SecurityDescriptor {
  return withParts(nothing, descriptor, parts);
}

/** Which parts a descriptor has. */
export function partsIn(descriptor: SecurityDescriptor): number {
  const { owner, group, dacl, sacl } = securityParts;
  const has = (bit: number, isThere: boolean): number => (isThere ? bit : 0);
  return (
    has(owner, descriptor.owner !== null) |
    has(group, descriptor.group !== null) |
    has(dacl, (descriptor.control & controlBits.daclPresent) !== 0) |
    has(sacl, (descriptor.control & controlBits.saclPresent) !== 0)
  );
}

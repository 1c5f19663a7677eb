/** Who may do what with a key: REGSAM ([MS-RRP] 2.2.3) against the key's descriptor or the one that it inherits. */
import {
  type AccessResult,
  type AccessToken,
  type Ace,
  aceFlags,
  type Acl,
  checkAccess,
  controlBits,
  type GenericMapping,
  readDescriptor,
  readSddl,
  rights,
  type SecurityDescriptor,
  writeDescriptor,
} from "@msrpc/auth";
import type { RegistryKey } from "./key.ts";

/** Rights to a key. */
export const keyRights = {
  queryValue: 0x01,
  setValue: 0x02,
  createSubKey: 0x04,
  enumerateSubKeys: 0x08,
  notify: 0x10,
  delete: 0x0001_0000,
} as const;

const mapping: GenericMapping = {
  read: 0x0002_0019,
  write: 0x0002_0006,
  execute: 0x0002_0019,
  all: 0x000f_003f,
};

/** KEY_WOW64_32KEY and KEY_WOW64_64KEY choose between two views, of which this registry has one. */
const views = 0x0300;

/** Bits of SECURITY_INFORMATION ([MS-RRP] 2.2.9). */
export const securityParts = { owner: 1, group: 2, dacl: 4, sacl: 8 } as const;

/** Of the root, as long as nobody sets another one: administrators do everything, users read. */
const rootSecurity: SecurityDescriptor = readSddl(
  "O:BAG:SYD:P(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)",
);

const descriptors = new WeakMap<Uint8Array, SecurityDescriptor>();
const inherited = new WeakMap<SecurityDescriptor, SecurityDescriptor>();

/** The descriptor that counts for a key. */
export function securityOf({ security, parent }: RegistryKey): SecurityDescriptor {
  if (security !== null) return kept(descriptors, security, readDescriptor);
  return parent === null ? rootSecurity : kept(inherited, securityOf(parent), inherit);
}

function kept<K extends object, V>(map: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make(key);
  map.set(key, made);
  return made;
}

/** What a key without a descriptor of its own has from its parent's ([MS-DTYP] 2.5.3.4). */
function inherit({ owner, group, dacl, sacl, control }: SecurityDescriptor): SecurityDescriptor {
  const { daclPresent, daclAutoInherited } = controlBits;
  return {
    control: (control & daclPresent) | daclAutoInherited,
    owner,
    group,
    dacl: dacl && inheritList(dacl),
    sacl: sacl && inheritList(sacl),
    resourceManager: 0,
  };
}

function inheritList({ revision, aces }: Acl): Acl {
  const { containerInherit, objectInherit, inheritOnly, noPropagate, inherited } = aceFlags;
  const passedOn = aces.filter(({ flags }) => (flags & containerInherit) !== 0);
  const own = (ace: Ace): Ace => {
    const ends = (ace.flags & noPropagate) !== 0;
    const dropped = inheritOnly | (ends ? containerInherit | objectInherit | noPropagate : 0);
    return { ...ace, flags: (ace.flags & ~dropped) | inherited };
  };
  return { revision, aces: passedOn.map(own) };
}

/** Whether somebody may open a key with the rights asked for, and those that the handle then has. */
export function accessTo(key: RegistryKey, token: AccessToken, desired: number): AccessResult {
  return checkAccess(securityOf(key), token, desired & ~views, { mapping });
}

/** As `accessTo`, for who makes a key: it has what it asks for, whatever the key's descriptor says. */
export function makersAccess(token: AccessToken, desired: number): AccessResult {
  const everything: SecurityDescriptor = { ...rootSecurity, control: 0, dacl: null };
  return checkAccess(everything, token, desired & ~views, { mapping });
}

/** The rights that it takes to read parts of a descriptor. */
export function rightsToRead(parts: number): number {
  return (
    rights.readControl | ((parts & securityParts.sacl) === 0 ? 0 : rights.accessSystemSecurity)
  );
}

/** The rights that it takes to set parts of a descriptor. */
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

/** A descriptor with parts of another one, self-relative. */
export function withParts(
  descriptor: SecurityDescriptor,
  given: SecurityDescriptor,
  parts: number,
): Uint8Array {
  const { owner, group, dacl, sacl } = securityParts;
  const taken =
    ((parts & dacl) === 0 ? 0 : daclBits) |
    ((parts & sacl) === 0 ? 0 : saclBits) |
    ((parts & owner) === 0 ? 0 : controlBits.ownerDefaulted) |
    ((parts & group) === 0 ? 0 : controlBits.groupDefaulted);
  return writeDescriptor({
    ...descriptor,
    control: (descriptor.control & ~taken) | (given.control & taken),
    ...((parts & owner) !== 0 && { owner: given.owner }),
    ...((parts & group) !== 0 && { group: given.group }),
    ...((parts & dacl) !== 0 && { dacl: given.dacl }),
    ...((parts & sacl) !== 0 && { sacl: given.sacl }),
  });
}

const nothing: SecurityDescriptor = {
  control: 0,
  owner: null,
  group: null,
  dacl: null,
  sacl: null,
  resourceManager: 0,
};

/** Parts of a descriptor alone, self-relative. */
export function partsOf(descriptor: SecurityDescriptor, parts: number): Uint8Array {
  return withParts(nothing, descriptor, parts);
}

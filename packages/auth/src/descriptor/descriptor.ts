/** Security descriptors as values ([MS-DTYP] 2.4.3 to 2.4.6). */

/** Values of AceType that are in use. */
export const aceTypes = {
  allow: 0x00,
  deny: 0x01,
  audit: 0x02,
  allowObject: 0x05,
  denyObject: 0x06,
  auditObject: 0x07,
  allowCallback: 0x09,
  denyCallback: 0x0a,
  allowCallbackObject: 0x0b,
  denyCallbackObject: 0x0c,
  auditCallback: 0x0d,
  auditCallbackObject: 0x0f,
  mandatoryLabel: 0x11,
  resourceAttribute: 0x12,
  scopedPolicy: 0x13,
} as const;

export type AceType = (typeof aceTypes)[keyof typeof aceTypes];

/** Bits of AceFlags. */
export const aceFlags = {
  objectInherit: 0x01,
  containerInherit: 0x02,
  noPropagate: 0x04,
  inheritOnly: 0x08,
  inherited: 0x10,
  successfulAccess: 0x40,
  failedAccess: 0x80,
} as const;

/** Bits of Control; those of an ACL's presence follow from the descriptor. */
export const controlBits = {
  ownerDefaulted: 0x0001,
  groupDefaulted: 0x0002,
  daclPresent: 0x0004,
  daclDefaulted: 0x0008,
  saclPresent: 0x0010,
  saclDefaulted: 0x0020,
  daclTrusted: 0x0040,
  serverSecurity: 0x0080,
  daclInheritRequired: 0x0100,
  saclInheritRequired: 0x0200,
  daclAutoInherited: 0x0400,
  saclAutoInherited: 0x0800,
  daclProtected: 0x1000,
  saclProtected: 0x2000,
  resourceManager: 0x4000,
  selfRelative: 0x8000,
} as const;

/** Rights that every kind of object has ([MS-DTYP] 2.4.3). */
export const rights = {
  delete: 0x00010000,
  readControl: 0x00020000,
  writeDac: 0x00040000,
  writeOwner: 0x00080000,
  synchronize: 0x00100000,
  accessSystemSecurity: 0x01000000,
  maximumAllowed: 0x02000000,
  genericAll: 0x10000000,
  genericExecute: 0x20000000,
  genericWrite: 0x40000000,
  genericRead: 0x80000000,
} as const;

export interface Ace {
  readonly type: AceType;
  readonly flags: number;
  /** ACCESS_MASK. */
  readonly mask: number;
  readonly sid: string;
  /** GUIDs of object ACEs, in lower case. */
  readonly objectType?: string;
  readonly inheritedObjectType?: string;
  /** What stands behind the SID: conditions and attributes, which are carried and not evaluated. */
  readonly data?: Uint8Array;
}

export interface Acl {
  /** 2, or 4 where there are object ACEs. */
  readonly revision: number;
  readonly aces: readonly Ace[];
}

export interface SecurityDescriptor {
  /** Bits of Control without those of self-relative form. */
  readonly control: number;
  readonly owner: string | null;
  readonly group: string | null;
  /** Null with the bit of its presence set is an ACL that lets everything pass. */
  readonly dacl: Acl | null;
  readonly sacl: Acl | null;
  /** Sbz1, which means something with the bit `resourceManager`. */
  readonly resourceManager: number;
}

const objectTypes: ReadonlySet<number> = new Set([
  aceTypes.allowObject,
  aceTypes.denyObject,
  aceTypes.auditObject,
  aceTypes.allowCallbackObject,
  aceTypes.denyCallbackObject,
  aceTypes.auditCallbackObject,
]);

/** Whether an ACE of that type has flags and GUIDs before its SID. */
export function isObjectAce(type: number): boolean {
  return objectTypes.has(type);
}

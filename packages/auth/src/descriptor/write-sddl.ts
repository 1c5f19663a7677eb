/** Writes SDDL ([MS-DTYP] 2.5.1). */
import {
  type Ace,
  type Acl,
  type SecurityDescriptor,
  aceTypes,
  controlBits,
} from "./descriptor.ts";
import { DescriptorError } from "./error.ts";
import type { SddlOptions } from "./read-sddl.ts";
import {
  type Names,
  compoundRightNames,
  flagNames,
  labelRightNames,
  rightNames,
  typeNames,
} from "./sddl-names.ts";
import { nameOfSid } from "./well-known.ts";

/**
 * The string of a descriptor. Bits of Control that say how something was made up have no letters and are
 * left out.
 *
 * @throws DescriptorError for conditions, attributes and ACEs that SDDL has no letters for
 */
export function writeSddl(descriptor: SecurityDescriptor, options: SddlOptions = {}): string {
  const { control, owner, group, dacl, sacl } = descriptor;
  const has = (bit: number): boolean => (control & bit) !== 0;
  const acl = (part: string, value: Acl | null, bits: readonly boolean[]): string => {
    const [isPresent, ...flags] = bits;
    if (value === null) return isPresent === true ? `${part}:NO_ACCESS_CONTROL` : "";
    const letters = ["P", "AR", "AI"].filter((_, index) => flags[index]).join("");
    return `${part}:${letters}${value.aces.map((ace) => aceText(ace, options)).join("")}`;
  };
  const bits = controlBits;
  return [
    owner === null ? "" : `O:${nameOfSid(owner, options.domain)}`,
    group === null ? "" : `G:${nameOfSid(group, options.domain)}`,
    acl("D", dacl, [
      has(bits.daclPresent),
      has(bits.daclProtected),
      has(bits.daclInheritRequired),
      has(bits.daclAutoInherited),
    ]),
    acl("S", sacl, [
      has(bits.saclPresent),
      has(bits.saclProtected),
      has(bits.saclInheritRequired),
      has(bits.saclAutoInherited),
    ]),
  ].join("");
}

function aceText(ace: Ace, { domain }: SddlOptions): string {
  const { type, flags, mask, sid, objectType = "", inheritedObjectType = "", data } = ace;
  const name = typeNames.find(([, value]) => value === type)?.[0];
  const flagText = namesOf(flags, flagNames);
  if (name === undefined || data !== undefined || flagText === null) {
    throw new DescriptorError(`SDDL has no letters for this ACE of type ${type}`);
  }
  const rights = rightsText(mask, type === aceTypes.mandatoryLabel);
  const fields = [name, flagText, rights, objectType, inheritedObjectType, nameOfSid(sid, domain)];
  return `(${fields.join(";")})`;
}

function rightsText(mask: number, isLabel: boolean): string {
  const compound = compoundRightNames.find(([, value]) => value === mask);
  const names = isLabel ? labelRightNames : rightNames;
  const text = isLabel || compound === undefined ? namesOf(mask, names) : compound[0];
  return text ?? `0x${mask.toString(16)}`;
}

/** Null where a bit has no name. */
function namesOf(value: number, names: Names): string | null {
  const used = names.filter(([, bit]) => (value & bit) !== 0);
  let covered = 0;
  for (const [, bit] of used) covered |= bit;
  return covered >>> 0 === value >>> 0 ? used.map(([name]) => name).join("") : null;
}

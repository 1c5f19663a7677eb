/** Reads SDDL ([MS-DTYP] 2.5.1). */
import {
  type Ace,
  type Acl,
  type SecurityDescriptor,
  aceTypes,
  controlBits,
  isObjectAce,
} from "./descriptor.ts";
import { DescriptorError } from "./error.ts";
import { isGuid } from "./guid.ts";
import {
  type Names,
  compoundRightNames,
  flagNames,
  labelRightNames,
  rightNames,
  typeNames,
} from "./sddl-names.ts";
import { isSid } from "./sid.ts";
import { sidOfName } from "./well-known.ts";

export interface SddlOptions {
  /** SID of the domain that names like `DA` are in. Default: such names are refused. */
  readonly domain?: string;
}

/** Control bits of either ACL. */
const aclBits = {
  D: {
    present: controlBits.daclPresent,
    P: controlBits.daclProtected,
    AR: controlBits.daclInheritRequired,
    AI: controlBits.daclAutoInherited,
  },
  S: {
    present: controlBits.saclPresent,
    P: controlBits.saclProtected,
    AR: controlBits.saclInheritRequired,
    AI: controlBits.saclAutoInherited,
  },
} as const;

/** What Windows writes for an ACL that lets everything pass. */
const noAccessControl = "NO_ACCESS_CONTROL";

/** The descriptor of a string. @throws DescriptorError with the offset of what is wrong */
export function readSddl(text: string, options: SddlOptions = {}): SecurityDescriptor {
  return new SddlReader(text, options).read();
}

class SddlReader {
  readonly #text: string;
  readonly #options: SddlOptions;
  #at = 0;

  constructor(text: string, options: SddlOptions) {
    this.#text = text;
    this.#options = options;
  }

  read(): SecurityDescriptor {
    const found: { O?: string; G?: string; D?: Acl | null; S?: Acl | null } = {};
    let control = 0;
    while (this.#at < this.#text.length) {
      const part = this.#take(/[OGDS]:/y)?.charAt(0);
      if (part === undefined) throw this.#error("O:, G:, D: or S: should stand");
      if (Object.hasOwn(found, part)) throw this.#error(`${part}: stands again`);
      if (part === "O" || part === "G") found[part] = this.#sid();
      if (part === "D" || part === "S") {
        const { bits, acl } = this.#acl(part);
        control |= bits;
        found[part] = acl;
      }
    }
    return {
      control,
      owner: found.O ?? null,
      group: found.G ?? null,
      dacl: found.D ?? null,
      sacl: found.S ?? null,
      resourceManager: 0,
    };
  }

  #acl(part: "D" | "S"): { readonly bits: number; readonly acl: Acl | null } {
    const names = aclBits[part];
    let bits: number = names.present;
    if (this.#take(/NO_ACCESS_CONTROL/y) === noAccessControl) return { bits, acl: null };
    for (let flag = this.#flag(); flag !== null; flag = this.#flag()) bits |= names[flag];
    const aces: Ace[] = [];
    while (this.#text[this.#at] === "(") aces.push(this.#ace());
    const revision = aces.some(({ type }) => isObjectAce(type)) ? 4 : 2;
    return { bits, acl: { revision, aces } };
  }

  #flag(): "P" | "AR" | "AI" | null {
    const flag = this.#take(/AR|AI|P/y);
    return flag === "P" || flag === "AR" || flag === "AI" ? flag : null;
  }

  #ace(): Ace {
    const start = this.#at;
    const body = this.#take(/\([^()]*\)/y);
    if (body === undefined) throw this.#error("a condition or an ACE without end stands");
    const fields = body.slice(1, -1).split(";");
    const [type = "", flags = "", mask = "", object = "", inherited = "", sid = ""] = fields;
    const fail = (what: string): DescriptorError => new DescriptorError(`An ACE ${what}`, start);
    if (fields.length !== 6) throw fail(`has ${fields.length} fields, not 6`);
    const aceType = typeNames.find(([name]) => name === type)?.[1];
    if (aceType === undefined)
      throw fail(`has the type ${JSON.stringify(type)}, which is not supported`);
    const guids = [object, inherited].filter((guid) => guid !== "");
    if (guids.length > 0 && !isObjectAce(aceType)) throw fail(`of type ${type} has no GUID`);
    if (!guids.every((guid) => isGuid(guid))) throw fail("has a GUID that is none");
    const flagBits = bitsOf(flags, flagNames);
    if (flagBits === null) throw fail(`has unknown flags ${JSON.stringify(flags)}`);
    const maskBits = maskOf(mask, aceType === aceTypes.mandatoryLabel);
    if (maskBits === null) throw fail(`has unknown rights ${JSON.stringify(mask)}`);
    return {
      type: aceType,
      flags: flagBits,
      mask: maskBits,
      sid: this.#sidOf(sid, start),
      ...(object === "" ? {} : { objectType: object.toLowerCase() }),
      ...(inherited === "" ? {} : { inheritedObjectType: inherited.toLowerCase() }),
    };
  }

  #sid(): string {
    const start = this.#at;
    const text = this.#take(/S-1-[0-9A-Fa-fx]+(?:-\d+)+|[A-Z]{2}/y);
    return this.#sidOf(text ?? "", start);
  }

  #sidOf(text: string, at: number): string {
    if (isSid(text)) return text;
    const sid = sidOfName(text, this.#options.domain);
    if (sid === undefined) throw new DescriptorError(`${JSON.stringify(text)} is no SID`, at);
    if (sid === null) throw new DescriptorError(`${text} needs the SID of a domain`, at);
    return sid;
  }

  /** What a sticky expression finds here. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  #error(what: string): DescriptorError {
    return new DescriptorError(`In SDDL ${what}`, this.#at);
  }
}

/** Names of two letters one after the other; null where one is none of them. */
function bitsOf(text: string, names: Names): number | null {
  if (text.length % 2 !== 0) return null;
  let bits = 0;
  for (let at = 0; at < text.length; at += 2) {
    const found = names.find(([name]) => name === text.slice(at, at + 2));
    if (found === undefined) return null;
    bits |= found[1];
  }
  return bits >>> 0;
}

/** Names, or a number: hexadecimal, octal or decimal. */
function maskOf(text: string, isLabel: boolean): number | null {
  if (/^(?:0[xX][0-9A-Fa-f]{1,8}|0[0-7]*|[1-9]\d*)$/.test(text)) {
    const value = Number(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text);
    return value <= 0xffffffff ? value : null;
  }
  const names = [...rightNames, ...compoundRightNames];
  return bitsOf(text, isLabel ? [...labelRightNames, ...names] : names);
}

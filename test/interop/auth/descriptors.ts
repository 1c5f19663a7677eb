// Random security descriptors, read and checked by Samba and by us.
import { isDeepStrictEqual } from "node:util";
import {
  type Ace,
  type Acl,
  type SecurityDescriptor,
  aceFlags,
  aceTypes,
  checkAccess,
  controlBits,
  readDescriptor,
  readSddl,
  rights,
  writeDescriptor,
  writeSddl,
} from "@msrpc/auth";
import { run } from "../support/command.ts";
import { Random } from "../support/random.ts";

const domain = "S-1-5-21-1-2-3";
const sids = [
  "S-1-1-0",
  "S-1-3-4",
  "S-1-5-11",
  "S-1-5-18",
  "S-1-5-32-544",
  `${domain}-512`,
  `${domain}-1104`,
  "S-1-5-21-4294967295-0-7-1000",
  "S-1-16-8192",
] as const;
const guids = ["11111111-2222-3333-4444-555555555555", "bf967aba-0de6-11d0-a285-00aa003049e2"];

export interface Comparison {
  readonly count: number;
  readonly findings: readonly string[];
}

type Answers = readonly {
  readonly error?: string;
  readonly octets?: string;
  readonly sddl?: string;
  readonly granted?: number | null;
}[];

function askSamba(script: string, jobs: readonly object[]): Answers {
  const options = { input: JSON.stringify(jobs), seconds: 60 };
  return JSON.parse(run("/usr/bin/python3", [script], options)) as Answers;
}

/** Samba 4.17 has no names for the rights to registry keys, and FA without the standard rights. */
const strangeToSamba: ReadonlySet<number> = new Set([0x1f01ff, 0xf003f, 0x20019, 0x20006]);
const masks = [0, 1, 0x120089, 0x120116, 0x1200a0, 0x100003, 0x10000000, 0xe0000000];

function aceOf(random: Random, types: readonly Ace["type"][], flags: number): Ace {
  const type = random.pick(types);
  const isObject = type >= aceTypes.allowObject && type <= aceTypes.auditObject;
  const mask = random.chance(2) ? random.pick(masks) : (random.word() & 0xf11f01ff) >>> 0;
  return {
    type,
    flags: random.word() & flags,
    mask: strangeToSamba.has(mask) ? 1 : mask,
    sid: random.pick(sids),
    ...(isObject && random.chance(2) ? { objectType: random.pick(guids) } : {}),
    ...(isObject && random.chance(2) ? { inheritedObjectType: random.pick(guids) } : {}),
  };
}

function aclOf(random: Random, types: readonly Ace["type"][], flags: number, fewest = 0): Acl {
  const aces = Array.from({ length: random.between(fewest, 6) }, () => aceOf(random, types, flags));
  return { revision: 4, aces };
}

/** Samba makes every ACL one of revision 4. */
function withRevision(descriptor: SecurityDescriptor): SecurityDescriptor {
  const { dacl, sacl } = descriptor;
  return {
    ...descriptor,
    dacl: dacl && { ...dacl, revision: 4 },
    sacl: sacl && { ...sacl, revision: 4 },
  };
}

function descriptorOf(random: Random): SecurityDescriptor {
  const { allow, deny, audit, allowObject, denyObject, auditObject } = aceTypes;
  const hasDacl = !random.chance(5);
  const hasSacl = random.chance(2);
  const bits = controlBits;
  const daclBits =
    bits.daclPresent |
    (random.word() & (bits.daclProtected | bits.daclAutoInherited | bits.daclInheritRequired));
  const saclBits =
    bits.saclPresent |
    (random.word() & (bits.saclProtected | bits.saclAutoInherited | bits.saclInheritRequired));
  return {
    control: (hasDacl ? daclBits : 0) | (hasSacl ? saclBits : 0),
    owner: random.chance(4) ? null : random.pick(sids),
    group: random.chance(4) ? null : random.pick(sids),
    // Samba 4.17 takes the S: behind a DACL without ACEs for a flag.
    dacl: hasDacl
      ? aclOf(random, [allow, deny, allowObject, denyObject], 0x1f, hasSacl ? 1 : 0)
      : null,
    sacl: hasSacl ? aclOf(random, [audit, auditObject], 0xdf) : null,
    resourceManager: 0,
  };
}

/** Samba's octets of our SDDL and its SDDL of our octets mean what we meant. */
export function compareDescriptors(script: string): Comparison {
  const random = new Random(1);
  const descriptors = Array.from({ length: 1500 }, () => descriptorOf(random));
  const answers = askSamba(
    script,
    descriptors.map((descriptor, index) => ({
      op: "convert",
      sddl: writeSddl(descriptor, index % 2 === 0 ? { domain } : {}),
      octets: Buffer.from(writeDescriptor(descriptor)).toString("hex"),
    })),
  );
  const findings = descriptors.flatMap((descriptor, index) => {
    const { error, octets = "", sddl = "" } = answers[index] ?? {};
    const text = writeSddl(descriptor);
    if (error !== undefined) return [`${text}: ${error}`];
    const read = readDescriptor(Uint8Array.from(Buffer.from(octets, "hex")));
    return [
      ...(isDeepStrictEqual(read, descriptor)
        ? []
        : [`${text}: Samba's octets are ${writeSddl(read)}`]),
      ...(isDeepStrictEqual(withRevision(readSddl(sddl, { domain })), descriptor)
        ? []
        : [`${text}: Samba's SDDL is ${sddl}`]),
    ];
  });
  return { count: descriptors.length, findings };
}

/** Samba and we give the same rights. Both take OWNER RIGHTS and the implied ones of an owner in. */
export function compareAccess(script: string): Comparison {
  const random = new Random(2);
  const jobs = Array.from({ length: 3000 }, () => {
    const { allow, deny } = aceTypes;
    const flags = aceFlags.inheritOnly | aceFlags.containerInherit;
    const acl = aclOf(random, [allow, deny], flags);
    const aces = acl.aces.map((ace) => ({ ...ace, mask: ace.mask & 0x1f01ef }));
    const descriptor: SecurityDescriptor = {
      control: controlBits.daclPresent,
      owner: random.pick(sids),
      group: "S-1-5-18",
      dacl: { revision: 2, aces },
      sacl: null,
      resourceManager: 0,
    };
    const token = sids.filter((sid) => sid !== "S-1-3-4" && random.chance(3));
    const bits = random.word() & random.word() & random.word() & 0x1f01ff;
    const desired = random.chance(4) ? rights.maximumAllowed : bits;
    return { descriptor, token, desired };
  });
  const answers = askSamba(
    script,
    jobs.map(({ descriptor, token, desired }) => ({
      op: "check",
      sddl: writeSddl(descriptor),
      sids: token,
      desired,
    })),
  );
  const findings = jobs.flatMap(({ descriptor, token, desired }, index) => {
    const { error, granted = null } = answers[index] ?? {};
    const ours = checkAccess(descriptor, { sids: token }, desired);
    const ourGrant = ours.allowed ? ours.granted : null;
    // To be allowed nothing is to be refused ([MS-DTYP] 2.5.3.2); Samba calls it a success.
    const theirGrant = granted === 0 && desired === rights.maximumAllowed ? null : granted;
    if (error === undefined && ourGrant === theirGrant) return [];
    const request = `${writeSddl(descriptor)} for ${token.join(" ")}, 0x${desired.toString(16)}`;
    return [`${request}: ours ${ourGrant}, Samba's ${error ?? granted}`];
  });
  return { count: jobs.length, findings };
}

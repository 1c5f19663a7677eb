import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Ace,
  type SecurityDescriptor,
  aceTypes,
  controlBits,
  isSid,
  readDescriptor,
  readSddl,
  readSid,
  writeDescriptor,
  writeSddl,
  writeSid,
} from "../src/index.ts";
import { hex, octets } from "./support.ts";

const exampleText =
  "O:BAG:BAD:P(A;CIOI;GRGX;;;BU)(A;CIOI;GA;;;BA)(A;CIOI;GA;;;SY)(A;CIOI;GA;;;CO)S:P(AU;FA;GR;;;WD)";

/** The example of [MS-DTYP] 2.5.1.4. */
const exampleOctets = octets(`
  010014b0 90000000 a0000000 14000000 30000000 02001c00 01000000 02801400
  00000080 01010000 00000001 00000000 02006000 04000000 00031800 000000a0
  01020000 00000005 20000000 21020000 00031800 00000010 01020000 00000005
  20000000 20020000 00031400 00000010 01010000 00000005 12000000 00031400
  00000010 01010000 00000003 00000000 01020000 00000005 20000000 20020000
  01020000 00000005 20000000 20020000`);

test("SDDL gives the octets of the example ([MS-DTYP] 2.5.1.4)", () => {
  expect(hex(writeDescriptor(readSddl(exampleText)))).toBe(hex(exampleOctets));
});

test("the octets of the example give its SDDL, with flags and rights in our order", () => {
  const text = exampleText.replaceAll("CIOI", "OICI").replace("GRGX", "GXGR");
  expect(writeSddl(readDescriptor(exampleOctets))).toBe(text);
});

test.for([
  "S-1-1-0",
  "S-1-5-32-544",
  "S-1-5-21-4294967295-0-1-500",
  "S-1-4294967295-1",
  "S-1-0x100000000000-1",
  "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15",
])("the SID %s is written and read", (sid) => {
  expect(isSid(sid)).toBe(true);
  expect(readSid(writeSid(sid))).toBe(sid);
});

test.for([
  "S-1-5",
  "S-2-5-1",
  "s-1-5-1",
  "S-1-5-4294967296",
  "S-1-4294967296-1",
  "S-1-5-01",
  "S-1-0x1-1",
  "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
  "S-1-5-1 ",
  "",
])("%j is no SID", (sid) => {
  expect(isSid(sid)).toBe(false);
  expect(() => writeSid(sid)).toThrow("is no SID");
});

const domain = "S-1-5-21-1-2-3";

test("names of SIDs in a domain need the domain", () => {
  expect(readSddl("O:DAG:DU", { domain })).toMatchObject({
    owner: `${domain}-512`,
    group: `${domain}-513`,
  });
  expect(() => readSddl("O:DA")).toThrow("DA needs the SID of a domain at offset 2");
  expect(writeSddl(readSddl("O:DAG:DU", { domain }), { domain })).toBe("O:DAG:DU");
  expect(writeSddl(readSddl("O:DAG:SY", { domain }))).toBe(`O:${domain}-512G:SY`);
});

test("rights are names, or a number of any base", () => {
  const mask = (text: string): number | undefined =>
    readSddl(`D:(A;;${text};;;WD)`).dacl?.aces[0]?.mask;
  expect(mask("FA")).toBe(0x1f01ff);
  expect(mask("CCDCLCSWRPWPDTLOCRSDRCWDWO")).toBe(0x000f01ff);
  expect(mask("KRGA")).toBe(0x10020019);
  expect(mask("0x1F")).toBe(31);
  expect(mask("037")).toBe(31);
  expect(mask("31")).toBe(31);
  expect(mask("4294967295")).toBe(0xffffffff);
  expect(mask("")).toBe(0);
});

test("rights are written by the name of all of them, by their names, or as a number", () => {
  const written = (mask: number): string | undefined => {
    const text = writeSddl(readSddl(`D:(A;;${mask};;;WD)`));
    return text.split(";")[2];
  };
  expect(written(0x1f01ff)).toBe("FA");
  expect(written(0x20003)).toBe("CCDCRC");
  expect(written(0x100003)).toBe("0x100003");
});

test("a mandatory label forbids by names of its own", () => {
  const text = "S:(ML;;NWNRNX;;;HI)";
  const { sacl } = readSddl(text);
  expect(sacl?.aces[0]).toMatchObject({ type: aceTypes.mandatoryLabel, mask: 7 });
  expect(writeSddl(readSddl(text))).toBe(text);
});

test("an ACL that is there without an ACE, one that is open, and none are three things", () => {
  const empty = readSddl("D:");
  const open = readSddl("D:NO_ACCESS_CONTROL");
  const none = readSddl("O:SY");
  expect(empty.dacl?.aces).toEqual([]);
  expect(open).toMatchObject({ dacl: null, control: controlBits.daclPresent });
  expect(none).toMatchObject({ dacl: null, control: 0 });
  for (const descriptor of [empty, open, none]) {
    expect(readDescriptor(writeDescriptor(descriptor))).toEqual(descriptor);
  }
  expect([empty, open, none].map((each) => writeSddl(each))).toEqual([
    "D:",
    "D:NO_ACCESS_CONTROL",
    "O:SY",
  ]);
});

test("GUIDs of object ACEs go there and back", () => {
  const guid = "01234567-89ab-cdef-0123-456789abcdef";
  for (const [object, inherited] of [
    [guid, ""],
    ["", guid],
    [guid, guid],
    ["", ""],
  ]) {
    const text = `D:(OA;CI;CR;${object};${inherited};AU)`;
    const descriptor = readDescriptor(writeDescriptor(readSddl(text)));
    expect(descriptor.dacl?.revision).toBe(4);
    expect(writeSddl(descriptor)).toBe(text);
  }
});

test("conditions are carried as octets, and have no SDDL here", () => {
  const ace: Ace = {
    type: aceTypes.allowCallback,
    flags: 0,
    mask: 1,
    sid: "S-1-1-0",
    data: octets("61727478 f8020000 00000000"),
  };
  const before: SecurityDescriptor = {
    control: controlBits.daclPresent,
    owner: null,
    group: null,
    dacl: { revision: 2, aces: [ace] },
    sacl: null,
    resourceManager: 0,
  };
  expect(readDescriptor(writeDescriptor(before))).toEqual(before);
  expect(() => writeSddl(before)).toThrow("no letters for this ACE");
  expect(() => readSddl('D:(XA;;1;;;WD;(@User.a == "b"))')).toThrow("In SDDL a condition");
});

test.for([
  ["O:", '"" is no SID at offset 2'],
  ["O:XX", '"XX" is no SID at offset 2'],
  ["O:SYO:SY", "O: stands again"],
  ["X:SY", "O:, G:, D: or S: should stand at offset 0"],
  ["D:(A;;GA;;;SY", "an ACE without end"],
  ["D:(A;;GA;;SY)", "An ACE has 5 fields, not 6 at offset 2"],
  ["D:(Q;;GA;;;SY)", 'the type "Q"'],
  ["D:(A;XX;GA;;;SY)", 'unknown flags "XX"'],
  ["D:(A;;XX;;;SY)", 'unknown rights "XX"'],
  ["D:(A;;0x100000000;;;SY)", "unknown rights"],
  ["D:(A;;4294967296;;;SY)", "unknown rights"],
  ["D:(A;;GA;01234567-89ab-cdef-0123-456789abcdef;;SY)", "of type A has no GUID"],
  ["D:(OA;;GA;0123;;SY)", "a GUID that is none"],
  ["D:(A;;GA;;;SY)Z", "should stand at offset 14"],
] as const)("%s is refused: %s", ([text, message]) => {
  expect(() => readSddl(text)).toThrow(message);
});

/** Changes an octet of the example. */
function withOctet(at: number, octet: number): Uint8Array {
  return exampleOctets.with(at, octet);
}

test.for([
  ["of another revision", withOctet(0, 2), "revision 1 at offset 0"],
  ["that is not self-relative", withOctet(3, 0x30), "not self-relative"],
  ["whose owner is outside", withOctet(5, 0xff), "points outside of itself"],
  ["whose owner is in its header", withOctet(4, 4), "points outside of itself"],
  ["whose group does not end", withOctet(8, 0xac), "A SID does not end"],
  ["whose SID has too many parts", withOctet(0x91, 16), "does not end|16 sub-authorities"],
  ["whose ACL is longer than it is", withOctet(0x33, 1), "An ACL can't have"],
  ["whose ACL is of another revision", withOctet(0x30, 3), "can't be of revision 3"],
  ["with more ACEs than there are", withOctet(0x34, 5), "An ACE does not end"],
  ["with an ACE that is too short", withOctet(0x3a, 4), "An ACE is too short"],
  ["with an ACE that is not aligned", withOctet(0x3a, 0x17), "not aligned"],
  ["with an ACE of no known type", withOctet(0x38, 0x30), "unknown type 48"],
  ["that is too short", exampleOctets.subarray(0, 19), "at least 20 octets"],
] as const)("a descriptor %s is refused", ([, damaged, message]) => {
  expect(() => readDescriptor(damaged)).toThrow(new RegExp(message));
});

const sid = fc
  .array(fc.nat({ max: 0xffffffff }), { minLength: 1, maxLength: 15 })
  .map((parts) => ["S-1-5", ...parts].join("-"));
const guid = fc.uuid();
const plainAce = fc.record({
  type: fc.constantFrom(aceTypes.allow, aceTypes.deny),
  flags: fc.nat({ max: 0x1f }),
  mask: fc.nat({ max: 0xffffffff }),
  sid,
});
const objectAce = fc
  .record({
    type: fc.constantFrom(aceTypes.allowObject, aceTypes.denyObject),
    flags: fc.nat({ max: 0x1f }),
    mask: fc.nat({ max: 0xffffffff }),
    sid,
    objectType: fc.option(guid, { nil: undefined }),
  })
  .map(({ objectType, ...rest }) => (objectType === undefined ? rest : { ...rest, objectType }));
const acl = fc
  .array(fc.oneof(plainAce, objectAce), { maxLength: 8 })
  .map((aces) => ({ revision: aces.some(({ type }) => type >= 5) ? 4 : 2, aces }));

test("every descriptor of plain and object ACEs goes through octets and SDDL", () => {
  fc.assert(
    fc.property(
      fc.option(sid),
      fc.option(sid),
      acl,
      fc.nat({ max: 7 }),
      (owner, group, dacl, bits) => {
        const { daclPresent, daclProtected, daclInheritRequired, daclAutoInherited } = controlBits;
        const flags = [daclProtected, daclInheritRequired, daclAutoInherited];
        const control = flags.reduce(
          (sum, bit, index) => ((bits >> index) % 2 === 1 ? sum | bit : sum),
          daclPresent as number,
        );
        const descriptor = { control, owner, group, dacl, sacl: null, resourceManager: 0 };
        expect(readDescriptor(writeDescriptor(descriptor))).toEqual(descriptor);
        expect(readSddl(writeSddl(descriptor))).toEqual(descriptor);
      },
    ),
  );
});

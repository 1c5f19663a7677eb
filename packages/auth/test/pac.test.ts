/** SIDs of a PAC, by the example of [MS-PAC] 3.1 and by what may be wrong with one. */
import { SecurityError } from "@msrpc/rpc";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readLogonInfo } from "../src/kerberos/pac.ts";
import { logonInfoExample } from "./logon-info-example.ts";

const domain = "S-1-5-21-397955417-626881126-188441444";
/** Where fields of the example are. */
const places = { userId: 120, groupCount: 128, userFlags: 136, firstAttributes: 380 } as const;

/** The example with a number in another place. */
function changed(at: number, value: number): Uint8Array {
  const octets = logonInfoExample();
  new DataView(octets.buffer).setUint32(at, value, true);
  return octets;
}

function failureOf(octets: Uint8Array): unknown {
  try {
    return readLogonInfo(octets);
  } catch (error) {
    return error;
  }
}

test("the document's example gives the account, its 26 groups and 13 of other domains", () => {
  const { sid, groups } = readLogonInfo(logonInfoExample());
  expect(sid).toBe(`${domain}-2914711`);
  expect(groups.slice(0, 3)).toEqual([`${domain}-513`, `${domain}-3392609`, `${domain}-2999049`]);
  expect(groups).toContain("S-1-5-21-773533881-1816936887-355810188-513");
  expect(groups).toHaveLength(39);
});

test("a group that is only for denying gives no access", () => {
  const { groups } = readLogonInfo(changed(places.firstAttributes, 0x17));
  expect(groups).toHaveLength(38);
  expect(groups).not.toContain(`${domain}-3392609`);
});

test("a group that is not enabled gives no access", () => {
  expect(readLogonInfo(changed(places.firstAttributes, 0x3)).groups).toHaveLength(38);
});

test("extra SIDs count only where the flags say so", () => {
  expect(readLogonInfo(changed(places.userFlags, 0)).groups).toHaveLength(26);
});

test("an account without RID is the first of the extra SIDs, and no group of its own", () => {
  const { sid, groups } = readLogonInfo(changed(places.userId, 0));
  expect(sid).toBe("S-1-5-21-773533881-1816936887-355810188-513");
  expect(groups).not.toContain(sid);
});

test("a count that the list does not have is refused by name", () => {
  const failure = failureOf(changed(places.groupCount, 27));
  expect(failure).toMatchObject({ code: "bad_token" });
  expect(String(failure)).toContain("GroupIds");
});

test("the example cut off anywhere is refused", () => {
  const whole = logonInfoExample();
  const needed = whole.length - 4;
  for (let length = 0; length < needed; length++) {
    expect(failureOf(whole.slice(0, length))).toBeInstanceOf(SecurityError);
  }
});

test("whatever is changed in it, it is read or refused", () => {
  const places = fc.array(fc.tuple(fc.nat(1199), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(places, (changes) => {
      const octets = logonInfoExample();
      for (const [at, value] of changes) octets[at] = value;
      const outcome = failureOf(octets);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(SecurityError);
    }),
    { numRuns: 2000 },
  );
});

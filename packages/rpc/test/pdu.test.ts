/** PDUs as octets and back; octets that are none. */
import {
  appendTrailer,
  decodePdu,
  encodePdu,
  featureSyntax,
  featuresOf,
  findTrailer,
  type Pdu,
  PduError,
} from "@msrpc/rpc/pdu";
import { transferSyntaxes } from "@msrpc/ndr";
import fc from "fast-check";
import { expect, test } from "vitest";
import { octets as fromHex } from "../../../test/support/hex.ts";
import { anyPdu } from "./support/pdus.ts";

test("every PDU is decoded as it was encoded, in both byte orders", () => {
  fc.assert(
    fc.property(anyPdu, (pdu) => {
      expect(decodePdu(encodePdu(pdu))).toEqual(pdu);
    }),
    { numRuns: 2000 },
  );
});

test("a bind for the endpoint mapper has the octets that other clients send", () => {
  const octets = fromHex(`
    05000b03 10000000 48000000 01000000 d016d016 00000000 01000000 00000100
    0883afe1 1f5dc911 91a408002b14a0fa 03000000 045d888a eb1cc911 9fe808002b104860 02000000`);
  const pdu: Pdu = {
    type: "bind",
    flags: 3,
    callId: 1,
    littleEndian: true,
    maxTransmit: 5840,
    maxReceive: 5840,
    groupId: 0,
    proposals: [
      {
        contextId: 0,
        abstractSyntax: {
          uuid: "e1af8308-5d1f-11c9-91a4-08002b14a0fa",
          version: { major: 3, minor: 0 },
        },
        transferSyntaxes: [transferSyntaxes.ndr],
      },
    ],
    verifier: null,
  };
  expect(decodePdu(octets)).toEqual(pdu);
  expect(encodePdu(pdu)).toEqual(octets);
});

test("a bind_nak has extended error information behind a signature at a multiple of 4", () => {
  const octets = fromHex(`
    05000d03 10000000 2c000000 01000000 0200 01 0500 000000
    20037490d0fad31182d7009027b130ab 01020304`);
  const pdu: Pdu = {
    type: "bind_nak",
    flags: 3,
    callId: 1,
    littleEndian: true,
    reason: 2,
    versions: [{ major: 5, minor: 0 }],
    extendedError: Uint8Array.of(1, 2, 3, 4),
  };
  expect(decodePdu(octets)).toEqual(pdu);
  expect(encodePdu(pdu)).toEqual(octets);
  octets[24] = 0x21;
  expect(decodePdu(octets)).not.toHaveProperty("extendedError");
});

test("a big-endian fault has its status in that order", () => {
  const octets = fromHex(`
    05000323 00000000 00200000 00000007 00000020 00010000 1c010002 00000000`);
  expect(decodePdu(octets)).toMatchObject({ type: "fault", callId: 7, status: 0x1c010002 });
  expect(encodePdu(decodePdu(octets))).toEqual(octets);
});

test("a verifier is found at the end, and its padding stays in the body", () => {
  const octets = fromHex(`
    05000003 10000000 30000800 02000000 05000000 00000100 1122334455000000
    0a050300 09000000 aabbccdd eeff0011`);
  expect(decodePdu(octets)).toMatchObject({
    body: fromHex("1122334455000000"),
    verifier: {
      type: 10,
      level: 5,
      padLength: 3,
      contextId: 9,
      token: fromHex("aabbccddeeff0011"),
    },
  });
});

const refused: readonly (readonly [what: string, octets: string, code: string])[] = [
  ["octets fewer than a header", "0500 0b03 1000 0000", "too_short"],
  ["another version", "04000b03 10000000 10000000 01000000", "bad_version"],
  ["version 5.1", "05010b03 10000000 10000000 01000000", "bad_version"],
  ["EBCDIC characters", "05000003 11000000 10000000 01000000", "bad_representation"],
  ["floats of a VAX", "05000003 10010000 10000000 01000000", "bad_representation"],
  ["a type that isn't there", "05000103 10000000 10000000 01000000", "unknown_type"],
  ["a type beyond all", "0500ff03 10000000 10000000 01000000", "unknown_type"],
  ["a length less than the header", "05001203 10000000 0f000000 01000000", "bad_length"],
  ["a length that isn't the octets'", "05001203 10000000 11000000 01000000", "bad_length"],
  ["a token longer than the PDU", "05001203 10000000 10000900 01000000", "bad_verifier"],
  ["a request without opnum", "05000003 10000000 14000000 01000000 00000000", "too_short"],
  ["an auth3 without token", "05001003 10000000 14000000 01000000 00000000", "bad_verifier"],
  [
    "padding longer than the body",
    "05000203 10000000 24000400 01000000 00000000 00000000 0a050100 00000000 01020304",
    "bad_padding",
  ],
  [
    "padding where there is no room for it",
    "05000e03 10000000 28000400 01000000 00100010 00000000 00000000 0a050500 00000000 01020304",
    "bad_padding",
  ],
  [
    "a verifier at an odd place",
    "05000203 10000000 26000400 01000000 00000000 00000000 00000a05 00000000 00000102 0304",
    "misaligned",
  ],
  [
    "more contexts than octets",
    "05000b03 10000000 1c000000 01000000 00100010 00000000 ff000000",
    "too_short",
  ],
];

for (const [what, octets, code] of refused) {
  test(`${what}: ${code}`, () => {
    expect(() => decodePdu(fromHex(octets))).toThrow(expect.objectContaining({ code }));
  });
}

test("damaged and random octets are decoded or refused, and nothing else", () => {
  const damaged = fc
    .tuple(anyPdu, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }))
    .map(([pdu, changes]) => {
      const octets = encodePdu(pdu).slice();
      for (const [at, value] of changes) octets[at % octets.length] = value;
      return octets;
    });
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 64 })), (octets) => {
      try {
        outcomes.add(decodePdu(octets).type);
      } catch (error) {
        expect(error).toBeInstanceOf(PduError);
        outcomes.add((error as PduError).code);
      }
    }),
    { numRuns: 5000 },
  );
  expect(outcomes.size).toBeGreaterThan(10);
});

test("a PDU that frag_length can't express is not encoded", () => {
  const token = new Uint8Array(0xffff);
  const verifier = { type: 10, level: 5, padLength: 0, contextId: 0, token };
  expect(() =>
    encodePdu({ type: "auth3", flags: 3, callId: 1, littleEndian: true, verifier }),
  ).toThrow(RangeError);
});

test("features travel as a transfer syntax and are known by its prefix", () => {
  expect(featureSyntax(3)).toEqual({
    uuid: "6cb71c2c-9812-4540-0300-000000000000",
    version: { major: 1, minor: 0 },
  });
  expect(featuresOf(featureSyntax(2))).toBe(2);
  expect(featuresOf(transferSyntaxes.ndr)).toBe(null);
});

const trailer = {
  headerSigning: true,
  presentation: { abstract: transferSyntaxes.ndr64, transfer: transferSyntaxes.ndr },
  header: { type: 0, littleEndian: true, callId: 77, contextId: 1, opnum: 4 },
};

for (const length of [0, 1, 4, 7]) {
  test(`a verification trailer is found behind a stub of ${length} octets`, () => {
    const whole = appendTrailer(new Uint8Array(length), trailer);
    expect(findTrailer(whole, length)).toEqual(trailer);
    expect(whole.length % 4).toBe(0);
  });
}

test("a verification command that must be understood and isn't is an error, others are passed over", () => {
  const signature = "8ae3137102f43671";
  expect(findTrailer(fromHex(`${signature} 0500 0400 00000000 0140 0400 01000000`), 0)).toEqual({
    headerSigning: true,
    presentation: null,
    header: null,
  });
  expect(() => findTrailer(fromHex(`${signature} 05c0 0400 00000000`), 0)).toThrow(PduError);
  expect(() => findTrailer(fromHex(`${signature} 0140 0400 01`), 0)).toThrow(PduError);
  expect(findTrailer(fromHex("00".repeat(40)), 0)).toBe(null);
});

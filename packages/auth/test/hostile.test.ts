/** Whatever octets a peer sends, readers give a value or a named error. */
import { SecurityError } from "@msrpc/rpc";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  DescriptorError,
  accountList,
  ntlmClient,
  ntlmServer,
  readDescriptor,
  readSddl,
  spnegoClient,
  spnegoServer,
  writeDescriptor,
} from "../src/index.ts";
import { readAuthenticate, writeAuthenticate } from "../src/ntlm/authenticate-message.ts";
import { readAvPairs, writeAvPairs } from "../src/ntlm/av-pairs.ts";
import { readChallenge, writeChallenge } from "../src/ntlm/challenge-message.ts";
import { readClientChallenge } from "../src/ntlm/client-challenge.ts";
import { flags, join } from "../src/ntlm/flags.ts";
import { readNegotiate, writeNegotiate } from "../src/ntlm/negotiate-message.ts";
import { readToken, writeInit, writeMechTypes, writeResp } from "../src/spnego/tokens.ts";
import { octets, repeat } from "./support.ts";

const version = repeat(0, 8);
const pairs = new Map([
  [2, Buffer.from("D\0")],
  [1, Buffer.from("S\0")],
  [6, repeat(0, 4)],
  [7, repeat(0, 8)],
]);
const samples = {
  negotiate: writeNegotiate({
    flags: join(flags.domainSupplied, flags.workstationSupplied, flags.version),
    domain: "DOMAIN",
    workstation: "WS",
    version,
  }),
  challenge: writeChallenge({
    flags: join(flags.unicode, flags.requestTarget, flags.targetInfo, flags.version),
    targetName: "SERVER",
    serverChallenge: version,
    targetInfo: writeAvPairs(pairs),
    version,
  }),
  authenticate: writeAuthenticate({
    flags: join(flags.unicode, flags.keyExchange, flags.version),
    lmResponse: repeat(1, 24),
    ntResponse: repeat(2, 60),
    domain: "DOMAIN",
    user: "user",
    workstation: "WS",
    encryptedSessionKey: repeat(3, 16),
    version,
    mic: repeat(4, 16),
  }),
  init: writeInit(
    writeMechTypes(["1.2.840.113554.1.2.2", "1.3.6.1.4.1.311.2.2.10"]),
    repeat(1, 200),
    true,
  ),
  resp: writeResp({
    negState: 1,
    supportedMech: "1.3.6.1.4.1.311.2.2.10",
    responseToken: repeat(2, 300),
    mechListMic: repeat(3, 16),
  }),
  pairs: writeAvPairs(pairs),
  descriptor: writeDescriptor(
    readSddl(
      "O:BAG:SYD:P(A;OICI;GA;;;BA)(OA;;RP;11111111-2222-3333-4444-555555555555;;AU)S:(AU;SAFA;WD;;;WD)",
    ),
  ),
};

/** Octets with some of them changed, and the end cut off or drawn out. */
function damaged(sample: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(sample.length - 1);
  const change = fc.tuple(place, fc.integer({ min: 0, max: 255 }));
  const end = fc.integer({ min: 0, max: sample.length + 8 });
  return fc.tuple(fc.array(change, { maxLength: 6 }), end).map(([changes, length]) => {
    const copy = new Uint8Array(length);
    copy.set(sample.subarray(0, length));
    for (const [at, octet] of changes) if (at < length) copy[at] = octet;
    return copy;
  });
}

/** Anything but the error of that class fails. */
function reads(read: (octets: Uint8Array) => unknown, error: new (...args: never) => Error) {
  return (input: Uint8Array): void => {
    try {
      read(input);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(error);
    }
  };
}

const readers: readonly (readonly [
  name: string,
  sample: Uint8Array,
  read: (octets: Uint8Array) => unknown,
])[] = [
  ["NEGOTIATE_MESSAGE", samples.negotiate, readNegotiate],
  ["CHALLENGE_MESSAGE", samples.challenge, readChallenge],
  ["AUTHENTICATE_MESSAGE", samples.authenticate, readAuthenticate],
  ["AV pairs", samples.pairs, readAvPairs],
  ["NegTokenInit", samples.init, readToken],
  ["NegTokenResp", samples.resp, readToken],
];

test.for(readers)("a damaged %s reads, or ends in a SecurityError", ([, sample, read]) => {
  fc.assert(fc.property(damaged(sample), reads(read, SecurityError)), {
    numRuns: 2000,
  });
});

test("a damaged security descriptor reads, or ends in a DescriptorError", () => {
  const check = reads(readDescriptor, DescriptorError);
  fc.assert(fc.property(damaged(samples.descriptor), check), { numRuns: 5000 });
});

test("random octets are no message", () => {
  const check = reads((input) => {
    for (const [, , read] of readers) expect(() => read(input)).toThrow(SecurityError);
  }, SecurityError);
  fc.assert(fc.property(fc.uint8Array({ minLength: 5, maxLength: 120 }), check));
});

test("random text is no SDDL, or is", () => {
  const letters = fc.constantFrom(..."OGDSPAIRCUW:;()S-1250x".split(""));
  fc.assert(
    fc.property(fc.string({ unit: letters, maxLength: 40 }), (text) => {
      try {
        readSddl(text);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(DescriptorError);
      }
    }),
    { numRuns: 5000 },
  );
});

const client = ntlmClient({ user: "alice", password: "secret" });
const server = ntlmServer({ accounts: accountList([]), computerName: "SERVER" });
const request = { level: "privacy", host: "server" } as const;

test("whatever a peer sends, contexts give a step or a SecurityError", async () => {
  const all = Object.values(samples).map(damaged);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...all), { minLength: 1, maxLength: 3 }), async (tokens) => {
      for (const context of [
        client.createContext(request),
        server.createContext(request),
        spnegoClient([client]).createContext(request),
        spnegoServer([server]).createContext(request),
      ]) {
        try {
          await context.step(null);
          for (const token of tokens) await context.step(token);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SecurityError);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test.for([
  ["a field that begins within the header", { at: 12 + 4, value: 10 }],
  ["a field that begins behind the end", { at: 12 + 4, value: 0x7fffffff }],
  ["a field that begins far behind the end", { at: 12 + 4, value: 0xfffffff0 }],
  ["a field that ends behind the end", { at: 12, value: 0xffff }],
] as const)("%s is named in the error", ([, { at, value }]) => {
  const message = Uint8Array.from(samples.authenticate);
  new DataView(message.buffer).setUint32(at, value, true);
  expect(() => readAuthenticate(message)).toThrow(
    "NTLM AUTHENTICATE_MESSAGE has LmChallengeResponse outside of its payload",
  );
});

test("names of half a character are refused", () => {
  const message = Uint8Array.from(samples.authenticate);
  message[36] = 7;
  expect(() => readAuthenticate(message)).toThrow("UserName of half a character");
});

test.for([
  ["without an end", "01000200 4100", "have no end"],
  ["with an end that has a value", "00000100 00", "end with a value"],
  ["longer than they are", "0100ff00 4100 00000000", "255 octets where 6 are left"],
  ["that say a thing twice", "01000200 4100 01000200 4200 00000000", "there twice"],
  ["with flags of another length", "06000200 0000 00000000", "can't have: 2"],
  ["with half a character", "01000100 41 00000000", "can't have: 1"],
] as const)("AV pairs %s are refused", ([, digits, message]) => {
  expect(() => readAvPairs(octets(digits))).toThrow(message);
});

test("a client challenge has to be of version 1", () => {
  const header = repeat(0, 32);
  expect(() => readClientChallenge(header)).toThrow("another version");
  expect(() => readClientChallenge(header.subarray(0, 20))).toThrow("needs 28");
});

test.for([
  ["an indefinite length", "6080", "length that can't be"],
  ["a length of five octets", "60850000000001", "length that can't be"],
  ["a length that could be shorter", "608101 06", "not the shortest"],
  ["a length with a zero in front", "6082007f", "not the shortest"],
  ["a length beyond the end", "6084ffffffff", "are left"],
  ["something behind it", "a1023000 00", "behind NegTokenResp"],
  ["an unknown state", "a1073005a0030a0107", "unknown negState"],
  ["fields out of order", "a10c300aa2030401aaa0030a0100", "behind NegTokenResp"],
  ["another mechanism in front", "6006 0604 2b060105", "is not SPNEGO's"],
  ["an identifier with a zero in front", "600406028001", "not the shortest"],
  ["an identifier without end", "600406022b81", "half an object identifier"],
  ["an identifier out of range", "600806062bffffffff7f", "out of range"],
] as const)("a SPNEGO token with %s is refused", ([, digits, message]) => {
  expect(() => readToken(octets(digits))).toThrow(message);
});

test("more mechanisms than anybody has are refused", () => {
  const types = writeMechTypes(Array.from({ length: 65 }, (_, index) => `1.3.6.${index}`));
  expect(() => readToken(writeInit(types, null, false))).toThrow("more than 64");
});

test("what was read does not change with the buffer that it came in", () => {
  const buffer = Buffer.from(samples.authenticate);
  const message = readAuthenticate(buffer);
  const mechToken = (token: Uint8Array): Uint8Array | null => {
    const read = readToken(token);
    return read.type === "init" ? read.mechToken : null;
  };
  const init = Buffer.from(samples.init);
  const token = mechToken(init);
  buffer.fill(0xff);
  init.fill(0xff);
  expect(message).toEqual(readAuthenticate(samples.authenticate));
  expect(token).toEqual(mechToken(samples.init));
});

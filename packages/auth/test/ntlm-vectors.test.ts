/** The cryptographic values of [MS-NLMP] 4.2. */
import { expect, test } from "vitest";
import { rc4 } from "../src/crypto/rc4.ts";
import { readAuthenticate, writeAuthenticate } from "../src/ntlm/authenticate-message.ts";
import { avIds, avOfText } from "../src/ntlm/av-pairs.ts";
import { readChallenge, writeChallenge } from "../src/ntlm/challenge-message.ts";
import { writeClientChallenge } from "../src/ntlm/client-challenge.ts";
import { flags, join } from "../src/ntlm/flags.ts";
import { LegacySession } from "../src/ntlm/legacy-session.ts";
import {
  lmHashOf,
  ntHashOf,
  respondV1,
  respondV1Extended,
  respondV2,
  responseKeyV2,
} from "../src/ntlm/responses.ts";
import { ExtendedSession } from "../src/ntlm/session.ts";
import { keyExchangeKeyV1, sealKey, signKey } from "../src/ntlm/session-keys.ts";
import { hex, octets, repeat } from "./support.ts";

const randomSessionKey = repeat(0x55, 16);
const clientChallenge = repeat(0xaa, 8);
const serverChallenge = octets("0123456789abcdef");
const ntHash = ntHashOf("Password");
const lmHash = lmHashOf("Password");
const plaintext = octets("50006c00610069006e007400650078007400");
const all = { start: 0, end: plaintext.length };
const version = octets("0501280a0000000f");

const flagsV1 = 0xe2028233;
const flagsV1Extended = 0x820a8233;
const flagsV2 = 0xe28a8233;

test("hashes of a password: LMOWFv1 and NTOWFv1 (4.2.2.1)", () => {
  expect(hex(lmHash ?? new Uint8Array())).toBe("e52cac67419a9a224a3b108f3fa6cb6d");
  expect(hex(ntHash)).toBe("a4f49c406510bdcab6824ee7c30fd852");
});

test("NTLM v1: responses and session base key (4.2.2.1.3, 4.2.2.2)", () => {
  const { nt, lm, sessionBaseKey } = respondV1(ntHash, lmHash, serverChallenge);
  expect(hex(sessionBaseKey)).toBe("d87262b0cde4b1cb7499becccdf10784");
  expect(hex(nt)).toBe("67c43011f30298a2ad35ece64f16331c44bdbed927841f94");
  expect(hex(lm)).toBe("98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13");
});

test("NTLM v1 without an LM hash sends the NT response twice", () => {
  const { nt, lm } = respondV1(ntHash, null, serverChallenge);
  expect(hex(lm)).toBe(hex(nt));
});

test("NTLM v1: the session key under each key exchange key (4.2.2.2.2, 4.2.2.2.3)", () => {
  const responses = respondV1(ntHash, lmHash, serverChallenge);
  const encrypted = (more: number): string => {
    const key = keyExchangeKeyV1(join(flagsV1, more), responses, serverChallenge, lmHash);
    return hex(rc4(key, randomSessionKey));
  };
  const lmKey = keyExchangeKeyV1(join(flagsV1, flags.lmKey), responses, serverChallenge, lmHash);
  expect(hex(lmKey)).toBe("b09e379f7fbecb1eaf0afdcb0383c8a0");
  expect(encrypted(0)).toBe("518822b1b3f350c8958682ecbb3e3cb7");
  expect(encrypted(flags.nonNtSessionKey)).toBe("7452ca55c225a1ca04b48fae32cf56fc");
  expect(encrypted(flags.lmKey)).toBe("4cd7bb57d697ef9b549f02b8f9b37864");
});

const challengeHead = `4e544c4d53535000 02000000 0c000c00 38000000`;

test("NTLM v1: CHALLENGE_MESSAGE (4.2.2.3)", () => {
  const message = octets(
    `${challengeHead} 338202e2 0123456789abcdef 0000000000000000 0000000000000000
     060070170000000f 530065007200760065007200`,
  );
  const read = readChallenge(message);
  expect(read).toMatchObject({ flags: flagsV1, targetInfo: new Uint8Array(0) });
  expect(hex(read.serverChallenge)).toBe(hex(serverChallenge));
  expect(hex(read.version)).toBe("060070170000000f");
});

test("NTLM v1: AUTHENTICATE_MESSAGE, written and read (4.2.2.3)", () => {
  const { nt, lm, sessionBaseKey } = respondV1(ntHash, lmHash, serverChallenge);
  const message = writeAuthenticate({
    flags: 0xe2808235,
    lmResponse: lm,
    ntResponse: nt,
    domain: "Domain",
    user: "User",
    workstation: "COMPUTER",
    encryptedSessionKey: rc4(sessionBaseKey, randomSessionKey),
    version,
    mic: null,
  });
  expect(hex(message)).toBe(
    hex(
      octets(`4e544c4d53535000 03000000 18001800 6c000000 18001800 84000000 0c000c00 48000000
      08000800 54000000 10001000 5c000000 10001000 9c000000 358280e2 0501280a0000000f
      44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
      98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13
      67c43011f30298a2ad35ece64f16331c44bdbed927841f94 518822b1b3f350c8958682ecbb3e3cb7`),
    ),
  );
  expect(readAuthenticate(message)).toMatchObject({ user: "User", domain: "Domain", mic: null });
});

test("NTLM v1: a sealed message without extended session security (4.2.2.4)", () => {
  const session = new LegacySession(flagsV1, randomSessionKey);
  const message = Uint8Array.from(plaintext);
  const signature = session.seal(message, all);
  expect(hex(message)).toBe("56fe04d861f9319af0d7238a2e3b4d457fb8");
  expect(hex(signature)).toBe("0100000045c844e509dcd1df2e459d36");
});

test("NTLM v1 with client challenge: responses and key exchange key (4.2.3.1, 4.2.3.2)", () => {
  const responses = respondV1Extended(ntHash, serverChallenge, clientChallenge);
  expect(hex(responses.nt)).toBe("7537f803ae367128ca458204bde7caf81e97ed2683267232");
  expect(hex(responses.lm)).toBe("aaaaaaaaaaaaaaaa00000000000000000000000000000000");
  const key = keyExchangeKeyV1(flagsV1Extended, responses, serverChallenge, null);
  expect(hex(key)).toBe("eb93429a8bd952f8b89c55b87f475edc");
});

test("NTLM v1 with client challenge: AUTHENTICATE_MESSAGE (4.2.3.3)", () => {
  const { nt, lm } = respondV1Extended(ntHash, serverChallenge, clientChallenge);
  const message = writeAuthenticate({
    flags: 0x82088235,
    lmResponse: lm,
    ntResponse: nt,
    domain: "Domain",
    user: "User",
    workstation: "COMPUTER",
    encryptedSessionKey: new Uint8Array(0),
    version,
    mic: null,
  });
  expect(hex(message)).toBe(
    hex(
      octets(`4e544c4d53535000 03000000 18001800 6c000000 18001800 84000000 0c000c00 48000000
      08000800 54000000 10001000 5c000000 00000000 9c000000 35820882 0501280a0000000f
      44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
      aaaaaaaaaaaaaaaa00000000000000000000000000000000
      7537f803ae367128ca458204bde7caf81e97ed2683267232`),
    ),
  );
});

test("NTLM v1 with client challenge: 56-bit keys and a sealed message (4.2.3.4)", () => {
  const key = octets("eb93429a8bd952f8b89c55b87f475edc");
  expect(hex(sealKey(flagsV1Extended, key, "client"))).toBe("04dd7f014d8504d265a25cc86a3a7c06");
  expect(hex(signKey(key, "client"))).toBe("60e799be5c72fc92922ae8ebe961fb8d");
  const session = new ExtendedSession(flagsV1Extended, key, "client");
  const message = Uint8Array.from(plaintext);
  const signature = session.seal(message, all);
  expect(hex(message)).toBe("a02372f6530273f3aa1eb90190ce5200c99d");
  expect(hex(signature)).toBe("01000000ff2aeb52f681793a00000000");
});

const pairs = new Map([
  [avIds.nbDomainName, avOfText("Domain")],
  [avIds.nbComputerName, avOfText("Server")],
]);
const temp = writeClientChallenge({ time: new Uint8Array(8), challenge: clientChallenge, pairs });
const keyV2 = responseKeyV2(ntHash, "User", "Domain");
const responsesV2 = respondV2(keyV2, serverChallenge, clientChallenge, temp);

test("NTLM v2: response key, temp and session base key (4.2.4.1)", () => {
  expect(hex(keyV2)).toBe("0c868a403bfd7a93a3001ef22ef02e3f");
  expect(hex(temp)).toBe(
    hex(
      octets(`01010000 00000000 00000000 00000000 aaaaaaaaaaaaaaaa 00000000
      02000c00 44006f006d00610069006e00 01000c00 530065007200760065007200 00000000 00000000`),
    ),
  );
  expect(hex(responsesV2.sessionBaseKey)).toBe("8de40ccadbc14a82f15cb0ad0de95ca3");
});

test("NTLM v2: responses and encrypted session key (4.2.4.2)", () => {
  expect(hex(responsesV2.lm)).toBe("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
  expect(hex(responsesV2.nt.subarray(0, 16))).toBe("68cd0ab851e51c96aabc927bebef6a1c");
  expect(hex(rc4(responsesV2.sessionBaseKey, randomSessionKey))).toBe(
    "c5dad2544fc9799094ce1ce90bc9d03e",
  );
});

test("NTLM v2: CHALLENGE_MESSAGE, written and read (4.2.4.3)", () => {
  const expected = octets(
    `${challengeHead} 33828ae2 0123456789abcdef 0000000000000000 24002400 44000000
     060070170000000f 530065007200760065007200
     02000c00 44006f006d00610069006e00 01000c00 530065007200760065007200 00000000`,
  );
  const targetInfo = expected.slice(0x44);
  const message = writeChallenge({
    flags: flagsV2,
    targetName: "Server",
    serverChallenge,
    targetInfo,
    version: octets("060070170000000f"),
  });
  expect(hex(message)).toBe(hex(expected));
  expect(hex(readChallenge(message).targetInfo)).toBe(hex(targetInfo));
});

test("NTLM v2: AUTHENTICATE_MESSAGE (4.2.4.3)", () => {
  const message = writeAuthenticate({
    flags: 0xe2888235,
    lmResponse: responsesV2.lm,
    ntResponse: responsesV2.nt,
    domain: "Domain",
    user: "User",
    workstation: "COMPUTER",
    encryptedSessionKey: rc4(responsesV2.sessionBaseKey, randomSessionKey),
    version,
    mic: null,
  });
  expect(hex(message)).toBe(
    hex(
      octets(`4e544c4d53535000 03000000 18001800 6c000000 54005400 84000000 0c000c00 48000000
      08000800 54000000 10001000 5c000000 10001000 d8000000 358288e2 0501280a0000000f
      44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
      86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa
      68cd0ab851e51c96aabc927bebef6a1c
      01010000 00000000 00000000 00000000 aaaaaaaaaaaaaaaa 00000000
      02000c00 44006f006d00610069006e00 01000c00 530065007200760065007200 00000000 00000000
      c5dad2544fc9799094ce1ce90bc9d03e`),
    ),
  );
});

test("NTLM v2: keys and a sealed message (4.2.4.4)", () => {
  expect(hex(sealKey(flagsV2, randomSessionKey, "client"))).toBe(
    "59f600973cc4960a25480a7c196e4c58",
  );
  expect(hex(signKey(randomSessionKey, "client"))).toBe("4788dc861b4782f35d43fd98fe1a2d39");
  const session = new ExtendedSession(flagsV2, randomSessionKey, "client");
  const message = Uint8Array.from(plaintext);
  const signature = session.seal(message, all);
  expect(hex(message)).toBe("54e50165bf1936dc996020c1811b0f06fb5f");
  expect(hex(signature)).toBe("010000007fb38ec5c55d497600000000");
});

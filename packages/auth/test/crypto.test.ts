import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { md4 } from "../src/crypto/md4.ts";
import { crc32 } from "../src/crypto/crc32.ts";
import { MessageMac } from "../src/crypto/message-mac.ts";
import { Rc4, rc4 } from "../src/crypto/rc4.ts";
import { hex, octets, repeat } from "./support.ts";

const text = (value: string): Uint8Array => Buffer.from(value, "latin1");

test("MD4 gives the digests of RFC 1320", () => {
  const digits = "1234567890".repeat(8);
  const digests: readonly (readonly [message: string, digest: string])[] = [
    ["", "31d6cfe0d16ae931b73c59d7e0c089c0"],
    ["a", "bde52cb31de33e46245e05fbdbd6fb24"],
    ["abc", "a448017aaf21d8525fc10ae87aa6729d"],
    ["message digest", "d9130a8164549fe818874806e1c7014b"],
    ["abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9"],
    [digits, "e33b4ddc9c38f2199c3e7b164fcc0536"],
  ];
  for (const [message, digest] of digests) expect(hex(md4(text(message)))).toBe(digest);
});

test("MD4 pads messages on both sides of a block's end", () => {
  const all = [54, 55, 56, 63, 64, 65].map((length) => hex(md4(repeat(0x61, length))));
  expect(new Set(all).size).toBe(6);
});

test("RC4 gives the key stream of RFC 6229", () => {
  const stream = rc4(octets("0102030405060708090a0b0c0d0e0f10"), new Uint8Array(32));
  expect(hex(stream)).toBe("9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c");
});

test("RC4 goes on where it stopped", () => {
  const key = octets("0102030405");
  const whole = rc4(key, new Uint8Array(16));
  const cipher = new Rc4(key);
  const parts = [cipher.of(new Uint8Array(5)), cipher.of(new Uint8Array(11))];
  expect(hex(whole)).toBe(parts.map(hex).join(""));
  expect(hex(whole)).toBe("b2396305f03dc027ccc3524a0a1118a8");
});

test("RC4 takes no key without octets", () => {
  expect(() => new Rc4(new Uint8Array(0))).toThrow(RangeError);
});

test("a message's checksum begins as Node's HMAC of its number and the message", () => {
  for (const keyLength of [1, 16, 64]) {
    const key = repeat(keyLength, keyLength);
    const mac = new MessageMac(key);
    const lengths = [
      ...Array.from({ length: 200 }, (_, length) => length),
      1023,
      1024,
      1025,
      70_000,
    ];
    for (const length of lengths) {
      const number = (0xfffffffa + length) >>> 0;
      const message = Uint8Array.from({ length }, (_, at) => at * 7 + length);
      const head = new Uint8Array(4);
      new DataView(head.buffer).setUint32(0, number, true);
      const expected = createHmac("md5", key).update(head).update(message).digest("hex");
      expect(hex(mac.of(number, message))).toBe(expected.slice(0, 16));
    }
  }
});

test("CRC-32 gives its check value", () => {
  expect(hex(crc32(text("123456789")))).toBe("2639f4cb");
  expect(hex(crc32(new Uint8Array(0)))).toBe("00000000");
});

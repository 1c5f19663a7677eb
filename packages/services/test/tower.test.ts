/** Protocol towers as octets and as values. */
import { readTower, writeTower } from "@msrpc/dce-rpc";
import { NdrWriter } from "@msrpc/ndr";
import { fuzzDecoder, randomSource } from "@msrpc/ndr/testing";
import {
  decodeTower,
  encodeTower,
  type Floor,
  type ProtocolTower,
  TowerError,
  type TowerErrorCode,
} from "@msrpc/services";
import { expect, test } from "vitest";

const mapper = { uuid: "e1af8308-5d1f-11c9-91a4-08002b14a0fa", version: { major: 3, minor: 0 } };
const ndr = { uuid: "8a885d04-1ceb-11c9-9fe8-08002b104860", version: { major: 2, minor: 0 } };
/** The first two floors, as every implementation writes them. */
const syntaxes =
  "1300 0d 0883afe11f5dc91191a408002b14a0fa 0300 0200 0000" +
  "1300 0d 045d888aeb1cc9119fe808002b104860 0200 0200 0000";

function octets(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

function tower(...floors: Floor[]): ProtocolTower {
  return { interface: mapper, transferSyntax: ndr, floors };
}

const ncacn: Floor = { protocol: "ncacn", minorVersion: 0 };
const forms: Readonly<Record<string, readonly [string, readonly Floor[]]>> = {
  "TCP over IP": [
    `0500 ${syntaxes} 0100 0b 0200 0000 0100 07 0200 0087 0100 09 0400 c0000201`,
    [ncacn, { protocol: "tcp", port: 135 }, { protocol: "ip", address: "192.0.2.1" }],
  ],
  "UDP over IP": [
    `0500 ${syntaxes} 0100 0a 0200 0000 0100 08 0200 c001 0100 09 0400 00000000`,
    [
      { protocol: "ncadg", minorVersion: 0 },
      { protocol: "udp", port: 49153 },
      { protocol: "ip", address: "0.0.0.0" },
    ],
  ],
  HTTP: [
    `0500 ${syntaxes} 0100 0b 0200 0000 0100 1f 0200 0251 0100 09 0400 7f000001`,
    [ncacn, { protocol: "http", port: 593 }, { protocol: "ip", address: "127.0.0.1" }],
  ],
  "a named pipe": [
    `0500 ${syntaxes} 0100 0b 0200 0000 0100 0f 0600 5c7069706500 0100 11 0300 5c4100`,
    [ncacn, { protocol: "smb", name: "\\pipe" }, { protocol: "netbios", name: "\\A" }],
  ],
  "a local endpoint": [
    `0400 ${syntaxes} 0100 0c 0200 0000 0100 10 0400 45504d00`,
    [
      { protocol: "ncalrpc", minorVersion: 0 },
      { protocol: "pipe", name: "EPM" },
    ],
  ],
  "a Unix socket": [
    `0400 ${syntaxes} 0100 0b 0200 0000 0100 20 0300 2f7300`,
    [ncacn, { protocol: "unix", name: "/s" }],
  ],
  "protocols that nobody knows": [
    `0500 ${syntaxes} 0100 0b 0200 0000 0300 16 0102 0100 ff 0100 99 0000`,
    [
      ncacn,
      {
        protocol: "other",
        id: 0x16,
        related: Uint8Array.of(1, 2),
        address: Uint8Array.of(0xff),
      },
      { protocol: "other", id: 0x99, related: new Uint8Array(0), address: new Uint8Array(0) },
    ],
  ],
};

for (const [name, [hex, floors]] of Object.entries(forms)) {
  test(`a tower of ${name} is read and written to the octet`, () => {
    expect(decodeTower(octets(hex))).toEqual(tower(...floors));
    expect(encodeTower(tower(...floors))).toEqual(octets(hex));
  });
}

test("an empty name may stand without its NUL, as in a tower that asks", () => {
  const asked = octets(`0500 ${syntaxes} 0100 0b 0200 0000 0100 0f 0000 0100 11 0000`);
  expect(decodeTower(asked).floors.slice(1)).toEqual([
    { protocol: "smb", name: "" },
    { protocol: "netbios", name: "" },
  ]);
});

test("minor versions stand in the low octet first", () => {
  const { interface: target, floors } = decodeTower(
    octets(
      "0300 1300 0d 0883afe11f5dc91191a408002b14a0fa 0300 0200 0102" +
        "1300 0d 045d888aeb1cc9119fe808002b104860 0200 0200 0000 0100 0b 0200 0100",
    ),
  );
  expect(target.version).toEqual({ major: 3, minor: 0x201 });
  expect(floors).toEqual([{ protocol: "ncacn", minorVersion: 1 }]);
});

const refused: readonly (readonly [TowerErrorCode, string])[] = [
  ["too_short", ""],
  ["too_short", "05"],
  ["too_short", "0500"],
  ["too_short", `0500 ${syntaxes}`],
  ["too_short", `0300 ${syntaxes} ffff 0b`],
  ["too_short", `0300 ${syntaxes} 0100 0b ffff 00`],
  ["trailing_data", `0300 ${syntaxes} 0100 0b 0200 0000 00`],
  ["bad_floor_count", `0000`],
  ["bad_floor_count", `0200 ${syntaxes}`],
  ["bad_floor_count", `0700 ${syntaxes}`],
  ["bad_floor_count", `ffff ${syntaxes}`],
  ["bad_syntax_floor", `0300 0100 0b 0200 0000`],
  ["bad_syntax_floor", `0300 ${syntaxes.replace("0200 0000", "0100 00")}`],
  ["bad_floor", `0300 ${syntaxes} 0000 0000`],
  ["bad_floor", `0300 ${syntaxes} 0100 0b 0000`],
  ["bad_floor", `0300 ${syntaxes} 0200 0b00 0200 0000`],
  ["bad_floor", `0300 ${syntaxes} 0100 07 0400 00000087`],
  ["bad_floor", `0300 ${syntaxes} 0100 09 1000 00000000000000000000000000000001`],
  ["bad_floor", `0300 ${syntaxes} 0100 10 0200 4142`],
  ["bad_floor", `0300 ${syntaxes} 0100 10 0300 410042`],
  ["bad_floor", `0300 ${syntaxes} 0200 1000 0200 4100`],
  ["too_long", "00".repeat(2001)],
];

test.each(refused)("%s: %s", (code, hex) => {
  expect(() => decodeTower(octets(hex))).toThrow(TowerError);
  expect(() => decodeTower(octets(hex))).toThrow(expect.objectContaining({ code }));
});

const unwritable: readonly (readonly [TowerErrorCode, ProtocolTower])[] = [
  ["bad_value", tower(ncacn, { protocol: "ip", address: "::1" })],
  ["bad_value", tower(ncacn, { protocol: "ip", address: "192.0.2.256" })],
  ["bad_value", tower(ncacn, { protocol: "tcp", port: 65_536 })],
  ["bad_value", tower(ncacn, { protocol: "tcp", port: 1.5 })],
  ["bad_value", tower(ncacn, { protocol: "tcp", port: Number.NaN })],
  ["bad_value", tower(ncacn, { protocol: "smb", name: "a\0b" })],
  ["bad_value", tower(ncacn, { protocol: "smb", name: "€" })],
  ["bad_value", { ...tower(ncacn), interface: { ...mapper, uuid: "no" } }],
  ["bad_value", { ...tower(ncacn), interface: { ...mapper, version: { major: -1, minor: 0 } } }],
  ["too_long", tower(ncacn, { protocol: "smb", name: "x".repeat(2000) })],
  ["bad_floor_count", tower()],
  ["bad_floor_count", tower(ncacn, ncacn, ncacn, ncacn, ncacn)],
];

test.each(unwritable)("%s is thrown for a value that no tower carries: %j", (code, value) => {
  expect(() => encodeTower(value)).toThrow(expect.objectContaining({ name: "TowerError", code }));
});

test("what is read does not change with the octets it was read from", () => {
  const given = octets(forms["protocols that nobody knows"]?.[0] ?? "");
  const read = decodeTower(given);
  given.fill(0);
  expect(read).toEqual(tower(...(forms["protocols that nobody knows"]?.[1] ?? [])));
});

test("damaged and random octets are towers that are written the same, or a TowerError", () => {
  const next = randomSource(7);
  const samples = Object.values(forms).map(([hex]) => octets(hex));
  let accepted = 0;
  const codes = new Set<string>();
  for (let i = 0; i < 50_000; i++) {
    const damaged = Uint8Array.from(samples[i % samples.length] ?? []);
    for (let flips = next(4); flips >= 0; flips--) damaged[next(damaged.length)] = next(256);
    const stub = damaged.subarray(0, next(8) === 0 ? next(damaged.length) : damaged.length);
    try {
      const read = decodeTower(stub);
      // The NUL of an empty name is the one thing that may be missing.
      if (!read.floors.some((floor) => "name" in floor && floor.name === "")) {
        if (Buffer.compare(encodeTower(read), stub) !== 0) expect(encodeTower(read)).toEqual(stub);
      }
      accepted++;
    } catch (error) {
      if (!(error instanceof TowerError)) throw error;
      codes.add(error.code);
    }
  }
  expect(accepted).toBeGreaterThan(1000);
  expect([...codes].toSorted()).toEqual([
    "bad_floor",
    "bad_floor_count",
    "bad_syntax_floor",
    "too_short",
    "trailing_data",
  ]);
});

test("damaged towers in damaged stubs do no worse", () => {
  const samples = Object.values(forms).map(([hex]) => {
    const w = new NdrWriter({ syntax: "ndr" });
    writeTower(w, { octets: octets(hex) });
    return w.finish();
  });
  const report = fuzzDecoder(
    (r) => {
      const read = readTower(r);
      try {
        decodeTower(read.octets);
      } catch (error) {
        if (!(error instanceof TowerError)) throw error;
      }
    },
    samples,
    { cases: 20_000, operation: "tower" },
  );
  expect(report.accepted).toBeGreaterThan(1000);
});

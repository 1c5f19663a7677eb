/** Batches as octets ([MS-CMRP] 2.2.3.17), and octets that are none. */
import {
  type BatchCommand,
  BatchCommandType as Type,
  readBatch,
  writeBatch,
} from "@msrpc/cluster-data";
import { RegistryType } from "@msrpc/ms-cmrp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { octets as unhex } from "../../../test/support/hex.ts";
import { command } from "./registry-batch-support.ts";
import { keyAt, startCluster, statusOf } from "./registry-support.ts";

test("a batch is a version and commands, each aligned to two octets", () => {
  const batch = [
    command(Type.CreateKey, "A"),
    { type: Type.SetValue, valueType: RegistryType.Binary, name: "", data: Uint8Array.of(9) },
  ];
  const octets = unhex(
    "01000000" +
      "02000000 00000000 04000000 41000000 00000000" +
      "01000000 03000000 02000000 0000 01000000 0900",
  );
  expect(writeBatch(batch)).toEqual(octets);
  expect(readBatch(octets)).toEqual(batch);
});

test.each([
  ["nothing", []],
  ["no command", [1, 0, 0, 0]],
  ["another version", [2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["an unknown command", [1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["a name without a zero", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0]],
  ["a name of no octets", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["a name of an odd size", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [
    "a zero within a name",
    [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ],
  [
    "data that does not end",
    [1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 255, 255, 255, 255],
  ],
  ["no padding", [1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9]],
])("octets with %s are no batch", async (_, octets) => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const data = Uint8Array.from(octets);
  expect(await statusOf(client.executeBatch({ key: app, data }))).toBe("ERROR_INVALID_DATA");
  expect(await statusOf(client.executeReadBatch({ key: app, inData: data }))).toBe(
    "ERROR_INVALID_DATA",
  );
});

const someCommand: fc.Arbitrary<BatchCommand> = fc.record({
  type: fc.constantFrom(...Object.values(Type)),
  valueType: fc.nat(0xffff_ffff),
  name: fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "x")),
  data: fc.uint8Array({ maxLength: 9 }),
});

test("what is written is read again, and any part of it is refused or another batch", () => {
  fc.assert(
    fc.property(fc.array(someCommand, { minLength: 1, maxLength: 4 }), fc.nat(), (batch, cut) => {
      const octets = writeBatch(batch);
      expect(readBatch(octets)).toEqual(batch);
      const part = octets.subarray(0, cut % octets.length);
      try {
        expect(writeBatch(readBatch(part))).toEqual(part);
      } catch (error) {
        expect(error).toMatchObject({ name: "BatchError" });
      }
    }),
  );
});

test("any octets are a batch or are refused", () => {
  fc.assert(
    fc.property(
      fc.array(someCommand, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (batch, changes) => {
        const octets = writeBatch(batch);
        for (const [at, octet] of changes) octets[at % octets.length] = octet;
        try {
          expect(writeBatch(readBatch(octets)).length).toBe(octets.length);
        } catch (error) {
          expect(error).toMatchObject({ name: "BatchError" });
        }
      },
    ),
  );
});

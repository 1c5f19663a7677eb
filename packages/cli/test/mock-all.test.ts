import { readFileSync, readdirSync } from "node:fs";
import {
  decodeStub,
  drawCall,
  encodeStub,
  seededChoices,
  statusName,
  type StructValue,
  type Value,
} from "@msrpc/wire";
import { expect, test } from "vitest";
import { Interfaces } from "../src/capture/interfaces.ts";
import { openPlans } from "../src/find.ts";
import { answerTo } from "../src/mock/answer.ts";
import { memoryIo } from "./memory-io.ts";

const idl = new URL("../../../idl/", import.meta.url).pathname;
const names = readdirSync(idl, { recursive: true, encoding: "utf8" });
const files = Object.fromEntries(
  names
    .filter((file) => /\.(?:idl|json)$/.test(file))
    .map((file) => [file, readFileSync(`${idl}${file}`, "utf8")]),
);
// IUnknown has nothing that is sent.
const served = Object.keys(files).filter(
  (file) => /^interface\b/m.test(files[file] ?? "") && file !== "ms-dcom/unknown.idl",
);

test.each(served.filter((file) => file.endsWith(".idl")))(
  "every operation of %s is answered with what can be sent, statuses 0",
  (file) => {
    const plans = openPlans(memoryIo(files), [file], {}) ?? [];
    const interfaces = new Interfaces(plans);
    const [one] = interfaces;
    expect(one).toBeDefined();
    const choices = seededChoices(1);
    let answered = 0;
    for (const { opnum, form } of one?.interface.operations ?? []) {
      if (one === undefined || form === "absent") continue;
      const found = interfaces.operation(one.interface, opnum);
      if (found === null) throw new Error(`opnum ${opnum} is not there`);
      const { plan, operation, statuses } = found;
      const { request } = drawCall(plan, operation, choices);
      const response = answerTo(found, request, choices, { script: null, isStrict: false });
      for (const member of statuses.members) {
        expect([operation.name, member, Number(response[member])]).toEqual([
          operation.name,
          member,
          0,
        ]);
      }
      for (const syntax of ["ndr", "ndr64"] as const) {
        const stub = encodeStub(plan, operation, "out", response, { syntax, request });
        const { fault, trailing } = decodeStub(plan, operation, "out", stub, { syntax, request });
        expect([operation.name, fault, trailing]).toEqual([operation.name, null, 0]);
      }
      answered++;
    }
    expect(answered).toBeGreaterThan(0);
  },
);

test("SIDs of answers are such that clients can have them as text", () => {
  const plans = openPlans(memoryIo(files), ["ms-lsad/lsarpc.idl"], {}) ?? [];
  const interfaces = new Interfaces(plans);
  const choices = seededChoices(1);
  const sids: StructValue[] = [];
  const visit = (value: Value): void => {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
    if (!Array.isArray(value) && "SubAuthority" in value) sids.push(value);
    Object.values(value).forEach(visit);
  };
  for (const one of interfaces) {
    for (const { opnum, form } of one.interface.operations) {
      const found = form === "absent" ? null : interfaces.operation(one.interface, opnum);
      if (found === null) continue;
      const { request } = drawCall(found.plan, found.operation, choices);
      visit(answerTo(found, request, choices, { script: null, isStrict: false }));
    }
  }
  expect(sids.length).toBeGreaterThan(10);
  expect(new Set(sids.map(({ Revision }) => Revision))).toEqual(new Set([1]));
  expect(Math.max(...sids.map(({ SubAuthorityCount }) => Number(SubAuthorityCount)))).toBeLessThan(
    16,
  );
});

test("names of statuses are found whatever their sign", () => {
  const table = { numbers: { BAD: 0xc0000022 }, members: [] };
  expect(statusName(table, -1073741790)).toBe("BAD");
  expect(statusName(table, 0xc0000022)).toBe("BAD");
  expect(statusName(table, 1)).toBeUndefined();
});

/** Control codes with any input and any room, before the server is an active node, and in version 2.0. */
import { writePropertyList } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { allCodes } from "../src/control/all-codes.ts";
import { control } from "../src/control/dispatch.ts";
import { serverStateFor } from "../src/control/operations.ts";
import { commonSchemas } from "../src/property/common-schemas.ts";
import type { SubjectKind } from "../src/property/subject.ts";
import { dword, refusal, subjectOf, sz } from "./control-support.ts";
import { startCluster, statusOf, utf16 } from "./registry-support.ts";

const kinds = Object.keys(commonSchemas) as SubjectKind[];
const machine = { osName: "", osVersion: "", environment: {}, isDirectory: () => false };

/** Numbers below `bound`, the same ones for the same seed. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Inputs that codes take, to be damaged. */
const inputs: readonly Uint8Array[] = [
  new Uint8Array(0),
  new Uint8Array([1, 0, 0, 0]),
  utf16("Software\\Example"),
  utf16("1\\Provider\\Container"),
  writePropertyList([
    { name: "Description", value: sz("text") },
    { name: "Priority", value: dword(1) },
  ]),
  writePropertyList([{ name: "SharePath", value: sz("\\\\files\\share") }]),
];

test.each(kinds)(
  "a %s answers any input with a status, and no more than there is room for",
  (kind) => {
    const started = startCluster();
    const subject = subjectOf(started, kind);
    const next = numbers(kinds.indexOf(kind) + 1);
    let answered = 0;
    for (const code of allCodes[kind]) {
      for (let turn = 0; turn < 40; turn++) {
        const inBuffer = inputs[next(inputs.length)]?.slice() ?? null;
        if (inBuffer !== null) {
          for (let flips = next(3); flips > 0; flips--) inBuffer[next(inBuffer.length)] = next(256);
        }
        const outBufferSize = next(2) === 0 ? next(64) : next(65_536);
        const request = { controlCode: code.value, inBuffer, outBufferSize };
        try {
          const { outBuffer } = control(started.cluster, subject, request, { version: 3, machine });
          expect(outBuffer.length).toBeLessThanOrEqual(outBufferSize);
          answered++;
        } catch (error) {
          expect(error).toBeInstanceOf(RpcError);
        }
      }
    }
    expect(answered).toBeGreaterThan(7 * allCodes[kind].length);
  },
);

test.each(kinds)("in version 2.0 a %s knows no code that came later", (kind) => {
  const started = startCluster();
  const subject = subjectOf(started, kind);
  for (const { value, since } of allCodes[kind]) {
    if (since === 2) continue;
    const request = { controlCode: value, inBuffer: null, outBufferSize: 65_536 };
    const surroundings = { version: 2, machine };
    expect(refusal(() => control(started.cluster, subject, request, surroundings))).toBe(
      Status.ERROR_INVALID_FUNCTION,
    );
  }
});

test("a server that is no active node takes the codes that its state allows", async () => {
  let state: "readOnly" | "readWrite" = "readWrite";
  const { client } = startCluster({}, { serverState: () => state });
  await using group = await client.openGroup({ groupName: "Cluster Group" });
  state = "readOnly";
  for (const { value, serverState } of allCodes.group) {
    const request = { group, controlCode: value, inBuffer: null, outBufferSize: 65_536 };
    const status = await statusOf(client.groupControl(request));
    if (serverState === "readWrite") expect(status).toBe("ERROR_SHARING_PAUSED");
    else expect(status).not.toBe("ERROR_SHARING_PAUSED");
  }
  state = "readWrite";
});

test("a code that nobody knows needs the state of its bit", () => {
  expect(serverStateFor(77, 0x0300_ffff)).toBe("readOnly");
  expect(serverStateFor(77, 0x0340_ffff)).toBe("readWrite");
});

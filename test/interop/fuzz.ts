// A million damaged stubs: every generated decoder answers each with a value or a named error, soon and in little memory.
import { NdrError, NdrReader } from "@msrpc/ndr";
import type { AnyOperation } from "@msrpc/rpc";
import { generatedInterfaces, type GeneratedInterface } from "./support/generated.ts";
import { Random } from "./support/random.ts";
import { check, demand, expectNone } from "./support/report.ts";
import { callsOf, type Call } from "./support/stubs.ts";

const cases = 1_000_000;
/** Sets of values for each operation, each in every syntax and byte order. */
const rounds = 2;
/** What one decoding may take, a garbage collection included. */
const slowest = 500;
/** How far the heap may grow over what it was before: stubs are of a few hundred bytes. */
const growth = 256 * 2 ** 20;

interface Subject {
  readonly call: Call;
  readonly operation: AnyOperation;
  readonly direction: "request" | "response";
  /** What a response is read in the light of. */
  readonly request: object;
}

function subjectsOf(found: GeneratedInterface): Subject[] {
  const subjects: Subject[] = [];
  for (const call of callsOf(found.plan, found.interface, rounds)) {
    const operation = found.operations.get(call.operation.opnum);
    if (operation === undefined) throw new Error(`${found.name}: no opnum ${call.operation.opnum}`);
    const request = operation.decodeRequest(reader(call, operation, "request", call.request));
    for (const direction of ["request", "response"] as const) {
      subjects.push({ call, operation, direction, request });
    }
  }
  return subjects;
}

function reader(
  { form }: Call,
  { name }: AnyOperation,
  direction: string,
  bytes: Uint8Array,
): NdrReader {
  const r = new NdrReader(bytes, {
    syntax: form.syntax,
    byteOrder: form.bigEndian ? "big" : "little",
  });
  r.operation = `${name} ${direction}`;
  return r;
}

/** Counts and ids that ask for much. */
const bigNumbers = [0xffff_ffff, 0x7fff_ffff, 0x8000_0000, 0x0100_0000, 0x0001_0000, 0xff, 0];

function damage(random: Random, bytes: Uint8Array): Uint8Array {
  switch (random.between(0, 4)) {
    case 0:
      return bytes.slice(0, random.between(0, bytes.length));
    case 1: {
      const flipped = bytes.slice();
      for (let left = random.between(1, 4); left > 0 && flipped.length > 0; left--) {
        const at = random.between(0, flipped.length - 1);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << random.between(0, 7));
      }
      return flipped;
    }
    case 2: {
      const counted = bytes.slice();
      const words = counted.length >> 2;
      if (words === 0) return counted;
      const at = random.between(0, words - 1) * 4;
      new DataView(counted.buffer).setUint32(at, random.pick(bigNumbers), random.chance(2));
      return counted;
    }
    case 3:
      return random.bytes(random.between(0, 200));
    default: {
      const cut = random.between(0, bytes.length);
      const more = random.bytes(random.between(0, 64));
      return new Uint8Array([...bytes.subarray(0, cut), ...more, ...bytes.subarray(cut)]);
    }
  }
}

/** What is wrong with how a decoder took it; null for nothing. */
function decode(subject: Subject, bytes: Uint8Array): string | null {
  const { call, operation, direction, request } = subject;
  const r = reader(call, operation, direction, bytes);
  const start = performance.now();
  try {
    if (direction === "request") operation.decodeRequest(r);
    else operation.decodeResponse(r, request);
    r.end();
  } catch (error) {
    if (!(error instanceof NdrError)) return `threw ${String(error)}`;
    if (error.code !== "trailing_data" && error.path === "") return `no path: ${error.message}`;
    if (error.operation !== r.operation) return `no operation: ${error.message}`;
    if (error.offset < 0 || error.offset > bytes.length + 8) return `no offset: ${error.message}`;
  }
  const took = performance.now() - start;
  return took > slowest ? `took ${took.toFixed(0)} ms` : null;
}

const subjects: Subject[] = [];

await check("undamaged stubs are read", () => {
  const findings: string[] = [];
  for (const found of generatedInterfaces()) subjects.push(...subjectsOf(found));
  for (const subject of subjects) {
    const { call, operation, direction, request } = subject;
    const r = reader(call, operation, direction, call[direction]);
    try {
      if (direction === "request") operation.decodeRequest(r);
      else operation.decodeResponse(r, request);
      r.end();
    } catch (error) {
      findings.push(String(error));
    }
  }
  expectNone(findings);
  return `${subjects.length} stubs`;
});

await check("damaged stubs give a value or a named error", () => {
  const random = new Random(20_260);
  const before = process.memoryUsage().heapUsed;
  const findings: string[] = [];
  let peak = before;
  for (let count = 0; count < cases; count++) {
    const subject = random.pick(subjects);
    const bytes = damage(random, subject.call[subject.direction]);
    const found = decode(subject, bytes);
    if (found !== null) {
      const name = `${subject.operation.name} ${subject.direction}`;
      findings.push(`${name}: ${found}; ${subject.call.form.syntax} ${hex(bytes)}`);
    }
    if (count % 1024 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
  }
  expectNone(findings);
  demand(peak - before < growth, `the heap grew by ${((peak - before) / 2 ** 20).toFixed(0)} MiB`);
  return `${cases} cases, the heap never ${((peak - before) / 2 ** 20).toFixed(0)} MiB over its start`;
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

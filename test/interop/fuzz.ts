// A million damaged stubs: every generated decoder answers each with a value or a named error, soon and in little memory.
import * as dceRpc from "@msrpc/dce-rpc";
import * as epm from "@msrpc/dce-rpc/epm";
import * as clusapi2 from "@msrpc/ms-cmrp/clusapi2";
import * as clusapi3 from "@msrpc/ms-cmrp/clusapi3";
import * as msDtyp from "@msrpc/ms-dtyp";
import { NdrError, NdrReader } from "@msrpc/ndr";
import { generatedInterfaces, type GeneratedInterface } from "../support/generated.ts";
import { Random } from "./support/random.ts";
import { check, demand, expectNone } from "./support/report.ts";
import { callsOf, formName, forms, type Form } from "../support/stubs.ts";

const cases = 1_000_000;
/** Sets of values for each operation, each in every syntax and byte order. */
const rounds = 2;
/** What one decoding may take in milliseconds, a garbage collection included. */
const slowest = 500;
/** How far the heap may grow over what it was before: stubs are of a few hundred bytes. */
const growth = 256 * 2 ** 20;

interface Subject {
  /** Of the decoder; errors have to carry it. */
  readonly name: string;
  readonly form: Form;
  /** What it reads without complaint, or at least goes some way into. */
  readonly bytes: Uint8Array;
  read(r: NdrReader): void;
}

/** Requests and responses of an interface, as they should be. */
function messagesOf(found: GeneratedInterface): Subject[] {
  return [...callsOf(found.plan, found.interface, rounds)].flatMap((call) => {
    const { form } = call;
    const operation = found.operations.get(call.operation.opnum);
    if (operation === undefined) throw new Error(`${found.name}: no opnum ${call.operation.opnum}`);
    const request = operation.decodeRequest(readerOf(form, call.request));
    const name = `${found.name} ${operation.name}`;
    return [
      {
        name: `${name} request`,
        form,
        bytes: call.request,
        read: (r: NdrReader) => void operation.decodeRequest(r),
      },
      {
        name: `${name} response`,
        form,
        bytes: call.response,
        read: (r: NdrReader) => void operation.decodeResponse(r, request),
      },
    ];
  });
}

/** Numbers as counts and referent ids are, and as they are not. */
const smallWords = [0, 0, 1, 1, 2, 3, 4, 8, 0x2_0000, 0x2_0004, 0xffff_ffff];

/** The readers of structures and unions, by themselves, each over words that could be counts and ids. */
function typesOf(module: Readonly<Record<string, unknown>>, random: Random): Subject[] {
  return Object.entries(module).flatMap(([name, read]) => {
    if (!/^read[A-Z]/.test(name) || name.endsWith("Targets") || typeof read !== "function")
      return [];
    const targets = module[`${name}Targets`];
    return forms.map((form) => ({
      name,
      form,
      bytes: wordsOf(random, 24),
      read(r: NdrReader) {
        const value: unknown = read(r);
        if (typeof targets === "function") targets(r, value);
      },
    }));
  });
}

function wordsOf(random: Random, count: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(count * 4));
  const isLittle = random.chance(2);
  for (let at = 0; at < count; at++) view.setUint32(at * 4, random.pick(smallWords), isLittle);
  return new Uint8Array(view.buffer);
}

function readerOf({ syntax, bigEndian }: Form, bytes: Uint8Array): NdrReader {
  return new NdrReader(bytes, { syntax, byteOrder: bigEndian ? "big" : "little" });
}

/** Counts and ids that ask for much. */
const bigWords = [0xffff_ffff, 0x7fff_ffff, 0x8000_0000, 0x0100_0000, 0x0001_0000, 0xff, 0];

function damage(random: Random, bytes: Uint8Array): Uint8Array {
  switch (random.between(0, 5)) {
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
      new DataView(counted.buffer).setUint32(at, random.pick(bigWords), random.chance(2));
      return counted;
    }
    case 3:
      return random.bytes(random.between(0, 200));
    case 4:
      return wordsOf(random, random.between(0, 50));
    default: {
      const cut = random.between(0, bytes.length);
      const more = random.bytes(random.between(0, 64));
      return new Uint8Array([...bytes.subarray(0, cut), ...more, ...bytes.subarray(cut)]);
    }
  }
}

/** What is wrong with how a decoder took it; null for nothing. */
function decode(subject: Subject, bytes: Uint8Array): string | null {
  const r = readerOf(subject.form, bytes);
  r.operation = subject.name;
  const start = performance.now();
  try {
    subject.read(r);
    r.end();
  } catch (error) {
    if (!(error instanceof NdrError)) return `threw ${String(error)}`;
    if (error.code !== "trailing_data" && error.path === "") return `no path: ${error.message}`;
    if (error.operation !== subject.name) return `no operation: ${error.message}`;
    if (error.offset < 0 || error.offset > bytes.length + 8) return `no offset: ${error.message}`;
  }
  const took = performance.now() - start;
  return took > slowest ? `took ${took.toFixed(0)} ms` : null;
}

const random = new Random(20_260);
const messages: Subject[] = [];

await check("undamaged stubs are read", () => {
  for (const found of generatedInterfaces()) messages.push(...messagesOf(found));
  const findings = messages.flatMap(({ name, form, bytes, read }) => {
    try {
      const r = readerOf(form, bytes);
      read(r);
      r.end();
      return [];
    } catch (error) {
      return [`${name}: ${String(error)}`];
    }
  });
  expectNone(findings);
  return `${messages.length} stubs`;
});

await check("damaged stubs give a value or a named error", () => {
  const modules = [clusapi2, clusapi3, dceRpc, epm, msDtyp];
  const types = modules.flatMap((module) => typesOf({ ...module }, random));
  const decoders = new Set([...messages, ...types].map(({ name }) => name));
  const before = process.memoryUsage().heapUsed;
  const findings: string[] = [];
  let peak = before;
  for (let count = 0; count < cases; count++) {
    const subject = random.pick(random.chance(5) ? types : messages);
    const bytes = damage(random, subject.bytes);
    const found = decode(subject, bytes);
    if (found !== null) {
      const hex = Buffer.from(bytes).toString("hex");
      findings.push(`${subject.name}: ${found}; ${formName(subject.form)} ${hex}`);
    }
    if (count % 1024 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
  }
  expectNone(findings);
  const grown = Math.ceil((peak - before) / 2 ** 20);
  demand(peak - before < growth, `the heap grew by ${grown} MiB`);
  return `${cases} cases, ${decoders.size} decoders, the heap at most ${grown} MiB over its start`;
});

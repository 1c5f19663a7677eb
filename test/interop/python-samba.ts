// Structures and calls that python3-samba packs: ours are the same to the byte, and read the same.
import { isDeepStrictEqual } from "node:util";
import {
  decodeStub,
  decodeValue,
  encodeStub,
  encodeValue,
  type Decoded,
  type WireType,
} from "@msrpc/wire";
import { hex } from "../support/hex.ts";
import { recode } from "./samba/codec.ts";
import { twinFiles, type Twin } from "./samba/twin.ts";
import { twins } from "./samba/twins.ts";
import { run } from "./support/command.ts";
import { planOf, type PlannedFile } from "../support/own-idl.ts";
import { needPackages } from "./support/packages.ts";
import { check, expectNone } from "./support/report.ts";
import { formName, forms, type Form } from "../support/stubs.ts";

const script = new URL("samba/pack.py", import.meta.url).pathname;
const twinFolder = new URL("samba/", import.meta.url);

function packAll(jobs: readonly { twin: Twin; form: Form }[]): string[] {
  needPackages("python3-samba");
  const input = jobs.map(({ twin: { code, what }, form }) => ({
    code,
    what,
    bigEndian: form.bigEndian,
    ndr64: form.syntax === "ndr64",
  }));
  const options = { input: JSON.stringify(input), seconds: 60 };
  return JSON.parse(run("/usr/bin/python3", [script], options)) as string[];
}

const files = new Map(
  Object.entries(twinFiles).map(([name, path]) => [name, planOf(path, twinFolder)]),
);

function fileOf({ file }: Twin): PlannedFile {
  const found = files.get(file);
  if (found === undefined) throw new Error(`no file ${file}`);
  return found;
}

/** Our encoding of a twin, and our reading of Samba's. */
interface TwinCodec {
  encode(): Uint8Array;
  decode(bytes: Uint8Array): Decoded;
}

function codecOf(twin: Twin, form: Form): TwinCodec {
  const { plan, interface: found } = fileOf(twin);
  if (twin.what === "struct") {
    const type = typeNamed(plan.types, twin.symbol);
    return {
      encode: () => encodeValue(plan, type, twin.value, form),
      decode: (bytes: Uint8Array) => decodeValue(plan, type, bytes, form),
    };
  }
  const operation = found.operations.find(({ name }) => name === twin.symbol);
  if (operation === undefined) throw new Error(`no operation ${twin.symbol}`);
  const direction = twin.what;
  const options = { ...form, ...(twin.request === undefined ? {} : { request: twin.request }) };
  return {
    encode: () => encodeStub(plan, operation, direction, twin.value, options),
    decode: (bytes: Uint8Array) => decodeStub(plan, operation, direction, bytes, options),
  };
}

function typeNamed(types: PlannedFile["plan"]["types"], symbol: string): WireType {
  const found = Object.values(types).find(
    ({ name, aliases }) => name === symbol || aliases.includes(symbol),
  );
  if (found === undefined) throw new Error(`no type ${symbol}`);
  return { kind: "named", name: found.name };
}

/** Samba's reading of our call, as it encodes it again. A response is read in the light of the call's request. */
function throughSamba(ours: Uint8Array, twin: Twin, form: Form): string {
  const { module = "", opnum = 0 } = twin.fullPointers ?? {};
  const asked = twins.find(({ symbol, what }) => symbol === twin.symbol && what === "in");
  const request = twin.what === "in" ? ours : asked && codecOf(asked, form).encode();
  const job = { opnum, form, request: request ?? null };
  const [answer] = recode(module, [twin.what === "in" ? job : { ...job, response: ours }]);
  return answer?.bytes ?? answer?.error ?? "no answer";
}

const jobs = twins.flatMap((twin) =>
  (twin.what === "struct" ? forms.slice(0, 1) : forms).map((form) => ({ twin, form })),
);
let packed: string[] = [];
await check("python3-samba packs its side", () => {
  packed = packAll(jobs);
  return `${packed.length} encodings`;
});

/** How a form of a twin differs. */
function findings(twin: Twin, form: Form, theirs: string): string[] {
  const codec = codecOf(twin, form);
  const ours = codec.encode();
  const same = twin.fullPointers === undefined ? hex(ours) : throughSamba(ours, twin, form);
  if (same !== theirs) return [`ours ${same}, Samba's ${theirs}`];
  const { value, fault, trailing } = codec.decode(new Uint8Array(Buffer.from(theirs, "hex")));
  if (fault !== null) return [fault.message];
  if (trailing > 0) return [`${trailing} bytes left over`];
  return isDeepStrictEqual(value, twin.value) ? [] : [`read as ${show(value)}`];
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "bigint" ? `${part}n` : part,
  );
}

for (const twin of twins) {
  await check(twin.name, () => {
    const all: string[] = [];
    const unlike = twin.unlike ?? {};
    jobs.forEach(({ twin: other, form }, index) => {
      if (other !== twin) return;
      const name = formName(form);
      const found = findings(twin, form, packed[index] ?? "");
      if (unlike[name] === undefined) all.push(...found.map((line) => `${name}: ${line}`));
      else if (found.length === 0) all.push(`${name} is listed and deviates no more`);
    });
    expectNone(all);
    return Object.entries(unlike)
      .map(([name, reason]) => `not in ${name}: ${reason}`)
      .join("; ");
  });
}

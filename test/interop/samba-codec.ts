// The codec that Samba generates from its own clusapi IDL is an oracle: it reads the values that we wrote, and
// writes the same bytes.
import { buildSambaModule } from "./samba/build.ts";
import { NdrReader, NdrWriter } from "@msrpc/ndr";
import type { AnyOperation } from "@msrpc/rpc";
import type { ParamPlan } from "@msrpc/wire";
import { hex } from "../support/hex.ts";
import { recode, sambaOpnums, type Recoded } from "./samba/codec.ts";
import { differences } from "./samba/compare.ts";
import { readDeviations, type Direction } from "./samba/deviations.ts";
import { generatedInterfaces } from "../support/generated.ts";
import { planOf } from "../support/own-idl.ts";
import { check, expectNone } from "./support/report.ts";
import { callsOf, formName, forms, type Call, type Form } from "../support/stubs.ts";

const deviations = readDeviations();

/** Sets of values for each operation. */
const rounds = 12;

const { plan, interface: clusapi } = planOf("ms-cmrp/clusapi3.idl");
const specified = clusapi.operations.filter(({ form }) => form === "call");

let folder = "";
let known = new Set<number>();

await check("the generated codec writes the stubs that Samba is given", () => {
  const generated = generatedInterfaces().find(({ name }) => name === "clusapi3");
  const findings: string[] = [];
  let count = 0;
  for (const call of callsOf(plan, clusapi, rounds)) {
    const operation = generated?.operations.get(call.operation.opnum);
    if (operation === undefined) throw new Error(`no opnum ${call.operation.opnum} was generated`);
    const again = rewrite(operation, call);
    for (const direction of ["request", "response"] as const) {
      count++;
      const [ours, theirs] = [hex(again[direction]), hex(call[direction])];
      if (ours !== theirs) findings.push(`${operation.name} ${direction}: ${ours}, not ${theirs}`);
    }
  }
  expectNone(findings);
  return `${count} stubs`;
});

/** A call's stubs, read and written by generated code. */
function rewrite(
  operation: AnyOperation,
  { form, request, response }: Call,
): Record<Direction, Uint8Array> {
  const options = { syntax: form.syntax, byteOrder: form.bigEndian ? "big" : "little" } as const;
  const w = new NdrWriter(options);
  const asked = operation.decodeRequest(new NdrReader(request, options));
  operation.encodeRequest(w, asked);
  const ours = w.finish();
  const answered = operation.decodeResponse(new NdrReader(response, options), asked);
  operation.encodeResponse(w, answered, asked);
  return { request: ours, response: w.finish() };
}

await check("Samba's codec of clusapi builds", () => {
  folder = buildSambaModule("clusapi");
  known = new Set(sambaOpnums("clusapi", folder));
  const missing = specified.filter(({ opnum }) => !known.has(opnum)).map(({ opnum }) => opnum);
  const listed = deviations.missing.map(({ opnum }) => opnum);
  expectNone(missing.filter((n) => !listed.includes(n)).map((n) => `opnum ${n} is missing`));
  expectNone(
    listed.filter((n) => !missing.includes(n)).map((n) => `opnum ${n} is listed and there`),
  );
  return `${known.size} operations`;
});

/** Opnums whose stub in this direction Samba reads otherwise. */
function deviating(direction: Direction): Set<number> {
  return new Set(
    deviations.changed.filter((item) => item.direction === direction).map(({ opnum }) => opnum),
  );
}

/** Samba's Python module crashes when asked for what such a parameter points to. */
function isUnreadable({ type }: ParamPlan): boolean {
  const target = type.kind === "pointer" ? type.target : type;
  return target.kind === "pointer" && target.target.kind === "array";
}

function answersTo(calls: readonly Call[], direction: Direction): Recoded[] {
  const misread = deviating("request");
  const jobs = calls.map(({ operation: { opnum, params }, form, request, response }) =>
    direction === "request"
      ? { opnum, form, request }
      : {
          opnum,
          form,
          response,
          request: misread.has(opnum) ? null : request,
          skip: params.filter((param) => isUnreadable(param)).map(({ name }) => name),
        },
  );
  return recode("clusapi", jobs, folder);
}

/** What Samba makes of a stub of ours other than the same. */
function disagreement(call: Call, direction: Direction, answer: Recoded | undefined): string[] {
  const { error, bytes, values = {} } = answer ?? { error: "no answer" };
  if (error !== undefined) return [error];
  const ours = hex(call[direction]);
  if (bytes !== ours) return [`ours ${ours}, Samba's ${bytes}`];
  const skip = call.operation.params.filter((param) => isUnreadable(param));
  const value = direction === "request" ? call.requestValue : call.responseValue;
  const compared = Object.entries(value).filter(([name]) =>
    skip.every((param) => param.name !== name),
  );
  return differences(Object.fromEntries(compared), values);
}

function compare(form: Form, direction: Direction): string {
  const calls = [...callsOf(plan, clusapi, rounds, [form])].filter(({ operation }) =>
    known.has(operation.opnum),
  );
  const answers = answersTo(calls, direction);
  const listed = deviating(direction);
  const found = new Set<number>();
  const findings: string[] = [];
  calls.forEach((call, index) => {
    const { opnum, name } = call.operation;
    const lines = disagreement(call, direction, answers[index]);
    if (lines.length > 0) found.add(opnum);
    if (!listed.has(opnum)) findings.push(...lines.map((line) => `${opnum} ${name}: ${line}`));
  });
  for (const opnum of listed) {
    if (!found.has(opnum)) findings.push(`opnum ${opnum} is listed and deviates no more`);
  }
  expectNone(findings);
  const operations = calls.length / rounds;
  return `${calls.length} stubs of ${operations} operations, ${listed.size} with known deviations`;
}

for (const form of forms) {
  for (const direction of ["request", "response"] as const) {
    await check(`${formName(form)} ${direction}s: same values, same bytes`, () =>
      compare(form, direction),
    );
  }
}

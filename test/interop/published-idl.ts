// IDL of the Open Specifications as published, against the modules that python3-samba has for the same interfaces: what
// the plan interpreter writes, Samba reads and writes the same again.
//
// Samba's own IDL departs from the documents in many operations (other widths, structures that it takes apart, limits of
// its own). published-agreement.json lists the operations that agree; each has to go on doing so.
//   node --conditions=source test/interop/published-idl.ts --record    writes the list anew
import { readFileSync, writeFileSync } from "node:fs";
import { compile, lowerableCodes, type Host } from "@msrpc/idl";
import {
  encodeStub,
  plan,
  type InterfacePlan,
  type OperationPlan,
  type StructValue,
  type Value,
  type WirePlan,
} from "@msrpc/wire";
import * as fc from "fast-check";
import { calls } from "../support/call-values.ts";
import { formName, forms, type Form } from "../support/stubs.ts";
import { hex } from "../support/hex.ts";
import { recode, sambaOpnums, type RecodeJob } from "./samba/codec.ts";
import { publishedCorpus } from "./support/idl-of-others.ts";
import { check, expectNone, leftOut } from "./support/report.ts";

/** Files with an interface that python3-samba has a module for. */
const modules: Readonly<Record<string, string>> = {
  "ms-dfsnm.idl": "dfs",
  "ms-lsad.idl": "lsa",
  "ms-lsat.idl": "lsa",
  "ms-nrpc.idl": "netlogon",
  "ms-rrp.idl": "winreg",
  "ms-rsp_initshutdown.idl": "initshutdown",
  "ms-samr.idl": "samr",
  "ms-scmr.idl": "svcctl",
  "ms-srvs.idl": "srvsvc",
  "ms-swn.idl": "witness",
  "ms-tsch_atsvc.idl": "atsvc",
  "ms-wkst.idl": "wkssvc",
};
/** Sets of values for each operation. */
const rounds = 4;

const listPath = new URL("published-agreement.json", import.meta.url);
const isRecording = process.argv.includes("--record");
const published = publishedCorpus();

/** A string with its lengths in bytes, as Samba computes them from the text. */
function settle(value: Value): Value {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item: Value) => settle(item));
  const members = Object.entries(value).map(([name, member]) => [name, settle(member)] as const);
  const settled: StructValue = Object.fromEntries(members);
  const { Buffer: text, Length: length, MaximumLength: room } = settled;
  if (length === undefined || room === undefined || !Array.isArray(text)) return settled;
  const letters = text.map((unit) => 97 + (Number(unit) % 26));
  const bytes = letters.length * 2;
  return { ...settled, Buffer: letters, Length: bytes, MaximumLength: bytes };
}

interface Job extends RecodeJob {
  readonly what: string;
  readonly bytes: Uint8Array;
}

function jobsOf(types: WirePlan, operation: OperationPlan, form: Form): Job[] {
  const options = { seed: operation.opnum, numRuns: rounds };
  const { opnum, name } = operation;
  const skip = [...operation.params.map((param) => param.name), "result"];
  return fc.sample(calls(types, operation), options).flatMap((drawn) => {
    const [asked, answered] = [settle(drawn.request), settle(drawn.response)] as [
      StructValue,
      StructValue,
    ];
    const request = encodeStub(types, operation, "in", asked, form);
    const response = encodeStub(types, operation, "out", answered, { ...form, request: asked });
    const what = `${opnum} ${name}`;
    return [
      { what, opnum, form, skip, request, bytes: request },
      { what, opnum, form, skip, request, response, bytes: response },
    ];
  });
}

/** How operations disagree, by number and name; null for those that agree in everything. */
function compare(
  types: WirePlan,
  found: InterfacePlan,
  module: string,
): Map<string, string | null> {
  const known = new Set(sambaOpnums(module));
  const jobs = found.operations
    .filter(({ form, opnum }) => form === "call" && known.has(opnum))
    .flatMap((operation) => forms.flatMap((form) => jobsOf(types, operation, form)));
  const answers = recode(module, jobs);
  const results = new Map<string, string | null>();
  jobs.forEach(({ what, form, bytes }, at) => {
    const theirs = answers[at]?.bytes ?? answers[at]?.error ?? "no answer";
    const found = `${formName(form)}: ours ${hex(bytes)}, Samba's ${theirs}`;
    if (theirs !== hex(bytes)) results.set(what, found);
    else if (!results.has(what)) results.set(what, null);
  });
  return results;
}

function planOf(file: string, host: Host): WirePlan {
  const { program, diagnostics } = compile([file], host, { warn: lowerableCodes });
  expectNone(
    diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
  );
  return plan(program).plan;
}

if (published === null) {
  leftOut(
    "published IDL",
    "set OPENSPECS to a clone or bare repository of the documents' Markdown",
  );
} else {
  const listed = JSON.parse(readFileSync(listPath, "utf8")) as Record<string, string[]>;
  const recorded: Record<string, string[]> = {};
  for (const [file, module] of Object.entries(modules)) {
    await check(`${file} and Samba's ${module}`, () => {
      const types = planOf(file, published.host);
      const results = new Map(
        types.interfaces.flatMap((found) => [...compare(types, found, `samba.dcerpc.${module}`)]),
      );
      const agreeing = [...results].filter(([, found]) => found === null).map(([what]) => what);
      recorded[file] = agreeing;
      const wanted = isRecording ? agreeing : (listed[file] ?? []);
      expectNone(
        wanted
          .filter((what) => results.get(what) !== null)
          .map((what) => `${what}: ${results.get(what) ?? "not there"}`),
      );
      return `${wanted.length} of ${results.size} operations agree to the byte`;
    });
  }
  if (isRecording) writeFileSync(listPath, `${JSON.stringify(recorded, null, 2)}\n`);
}

// Samba's own IDL, in its own dialect: how much of it is read and planned, and whether what the plan interpreter writes is
// what the modules of python3-samba, which Samba's compiler made from it, read and write again.
//
// samba-idl.json says how many operations of each file are planned and which agree to the byte. What doesn't agree computes
// fields itself (`value`) or hangs on what the source has and the installed modules lack.
//   SAMBA=/path/to/samba node --conditions=source test/interop/samba-idl.ts --record    writes it anew
import { readFileSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { compile, type Host } from "@msrpc/idl";
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
import { hex } from "../support/hex.ts";
import { formName, forms, type Form } from "../support/stubs.ts";
import { recode, sambaOpnums, type RecodeJob } from "./samba/codec.ts";
import { run } from "./support/command.ts";
import { check, expectNone, leftOut } from "./support/report.ts";

const folder = "librpc/idl";
/** Files with an interface that python3-samba has a module for. */
const modules: readonly string[] = [
  "atsvc", "dfs", "dnsserver", "drsuapi", "echo", "epmapper", "initshutdown", "lsa", "mdssvc", "mgmt",
  "netlogon", "samr", "spoolss", "srvsvc", "svcctl", "winreg", "witness", "wkssvc",
]; // prettier-ignore
/** Sets of values for each operation. */
const rounds = 4;

interface Listed {
  /** Without errors, the least number of operations that are planned, of so many. */
  readonly files: Readonly<Record<string, readonly [planned: number, operations: number]>>;
  readonly agreeing: Readonly<Record<string, readonly string[]>>;
}

const listPath = new URL("samba-idl.json", import.meta.url);
const isRecording = process.argv.includes("--record");
const source = process.env["SAMBA"];

/** The files as the clone or bare repository has them at its head. */
function hostOf(repository: string): { readonly host: Host; readonly files: readonly string[] } {
  const git = [
    "--git-dir",
    run("git", ["-C", repository, "rev-parse", "--absolute-git-dir"]).trim(),
  ];
  const listed = run("git", [...git, "ls-tree", "--name-only", "HEAD", `${folder}/`]).split("\n");
  const files = listed.filter((file) => /\.(?:idl|h)$/.test(file));
  const texts = new Map(files.map((file) => [file, run("git", [...git, "show", `HEAD:${file}`])]));
  const resolve: Host["resolve"] = (from, path) => {
    const beside = posix.join(posix.dirname(from), path);
    return texts.has(beside) ? beside : null;
  };
  return {
    host: { read: (path) => texts.get(path) ?? null, resolve },
    files: files.filter((file) => file.endsWith(".idl")),
  };
}

/** Lengths that Samba computes from a text, in units of so many octets, with its terminator or without. */
const strings: Readonly<
  Record<string, readonly [length: string, size: string, unit: number, hasEnd: boolean]>
> = {
  lsa_String: ["length", "size", 2, false],
  lsa_StringLarge: ["length", "size", 2, false],
  lsa_AsciiString: ["length", "size", 1, false],
  lsa_AsciiStringLarge: ["length", "size", 1, false],
  winreg_String: ["name_len", "name_size", 2, true],
  winreg_StringBuf: ["length", "size", 2, true],
  winreg_ValNameBuf: ["length", "size", 2, true],
};

/** Strings as Samba has them, so that it writes again what it has read. */
function settle(type: string, value: StructValue): StructValue {
  const [length = "", size = "", unit = 0, hasEnd = false] = strings[type] ?? [];
  if (unit === 0) return value;
  const name = "string" in value ? "string" : "name";
  const text = value[name];
  const letters = Array.from(
    { length: (text as { length: number } | null)?.length ?? 0 },
    (_, i) => 97 + (i % 26),
  );
  if (typeof text === "string") {
    const octets = 2 * (letters.length + 1);
    return { ...value, [name]: String.fromCharCode(...letters), [length]: octets, [size]: octets };
  }
  if (text === null) return { ...value, [length]: 0, [size]: 0 };
  const units = hasEnd ? [...letters, 0] : letters;
  const octets = unit * units.length;
  const room = type.endsWith("Large") ? octets + unit : octets;
  const shown = unit === 1 ? Uint8Array.from(units) : units;
  return { ...value, [name]: shown, [length]: octets, [size]: room };
}

function wellFormed(value: Value): Value {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item: Value) => wellFormed(item));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, wellFormed(member)]),
  );
}

interface Job extends RecodeJob {
  readonly what: string;
  readonly bytes: Uint8Array;
}

function jobsOf(types: WirePlan, operation: OperationPlan, form: Form): Job[] {
  const { opnum, name } = operation;
  const skip = [...operation.params.map((param) => param.name), "result"];
  const values = calls(types, operation, { refine: settle });
  return fc.sample(values, { seed: opnum, numRuns: rounds }).flatMap((drawn) => {
    const [asked, answered] = [wellFormed(drawn.request), wellFormed(drawn.response)] as [
      StructValue,
      StructValue,
    ];
    const request = encodeStub(types, operation, "in", asked, form);
    const response = encodeStub(types, operation, "out", answered, { ...form, request: asked });
    return [
      { what: name, opnum, form, skip, request, bytes: request },
      { what: name, opnum, form, skip, request, response, bytes: response },
    ];
  });
}

/** How operations disagree, by name; null for those that agree in everything. */
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
    const problem = `${formName(form)}: ours ${hex(bytes)}, Samba's ${theirs}`;
    if (theirs !== hex(bytes)) results.set(what, problem);
    else if (!results.has(what)) results.set(what, null);
  });
  return results;
}

if (source === undefined) {
  leftOut("Samba's IDL", "set SAMBA to a clone or bare repository of its source");
} else {
  const { host, files } = hostOf(source);
  const listed = JSON.parse(readFileSync(listPath, "utf8")) as Listed;
  const counts: Record<string, readonly [number, number]> = {};
  const agreeing: Record<string, readonly string[]> = {};
  const plans = new Map<string, WirePlan>();
  await check("Samba's IDL is read, and planned as far as it maps to the wire", () => {
    for (const file of files) {
      const { program, diagnostics } = compile([file], host, { dialect: "pidl" });
      const planned = plan(program);
      const all = [...diagnostics, ...planned.diagnostics];
      if (all.some(({ severity }) => severity === "error")) continue;
      const operations = planned.plan.interfaces.flatMap((each) => each.operations);
      const name = posix.basename(file);
      counts[name] = [operations.filter(({ form }) => form === "call").length, operations.length];
      plans.set(name, planned.plan);
    }
    expectNone(
      Object.entries(listed.files)
        .filter(([name, [wanted]]) => (counts[name]?.[0] ?? -1) < wanted && !isRecording)
        .map(([name, [wanted]]) => `${name}: ${counts[name]?.[0] ?? "errors"} of ${wanted}`),
    );
    const sum = (at: 0 | 1): number => Object.values(counts).reduce((n, pair) => n + pair[at], 0);
    return `${plans.size} of ${files.length} files, ${sum(0)} of ${sum(1)} operations`;
  });
  for (const module of modules) {
    const types = plans.get(`${module}.idl`);
    if (types === undefined) continue;
    await check(`${module}.idl and Samba's ${module}`, () => {
      const own = types.interfaces.find(({ operations }) => operations.length > 0);
      const results = own === undefined ? new Map() : compare(types, own, `samba.dcerpc.${module}`);
      agreeing[module] = [...results]
        .filter(([, problem]) => problem === null)
        .map(([what]) => what);
      const wanted = isRecording ? agreeing[module] : (listed.agreeing[module] ?? []);
      expectNone(
        wanted
          .filter((what) => results.get(what) !== null)
          .map((what) => `${what}: ${results.get(what) ?? "not there"}`),
      );
      return `${wanted.length} of ${results.size} operations agree to the byte`;
    });
  }
  if (isRecording)
    writeFileSync(listPath, `${JSON.stringify({ files: counts, agreeing }, null, 2)}\n`);
}

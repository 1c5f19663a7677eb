// Samba's ndrdump decodes what we write, says of no byte that it is left over or amiss, and writes the same again.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { readDeviations, type Direction } from "./samba/deviations.ts";
import { planOf } from "../support/own-idl.ts";
import { needPackages } from "./support/packages.ts";
import { check, expectNone } from "./support/report.ts";
import { callsOf, formName, type Call, type Form } from "../support/stubs.ts";

/** ndrdump has no option for big-endian stubs. */
const forms: readonly Form[] = [
  { syntax: "ndr", bigEndian: false },
  { syntax: "ndr64", bigEndian: false },
];
/** Sets of values for each operation. */
const rounds = 2;

const deviations = readDeviations();
const { plan, interface: clusapi } = planOf("ms-cmrp/clusapi3.idl");
const folder = mkdtempSync(join(tmpdir(), "ndrdump-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Lines that say more than what was decoded; those of values are indented. */
const complaints = /^(?:WARNING|(?! ).*(?:returned (?!Success)|failed|FAILED))/;

/** What ndrdump prints of a stub; its exit code is 0 whatever happens. */
async function dump(args: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn("ndrdump", args, { timeout: 20_000 });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  }
  child.once("error", reject).once("close", () => resolve(text));
  return promise;
}

/** What ndrdump finds wrong, in its own words; null for nothing. */
async function fault(call: Call, direction: Direction, number: number): Promise<string | null> {
  const { operation, form, request, response } = call;
  const name = join(folder, String(number));
  writeFileSync(`${name}.in`, request);
  writeFileSync(`${name}.out`, response);
  const needsRequest = direction === "response" && !isDeviating(call, "request");
  const text = await dump([
    // --validate encodes without NDR64 whatever it decoded
    ...(form.syntax === "ndr64" ? ["--ndr64"] : ["--validate"]),
    ...(needsRequest ? ["-c", `${name}.in`] : []),
    "clusapi",
    String(operation.opnum),
    direction === "request" ? "in" : "out",
    `${name}.${direction === "request" ? "in" : "out"}`,
  ]);
  const complaint = text.split("\n").find((line) => complaints.test(line));
  if (complaint !== undefined) return complaint.trim();
  return /^dump OK$/m.test(text) ? null : (text.trim().split("\n").at(-1) ?? "no output");
}

function isDeviating({ operation: { opnum } }: Call, direction: Direction): boolean {
  return deviations.changed.some((item) => item.opnum === opnum && item.direction === direction);
}

async function dumpAll(form: Form, direction: Direction): Promise<string> {
  const calls = [...callsOf(plan, clusapi, rounds, [form])]
    .filter(({ operation }) => deviations.missing.every(({ opnum }) => opnum !== operation.opnum))
    .filter((call) => !isDeviating(call, direction));
  const findings: string[] = [];
  const queue = calls.entries();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (const [number, call] of queue) {
        const found = await fault(call, direction, number);
        const { opnum, name } = call.operation;
        if (found !== null) findings.push(`${opnum} ${name}: ${found}`);
      }
    }),
  );
  expectNone(findings);
  return `${calls.length} stubs of ${calls.length / rounds} operations`;
}

await check("ndrdump is installed", () => {
  needPackages("samba-testsuite");
  return "";
});
for (const form of forms) {
  const what = form.syntax === "ndr" ? "decode and encode to the same bytes" : "decode";
  for (const direction of ["request", "response"] as const) {
    await check(`${formName(form)} ${direction}s ${what}`, () => dumpAll(form, direction));
  }
}

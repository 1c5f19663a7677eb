import { readFileSync, existsSync, readdirSync } from "node:fs";
import { compile } from "@msrpc/idl";
import { plan, decodeStub, encodeStub } from "@msrpc/wire";
import fc from "fast-check";
import { calls } from "./call-values.ts";
import { deepStrictEqual } from "node:assert";
const host = {
  read: (p: string) => (existsSync(p) ? readFileSync(p, "latin1") : null),
  resolve(from: string, path: string, sp: readonly string[]) {
    for (const d of [from.replace(/\/[^/]*$/, ""), ...sp]) {
      const p = d + "/" + path;
      if (existsSync(p)) return p;
      const lower = existsSync(d)
        ? readdirSync(d).find((f) => f.toLowerCase() === path.toLowerCase())
        : undefined;
      if (lower) return d + "/" + lower;
    }
    return null;
  },
};
const dir = process.argv[2]!,
  only = process.argv[3]!,
  runs = Number(process.argv[4] ?? 5);
let n = 0,
  ops = 0,
  bad = 0;
const t0 = Date.now();
for (const f of readdirSync(dir).filter((x) => x.endsWith(".idl") && x.startsWith(only))) {
  const c = compile([dir + "/" + f], host as never, { searchPaths: [dir] } as never);
  if (c.diagnostics.some((d) => d.severity === "error")) continue;
  const r = plan(c.program);
  for (const i of r.plan.interfaces)
    for (const op of [...i.operations, ...i.callbacks]) {
      if (op.form !== "call") continue;
      ops++;
      try {
        fc.assert(
          fc.property(calls(r.plan, op), (call) => {
            for (const syntax of ["ndr", "ndr64"] as const)
              for (const bigEndian of [false, true])
                for (const direction of ["in", "out"] as const) {
                  if (syntax === "ndr64" && bigEndian) continue;
                  n++;
                  const v = direction === "in" ? call.request : call.response;
                  const o = { syntax, bigEndian, request: call.request };
                  const b = encodeStub(r.plan, op, direction, v, o);
                  const d = decodeStub(r.plan, op, direction, b, o);
                  if (d.fault) throw d.fault;
                  deepStrictEqual(d.value, v);
                  deepStrictEqual(d.trailing, 0);
                }
          }),
          { numRuns: runs, seed: 42, endOnFailure: true },
        );
      } catch (e) {
        bad++;
        if (bad < 30)
          console.log(
            f,
            i.name,
            op.name,
            (e as Error).message.split("\n").slice(0, 3).join(" | ").slice(0, 300),
            String((e as Error).cause ?? "").slice(0, 200),
          );
      }
    }
}
console.log({ ops, n, bad, ms: Date.now() - t0 });

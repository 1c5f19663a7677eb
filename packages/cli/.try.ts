import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, basename } from "node:path";
import { compile } from "@msrpc/idl";
import { plan } from "@msrpc/wire";
import { generatePackage, noOverlay } from "@msrpc/codegen";
const host = {
  read: (p: string) => (existsSync(p) ? readFileSync(p, "utf8") : null),
  resolve: (from: string, p: string) => {
    const c = join(dirname(from), p);
    return existsSync(c) ? c : null;
  },
};
const out = process.argv[2]!;
rmSync(out, { recursive: true, force: true });
for (const file of process.argv.slice(3)) {
  const c = compile([file], host);
  const pl = plan(c.program);
  for (const d of [...c.diagnostics, ...pl.diagnostics])
    if (d.severity !== "info")
      console.log(
        file,
        d.code,
        d.severity,
        d.message,
        c.sources.get(d.span.file)?.text.slice(0, d.span.start).split("\n").length,
      );
  if (c.diagnostics.some((d) => d.severity === "error")) continue;
  const name = basename(file)
    .replace(/\.idl$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  try {
    const g = generatePackage({
      package: `@x/${name}`,
      version: "0.0.0",
      description: name,
      units: [{ file, sha256: "0", plan: pl.plan, overlay: noOverlay(file) }],
      imports: [],
      generator: "msrpc",
    });
    for (const d of g.diagnostics) console.log(file, d.code, d.message);
    for (const [p, s] of g.files) {
      const f = join(out, name, p);
      mkdirSync(dirname(f), { recursive: true });
      writeFileSync(f, s);
    }
  } catch (e) {
    console.log(file, "CRASH", (e as Error).stack?.split("\n").slice(0, 4).join(" | "));
  }
}

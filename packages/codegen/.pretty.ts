import { format, resolveConfig } from "prettier";
import { readFileSync, readdirSync } from "node:fs";
let n = 0;
for (const f of readdirSync("generated", { recursive: true }) as string[]) {
  if (!f.endsWith(".ts") || f.includes("dist") || f.includes("node_modules")) continue;
  const t = readFileSync("generated/" + f, "utf8");
  const p = await format(t, { parser: "typescript", printWidth: 100, trailingComma: "all" });
  if (p !== t) { n++; if (n <= 12) { const a = t.split("\n"), b = p.split("\n"); const i = a.findIndex((x, k) => x !== b[k]); console.log(f + ":" + (i + 1)); console.log("- " + a.slice(i, i + 3).join("\n- ")); console.log("+ " + b.slice(i, i + 5).join("\n+ ")); } }
}
console.log(n, "differ");

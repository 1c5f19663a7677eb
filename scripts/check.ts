// Every static gate in one command: format, types, lint, dead code, generated output up to date.
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";

const gates: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format", "prettier", "--check", "--log-level", "warn", "."],
  ["types", "tsc", "-b"],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
  ["dead code", "knip"],
  ["generated", "node", "--conditions=source", "scripts/generate.ts", "--check"],
];

let failed = 0;
for (const [name, command, ...args] of gates) {
  const start = performance.now();
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (status === 0) {
    console.log(`ok      ${name} (${seconds} s)`);
  } else {
    failed++;
    console.log(`FAILED  ${name} (${seconds} s)${error ? `: ${error.message}` : ""}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

// Regenerates `generated/` from `idl/` as msrpc.json says, and the reference pages of docs/; `--check` only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { nodeIo, run } from "@msrpc/cli";
import { referencePages } from "./reference.ts";

const args = process.argv.slice(2);
process.exitCode = await run(["generate", ...args], nodeIo());

for (const [path, text] of referencePages()) {
  if (!args.includes("--check")) {
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) {
    console.error(
      `${path} differs from the tables in the code: run \`pnpm generate\` and commit the result`,
    );
    process.exitCode = 1;
  }
}

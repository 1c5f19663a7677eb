// Regenerates `generated/` from `idl/` as msrpc.json says; `--check` only compares.
import { nodeIo, run } from "@msrpc/cli";

process.exitCode = await run(["generate", ...process.argv.slice(2)], nodeIo());

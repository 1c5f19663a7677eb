#!/usr/bin/env node
// The clusterd command, where Node is new enough: older ones stop at the first thing that they lack.

if (Number.parseInt(process.versions.node) < 22) {
  console.error(`clusterd: Node 22 or newer is needed, and this is ${process.version}`);
  process.exit(2);
}
const { runClusterd, usage } = await import("./run.ts");

const args = process.argv.slice(2);
if (args.includes("--help") || args.length === 0) {
  console.log(usage);
} else {
  try {
    await runClusterd(args, console.log);
  } catch (error) {
    console.error(`clusterd: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = error instanceof TypeError ? 2 : 1;
  }
}

#!/usr/bin/env node
/** The `msrpc` command, where Node is new enough: older ones stop at the first thing that they lack. */

if (Number.parseInt(process.versions.node) < 22) {
  console.error(`error: msrpc needs Node 22 or newer, and this is ${process.version}`);
  process.exitCode = 2;
} else {
  const { nodeIo } = await import("./io.ts");
  const { run } = await import("./run.ts");
  // Whoever read what is printed has seen enough, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  process.exitCode = await run(process.argv.slice(2), nodeIo());
}

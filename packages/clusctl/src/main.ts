#!/usr/bin/env node
/** The `clusctl` command, where Node is new enough: older ones stop at the first thing that they lack. */

if (Number.parseInt(process.versions.node) < 22) {
  console.error(`error: clusctl needs Node 22 or newer, and this is ${process.version}`);
  process.exitCode = 2;
} else {
  // Who reads may have read enough, as head: then nobody is left to say anything to.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
  const { nodeIo } = await import("./io.ts");
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv.slice(2), nodeIo());
}

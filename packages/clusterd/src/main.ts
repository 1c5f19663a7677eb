#!/usr/bin/env node
// The clusterd command, where Node is new enough: older ones stop at the first thing that they lack.

if (Number.parseInt(process.versions.node) < 22) {
  console.error(`clusterd: Node 22 or newer is needed, and this is ${process.version}`);
  process.exit(2);
}
const { command } = await import("./command.ts");
// What a resource's type has left running must not keep what has ended from being over.
process.exit(await command(process.argv.slice(2)));

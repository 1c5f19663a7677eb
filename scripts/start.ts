// The main job: regenerate the bindings, show five operations of MS-CMRP answered through them, and manage a cluster.
import { readConfig, regenerate, nodeIo } from "@msrpc/cli";
import { manage } from "./tour/managed.ts";
import { tour } from "./tour/tour.ts";

const io = nodeIo();
const rows = regenerate(io, readConfig(io, "msrpc.json").packages);
if (rows === null) {
  process.exitCode = 1;
} else {
  console.log("Bindings regenerated from idl/ into generated/:\n");
  const columns = ["interface", "operations", "types", "files", "lines", "ms"] as const;
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? "").length)));
  for (const row of cells) {
    console.log(
      row
        .map((text, at) =>
          at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0),
        )
        .join("  "),
    );
  }
  const print = (line: string): void => console.log(line);
  await tour(print);
  await manage(print);
}

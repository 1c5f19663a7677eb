/** How the servers of the benchmark say where they are, and end with whoever started them. */
import { createInterface } from "node:readline";

/** Prints the port, and ends the process with its standard input. */
export function announce(port: number): void {
  console.log(port);
  createInterface(process.stdin).on("close", () => process.exit(0));
}

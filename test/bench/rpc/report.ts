/** What the benchmark of calls found, as Markdown, and what misses its target. */
import type { CallResult, CallRow } from "./suite.ts";

/** Of a row: the contender that it is compared with, and how many times as fast one of them is to be. */
interface Comparison {
  readonly with: string;
  readonly against: string;
  readonly target: number | null;
}

function comparisonOf(name: string, { load }: CallResult): Comparison | null {
  const isInTurn = load.connections === 1 && load.inFlight === 1;
  switch (name) {
    case "bare":
      return { with: "ours", against: name, target: load.together ? null : 0.7 };
    case "Samba":
      return { with: "ours", against: name, target: load.together ? null : 1 };
    case "grpc-js":
      return { with: "ours", against: name, target: isInTurn ? 4 : null };
    case "the same, sealed": {
      // RC4 and MD5 take longer than all else where there is much to seal, or calls share their system calls with others:
      // see docs/benchmarks.md.
      const target = load.octets > 1000 ? null : load.inFlight > 1 ? 0.25 : 0.5;
      return { with: name, against: "ours, our client", target };
    }
    default:
      return null;
  }
}

const columns = ["server", "calls/s", "p50 µs", "p99 µs", "server's µs a call", "ratio"];

export function formatCallResults(results: readonly CallResult[]): {
  readonly markdown: string;
  readonly missed: readonly string[];
} {
  const missed: string[] = [];
  const sections = results.map((result) => {
    const { title: name, rows } = result;
    const rateOf = (wanted: string): number => rows.find((row) => row.name === wanted)?.rate ?? 0;
    const lines = rows.map((row) => {
      const comparison = comparisonOf(row.name, result);
      if (comparison === null) return line(row, "");
      const ratio = rateOf(comparison.with) / rateOf(comparison.against);
      const { target } = comparison;
      if (target !== null && ratio < target) {
        const { with: one, against } = comparison;
        missed.push(`${name}: ${one} is ${ratio.toFixed(2)} of ${against}, not ${target}`);
      }
      const isOurs = comparison.with === "ours";
      return line(row, isOurs ? `ours is ${ratio.toFixed(2)}` : `${ratio.toFixed(2)} of plain`);
    });
    const head = [columns, columns.map((_, i) => (i === 0 || i === 5 ? "---" : "--:"))];
    return [`${name}:`, "", ...head.map((cells) => `| ${cells.join(" | ")} |`), ...lines].join(
      "\n",
    );
  });
  return { markdown: sections.join("\n\n"), missed };
}

function line({ name, rate, p50, p99, processorTime }: CallRow, ratio: string): string {
  const spent = processorTime === null ? "" : processorTime.toFixed(1);
  return `| ${[name, Math.round(rate), p50, p99, spent, ratio].join(" | ")} |`;
}

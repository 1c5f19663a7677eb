// One line a check, what failed below it, and an exit code: how every group of interop checks speaks.
import { performance } from "node:perf_hooks";

/** What a check found wrong: one line each. */
class Failure extends Error {
  readonly findings: readonly string[];

  constructor(findings: readonly string[]) {
    super(findings.join("\n"));
    this.findings = findings;
  }
}

/** Throws when something was found. */
export function expectNone(findings: readonly string[]): void {
  if (findings.length > 0) throw new Failure(findings);
}

/** Throws unless the fact holds. */
export function demand(holds: boolean, finding: string): asserts holds {
  if (!holds) throw new Failure([finding]);
}

const shownFindings = 20;

/**
 * Runs a check and prints how it went. The body gives a few words on what it covered, or throws.
 * A failure sets the exit code and lets the next check run.
 */
export async function check(name: string, body: () => string | Promise<string>): Promise<void> {
  const start = performance.now();
  const line = (mark: string, detail: string): void => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${mark.padEnd(7)} ${name}${detail === "" ? "" : `: ${detail}`} (${seconds} s)`);
  };
  try {
    line("ok", await body());
  } catch (error) {
    process.exitCode = 1;
    const findings =
      error instanceof Failure
        ? error.findings
        : [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    line("FAILED", findings.length > 1 ? `${findings.length} findings` : "");
    for (const finding of findings.slice(0, shownFindings)) console.log(`          ${finding}`);
    if (findings.length > shownFindings) {
      console.log(`          and ${findings.length - shownFindings} more`);
    }
  }
}

/** Says that something was not checked, and why. It is no failure. */
export function leftOut(name: string, why: string): void {
  console.log(`left out ${name}: ${why}`);
}

/** Hands what servers of the tests answered to compare.ts, where all of these tests ran and passed. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Reporter, TestModule, Vitest } from "vitest/node";

const tests = join(import.meta.dirname, "..");

export class ConformanceReporter implements Reporter {
  #vitest: Vitest | null = null;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const vitest = this.#vitest;
    const ours = modules.filter(({ moduleId }) => moduleId.startsWith(`${tests}/`));
    if (vitest === null || !isWhole(vitest, ours)) return;
    const isUpdating = vitest.config.snapshotOptions.updateSnapshot === "all";
    // A process of its own: there, packages lead to their sources.
    const script = join(import.meta.dirname, "compare.ts");
    const args = ["--conditions=source", script, ...(isUpdating ? ["--write"] : [])];
    const { status } = spawnSync(process.execPath, args, {
      input: JSON.stringify(answersIn(ours)),
      stdio: ["pipe", "inherit", "inherit"],
    });
    if (status !== 0) process.exitCode = 1;
  }
}

/** Whether every file of tests ran, with all its tests, and none failed. */
function isWhole(vitest: Vitest, ours: readonly TestModule[]): boolean {
  const all = readdirSync(tests, { recursive: true, encoding: "utf8" });
  const files = all.filter((file) => file.endsWith(".test.ts"));
  const isFiltered = vitest.config.testNamePattern !== undefined;
  return !isFiltered && ours.length === files.length && ours.every((one) => one.ok());
}

/** By file of tests. */
function answersIn(modules: readonly TestModule[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    modules.map(({ moduleId, children }) => {
      const answers = new Set<string>();
      for (const test of children.allTests()) {
        for (const text of test.meta().answered ?? []) answers.add(text);
      }
      return [relative(tests, moduleId), [...answers]];
    }),
  );
}

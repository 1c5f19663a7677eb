import { defineConfig } from "vitest/config";
import { ConformanceReporter } from "./packages/cluster/test/conformance/reporter.ts";

/** The fast suite. Nothing here needs a system package; `pnpm interop` runs the rest. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "generated/*/test/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/interop/**"],
    testTimeout: 30_000,
    // What is polled for comes when it comes: how soon is the machine's affair.
    expect: { poll: { timeout: 25_000 } },
    reporters: ["default", new ConformanceReporter()],
  },
});

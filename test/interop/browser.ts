// The compiler, the wire plan and the codecs run in a browser: headless Chromium loads them and says what came out.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveModules } from "./browser/server.ts";
import { check, demand } from "./support/report.ts";
import { needPackages } from "./support/packages.ts";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What the page posts. */
interface PageResult {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

async function runPage(): Promise<PageResult> {
  needPackages("chromium");
  const server = await serveModules(new URL("browser/page.ts", import.meta.url).pathname);
  const profile = mkdtempSync(join(tmpdir(), "browser-"));
  const browser = spawn("chromium", [...flags, `--user-data-dir=${profile}`, server.origin], {
    stdio: "ignore",
    detached: true,
  });
  try {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error("no answer from the page in 60 s")), 60_000);
    browser.once("error", reject);
    const text = await Promise.race([server.result, late]);
    clearTimeout(timer);
    return JSON.parse(text) as PageResult;
  } finally {
    if (browser.pid !== undefined) process.kill(-browser.pid, "SIGKILL");
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

await check("idl, wire and ndr in Chromium", async () => {
  const { passed, failed } = await runPage();
  demand(failed.length === 0, failed.join("\n"));
  return passed.join(", ");
});

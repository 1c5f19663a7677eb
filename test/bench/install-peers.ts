/** Packages that benchmarks compare with, apart from the workspace. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Installs them the first time that one of them is wanted. */
export function needPeer(name: string): void {
  const folder = fileURLToPath(new URL("peers", import.meta.url));
  if (existsSync(`${folder}/node_modules/${name}`)) return;
  const apart = ["--ignore-workspace", "--no-lockfile", "--ignore-scripts", "--prod"];
  const install = ["-y", "pnpm@12", "install", ...apart];
  const { status } = spawnSync("npx", install, { cwd: folder, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("the peers of the benchmark cannot be installed");
}

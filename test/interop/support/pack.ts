// The published packages of the workspace, built and packed as a user installs them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";
import { demand } from "./report.ts";

const root = new URL("../../../", import.meta.url).pathname;

export interface Packed {
  readonly name: string;
  readonly folder: string;
  readonly tarball: string;
}

export function packageFolders(): string[] {
  return ["packages", "generated"].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => join(root, parent, name))
      .filter((folder) => existsSync(join(folder, "package.json"))),
  );
}

export function buildPackages(): void {
  const args = ["-b", ...packageFolders()];
  run(join(root, "node_modules/.bin/tsc"), args, { cwd: root, seconds: 170 });
}

/** Packs every package, which has to be built, into a folder that is there. */
export function packPackages(destination: string): Packed[] {
  return packageFolders().map((folder) => {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    const { name } = JSON.parse(text) as { name: string };
    const before = new Set(readdirSync(destination));
    run("npx", ["-y", "pnpm@12", "pack", "--pack-destination", destination], { cwd: folder });
    const tarball = readdirSync(destination).find((file) => !before.has(file));
    demand(tarball !== undefined, `${name}: no tarball`);
    return { name, folder, tarball: join(destination, tarball) };
  });
}

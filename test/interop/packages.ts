// What a user gets: every package is built, packed, installed into an empty project elsewhere and used there.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, tryRun } from "./support/command.ts";
import { buildPackages, packageFolders, packPackages, type Packed } from "./support/pack.ts";
import { check, demand, expectNone } from "./support/report.ts";

const consumer = new URL("consumer/", import.meta.url).pathname;
const place = mkdtempSync(join(tmpdir(), "consumer-"));
const packed = join(place, "packed");
const project = join(place, "project");
mkdirSync(packed);
mkdirSync(project);
process.once("exit", () => rmSync(place, { recursive: true, force: true }));

let packages: Packed[] = [];

await check("every package builds", () => {
  buildPackages();
  return `${packageFolders().length} packages`;
});

await check("every package packs", () => {
  packages = packPackages(packed);
  return `${packages.length} tarballs`;
});

await check("the tarballs install into an empty project", () => {
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const tarballs = packages.map(({ tarball }) => tarball);
  run("npm", ["install", "--no-audit", "--no-fund", ...tarballs, "typescript", "@types/node@22"], {
    cwd: project,
    seconds: 120,
  });
  cpSync(consumer, project, { recursive: true });
  return "";
});

await check("they work from JavaScript", () => run("node", ["call.js"], { cwd: project }).trim());

await check("they work from JavaScript under Node 22", () =>
  run("npx", ["-y", "-p", "node@22", "node", "call.js"], { cwd: project, seconds: 120 }).trim(),
);

await check("their types satisfy a strict project", () => {
  run("npx", ["tsc", "-p", "."], { cwd: project });
  return "";
});

await check("the command works", () => {
  const { status, stdout, stderr } = tryRun("npx", ["msrpc", "check", "sample.idl"], {
    cwd: project,
  });
  demand(status === 0, `msrpc check sample.idl: exit code ${status}\n${stdout}${stderr}`);
  return "";
});

await check("publint finds nothing", () => {
  expectNone(
    packages.flatMap(({ name, tarball }) => {
      const { status, stdout, stderr } = tryRun("npx", ["-y", "publint", tarball, "--strict"]);
      return status === 0 && !/^\d+\. /m.test(stdout) ? [] : [`${name}: ${stdout}${stderr}`];
    }),
  );
  return `${packages.length} packages`;
});

await check("attw finds nothing", () => {
  const command = ["-y", "@arethetypeswrong/cli", "--profile", "esm-only", "--format", "ascii"];
  expectNone(
    packages.flatMap(({ name, tarball }) => {
      const { status, stdout, stderr } = tryRun("npx", [...command, tarball], { seconds: 90 });
      return status === 0 ? [] : [`${name}: ${stdout}${stderr}`];
    }),
  );
  return `${packages.length} packages`;
});

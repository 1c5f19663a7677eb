// What a user gets: every package is built, packed, installed into an empty project elsewhere and used there.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, tryRun } from "./support/command.ts";
import { check, demand, expectNone } from "./support/report.ts";

const root = new URL("../../", import.meta.url).pathname;
const consumer = new URL("consumer/", import.meta.url).pathname;
const place = mkdtempSync(join(tmpdir(), "consumer-"));
const packed = join(place, "packed");
const project = join(place, "project");
mkdirSync(packed);
mkdirSync(project);
process.once("exit", () => rmSync(place, { recursive: true, force: true }));

interface Packed {
  readonly name: string;
  readonly folder: string;
  readonly tarball: string;
}

const packages: Packed[] = [];

/** The published packages of the workspace. */
function folders(): string[] {
  return ["packages", "generated"].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => join(root, parent, name))
      .filter((folder) => existsSync(join(folder, "package.json"))),
  );
}

await check("every package builds", () => {
  run(join(root, "node_modules/.bin/tsc"), ["-b", ...folders()], { cwd: root, seconds: 170 });
  return `${folders().length} packages`;
});

await check("every package packs", () => {
  for (const folder of folders()) {
    const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      name: string;
    };
    const before = new Set(readdirSync(packed));
    run("npx", ["-y", "pnpm@12", "pack", "--pack-destination", packed], { cwd: folder });
    const tarball = readdirSync(packed).find((file) => !before.has(file));
    demand(tarball !== undefined, `${name}: no tarball`);
    packages.push({ name, folder, tarball: join(packed, tarball) });
  }
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

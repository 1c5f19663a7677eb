// The guide "A new protocol in ten minutes", followed word for word in an empty folder: from IDL to an answer from Samba's
// domain controller. Its files are written, its commands run, and what they print is held against what it says.
//
// Where OPENSPECS names the documents' Markdown, its IDL is held against the published one, and what that generates is
// used by the same client.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { tryRun } from "./support/command.ts";
import { domainPackages, startDomainController } from "./support/domain-controller.ts";
import { buildPackages, packPackages } from "./support/pack.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand, leftOut } from "./support/report.ts";

needPackages(...domainPackages);

interface Step {
  readonly kind: "file" | "run";
  /** Of a file, its path; of commands, the section that they stand in. */
  readonly name: string;
  readonly text: string;
  /** What commands print, where the guide says it. */
  readonly printed: string | undefined;
}

const page = readFileSync(new URL("../../docs/new-protocol.md", import.meta.url), "utf8");
const marked =
  /^## (.+)$|<!-- (?:file: (\S+)|run) -->\s+```\w+\n([\s\S]*?)```(?:\n\n```(?:text|json)\n([\s\S]*?)```)?/gm;

function stepsOf(guide: string): Step[] {
  let section = "";
  return [...guide.matchAll(marked)].flatMap(([, heading, file, text, printed]): Step[] => {
    if (heading !== undefined) section = heading;
    if (text === undefined) return [];
    return file === undefined
      ? [{ kind: "run", name: section, text, printed }]
      : [{ kind: "file", name: file, text, printed: undefined }];
  });
}

const place = mkdtempSync(join(tmpdir(), "guide-"));
const [clone, project] = [join(place, "msrpc"), join(place, "project")];
mkdirSync(join(clone, ".cache/packages"), { recursive: true });
mkdirSync(project);
process.once("exit", () => rmSync(place, { recursive: true, force: true }));

await using domain = await startDomainController({
  address: "127.0.0.67",
  realm: "EXAMPLE.TEST",
  accounts: [{ user: "alice", password: "Passw0rd.2" }],
});
/** What the guide has its reader set. */
const settings = {
  MSRPC: clone,
  SERVER: domain.address,
  MSRPC_USER: "EXAMPLE\\alice",
  MSRPC_PASSWORD: "Passw0rd.2",
  PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
};

/** Every domain has a GUID of its own. */
function withoutGuids(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "GUID");
}

/** Commands as a reader's shell runs them; what they print. */
function shell(commands: string): string {
  const options = { cwd: project, env: settings, seconds: 120 };
  const { status, stdout, stderr } = tryRun("bash", ["-euo", "pipefail", "-c", commands], options);
  demand(status === 0, `exit code ${status}\n${stdout}${stderr}`);
  return stdout;
}

await check("the packages that the guide installs are packed", () => {
  buildPackages();
  return `${packPackages(join(clone, ".cache/packages")).length} tarballs`;
});

const steps = stepsOf(page);
demand(steps.filter(({ printed }) => printed !== undefined).length >= 4, "the guide's marks");
for (const { kind, name, text, printed } of steps) {
  if (kind === "file") {
    writeFileSync(join(project, name), text);
    continue;
  }
  await check(`${name}: ${text.trim().split("\n").join("; ").slice(0, 90)}`, () => {
    const said = withoutGuids(shell(text));
    if (printed === undefined) return "";
    demand(said === withoutGuids(printed), `it prints\n${said}\nand not\n${printed}`);
    return "prints what the guide says";
  });
}

const openspecs = process.env["OPENSPECS"];
if (openspecs === undefined) {
  leftOut("the published IDL", "OPENSPECS names no clone of the documents' Markdown");
} else {
  await check("the guide's IDL is what the document publishes, on the wire", () => {
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", openspecs, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
    const path = git("ls-tree", "-r", "--name-only", "HEAD").match(/^.*\/MS-DSSP\.md$/m)?.[0];
    demand(path !== undefined, "no MS-DSSP.md");
    writeFileSync(join(project, "MS-DSSP.md"), git("show", `HEAD:${path}`));
    // The same client, with bindings of the document and with the guide's overlay.
    const again = [
      "rm -r generated msrpc.json && mv idl ours",
      "npx msrpc init ms-dssp --from MS-DSSP.md",
      "npx msrpc diff ms-dssp.idl idl/ms-dssp/ms-dssp.idl",
      "cp ours/ms-dssp/ms-dssp.overlay.json idl/ms-dssp/ && npx msrpc generate && node main.ts",
    ];
    const said = shell(again.join("\n")).trim().split("\n").at(-1) ?? "";
    demand(said === "a controller of example.test", said);
    return said;
  });
}

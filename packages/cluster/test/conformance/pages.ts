/** The pages of docs/conformance: what has to be seen, and the tests that have seen it. */
import { allCodes } from "../../src/control/all-codes.ts";
import type { ControlCode, ControlKind } from "../../src/control/code.ts";
import { clusterRows } from "../../src/service/methods/cluster.ts";
import { groupSetRows } from "../../src/service/methods/group-set.ts";
import { groupRows } from "../../src/service/methods/group.ts";
import { networkRows } from "../../src/service/methods/network.ts";
import { nodeRows } from "../../src/service/methods/node.ts";
import { notifyRows } from "../../src/service/methods/notify.ts";
import { registryRows } from "../../src/service/methods/registry.ts";
import { resourceTypeRows } from "../../src/service/methods/resource-type.ts";
import { resourceRows } from "../../src/service/methods/resource.ts";
import type { MethodRow } from "../../src/service/methods/row.ts";
import type { Version } from "../../src/service/methods/table.ts";
import { type Need, needsOfCode, needsOfMethod } from "./needs.ts";
import type { Observation } from "./observation.ts";

/** What was seen, each with the file of tests that saw it. */
export type Seen = readonly (readonly [one: Observation, file: string])[];

export interface Conformance {
  /** Texts by path. */
  readonly pages: ReadonlyMap<string, string>;
  /** What has to be seen and wasn't, and what was seen that can't be. */
  readonly problems: readonly string[];
}

const families: Readonly<Record<string, readonly MethodRow[]>> = {
  cluster: clusterRows,
  resource: resourceRows,
  "resource-type": resourceTypeRows,
  registry: registryRows,
  group: groupRows,
  node: nodeRows,
  notify: notifyRows,
  network: networkRows,
  "group-set": groupSetRows,
};

const versions: readonly Version[] = [3, 2];
const notSeen = "**not seen**";

export function conformanceOf(seen: Seen): Conformance {
  const problems: string[] = [];
  const counts = { rows: 0, cells: 0, seen: 0, excused: 0 };
  const byCall = Map.groupBy(seen, ([{ version, opnum }]) => `${version} ${opnum}`);
  const byCode = Map.groupBy(
    seen.filter(([{ controlCode }]) => controlCode !== null),
    ([{ version, controlCode }]) => `${version} ${controlCode}`,
  );
  const cellOf = (about: string, { isSeen, reason, label }: Need, those: Seen): string => {
    const all = those.flatMap(([one, file]) => (isSeen(one) ? file : []));
    counts.cells++;
    if (reason !== null) {
      counts.excused++;
      if (all.length > 0)
        problems.push(`${about}: ${label} is answered after all, in ${best(all)}`);
      return `never: ${reason}`;
    }
    // What is drawn at random counts for nothing that has to be seen.
    const files = all.filter((file) => !file.includes("hostile"));
    if (files.length === 0) {
      problems.push(`no test has seen of ${about}: ${label}`);
      return notSeen;
    }
    counts.seen++;
    return best(files);
  };

  const section = ({ opnum, name }: MethodRow): string => {
    const columns = versions.map((version) => {
      const those = byCall.get(`${version} ${opnum}`) ?? [];
      const about = `${name} (${opnum}, version ${version})`;
      const needs = needsOfMethod(version, opnum);
      return new Map(needs?.map((one) => [one.label, cellOf(about, one, those)]));
    });
    counts.rows += columns.filter(({ size }) => size > 0).length;
    const labels = new Set(columns.flatMap((column) => [...column.keys()]));
    const rows = Array.from(labels, (label) => [
      label,
      ...columns.map((one) => one.get(label) ?? ""),
    ]);
    const body = rows.length === 0 ? "Not served yet.\n" : table(["", "3.0", "2.0"], rows);
    return `## ${opnum} ${name}\n\n${body}`;
  };

  const codeRow = (code: ControlCode): string[] => {
    const cells = versions.map((version) => {
      const those = byCode.get(`${version} ${code.value}`) ?? [];
      const about = `CLUSCTL_${code.name} (version ${version})`;
      const needs = needsOfCode(version, code);
      if (needs === null) return version === 3 ? "not served yet" : "";
      counts.rows++;
      return needs.map((one) => `${one.label}: ${cellOf(about, one, those)}`).join("<br>");
    });
    return [`0x${code.value.toString(16).padStart(8, "0")}`, `CLUSCTL_${code.name}`, ...cells];
  };

  const pages = new Map<string, string>();
  for (const [family, rows] of Object.entries(families)) {
    const body = rows.map(section).join("\n");
    pages.set(`${family}.md`, `# Methods: ${family}\n\n${legend}\n${body}`);
  }
  const codeTables = Object.entries(allCodes).map(([kind, codes]) => {
    const body = table(["code", "name", "3.0", "2.0"], codes.map(codeRow));
    return `## ${titles[kind as ControlKind]}\n\n${body}`;
  });
  pages.set("control-codes.md", `# Control codes\n\n${legend}\n${codeTables.join("\n")}`);
  pages.set("README.md", overview(counts, [...pages.keys()]));
  return { pages, problems };
}

const titles: Readonly<Record<ControlKind, string>> = {
  resource: "Resources",
  resourceType: "Resource types",
  group: "Groups",
  node: "Nodes",
  network: "Networks",
  netInterface: "Network interfaces",
  cluster: "Clusters",
  groupSet: "Group sets",
};

const legend = `Beside what the document has a server answer stands the file of tests, of those in packages/cluster/test, in which a server
answered it. [README.md](README.md) says how this page is made.
`;

function overview(
  { rows, cells, seen, excused }: Readonly<Record<"rows" | "cells" | "seen" | "excused", number>>,
  pages: readonly string[],
): string {
  const missing = cells - seen - excused;
  const left =
    missing === 0
      ? "Nothing is left."
      : `${missing} are left, of methods that have only just come.`;
  const list = pages.map((page) => `- [${page.slice(0, -3)}](${page})`).join("\n");
  return `# What tests have seen of MS-CMRP

Servers of the tests in packages/cluster note what they answer: method, control code, status, what the caller may do, and the
state of the server. From these notes, and from the tables of methods and codes in packages/cluster/src, a run of all of
these tests makes the pages here, and fails where one isn't as it stands: \`npx vitest run packages/cluster -u\` writes them.

Of ${rows} methods and codes, each counted in both versions, ${cells} things have to be seen: every answer, every error of the
document's tables and of conditions that these leave open, who is refused, and what is answered in which state of the
server. ${seen} of them were seen. ${excused} are errors that this server doesn't come to; the reason stands beside each, and
a test that sees one all the same fails the run, as does a thing that no test has seen. ${left}

ERROR_INVALID_HANDLE counts as seen where the call ends in nca_s_fault_context_mismatch, which the runtime answers to a
handle that isn't one, before a method sees it.

${list}
`;
}

/** Tests made for these tables come first; then the first by its name, so that a page changes seldom. */
function best(files: readonly string[]): string {
  const [first = ""] = files.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return first.replace(/\.test\.ts$/, "");
}

function rank(file: string): number {
  return file.startsWith("conformance/") ? 0 : 1;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

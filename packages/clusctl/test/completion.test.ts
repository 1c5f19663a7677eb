/** Completion in a shell, as bash does it. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { terminal } from "./support.ts";

const { out: script } = await terminal().run("completion", "bash");

/** What bash offers behind these words, the last of which is being typed. */
function offered(...typed: string[]): string[] {
  const line = ["clusctl", ...typed].map((word) => `'${word}'`).join(" ");
  const program = `${script}
COMP_WORDS=(${line}); COMP_CWORD=${typed.length}; _clusctl; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", program], { encoding: "utf8" }).split("\n").filter(Boolean);
}

test("commands are completed", () => {
  expect(offered("re")).toEqual(["resource", "registry"]);
  expect(offered("group", "o")).toEqual(["online", "offline"]);
});

test("what options take is passed over", () => {
  expect(offered("--server", "node1", "--json", "gr")).toEqual(["group"]);
});

test("options are completed, a command's own and those of all", () => {
  expect(offered("node", "pause", "node1", "--d")).toEqual(["--drain"]);
  expect(offered("node", "pause", "--js")).toEqual(["--json"]);
});

test("a shell that isn't known is a mistake", async () => {
  expect((await terminal().run("completion", "tcsh")).code).toBe(2);
});

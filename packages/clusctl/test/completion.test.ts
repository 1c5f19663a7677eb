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
  expect(offered("group", "o")).toEqual(["online", "offline", "owners"]);
});

test("what options take is passed over", () => {
  expect(offered("--server", "node1", "--json", "gr")).toEqual(["group"]);
});

test("options are completed, a command's own and those of all", () => {
  expect(offered("node", "pause", "node1", "--d")).toEqual(["--drain"]);
  expect(offered("node", "pause", "--js")).toEqual(["--json"]);
});

test("a name behind an option is no command, whatever it is", () => {
  expect(offered("resource", "list", "--group", "status", "--js")).toEqual(["--json"]);
  expect(offered("--protocol", "2", "status", "--w")).toEqual(["--watch"]);
});

test("zsh is given the same, and what it takes to run it", async () => {
  const { out } = await terminal().run("completion", "zsh");
  expect(out).toMatch(/^[^]*bashcompinit\n_clusctl\(\) \{/);
  expect(out.endsWith(script)).toBe(true);
});

test("fish is given a line for each command and option", async () => {
  const { out } = await terminal().run("completion", "fish");
  const lines = out.split("\n");
  expect(lines).toContain(
    "complete -c clusctl -n '__fish_seen_subcommand_from node; and __fish_seen_subcommand_from pause'" +
      " -l drain -d 'move its groups away'",
  );
  expect(lines).toContain(
    "complete -c clusctl -n '__fish_seen_subcommand_from group; and not __fish_seen_subcommand_from" +
      " list online offline move cancel owners depend create rename delete show set'" +
      " -a online -d 'bring a group\\'s resources online'",
  );
  expect(out).toMatch(/-l password-file -r /);
  expect(out).toMatch(/-l server -s s -x /);
});

test("a shell that isn't known is a mistake", async () => {
  expect((await terminal().run("completion", "tcsh")).code).toBe(2);
});

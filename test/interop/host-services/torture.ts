// smbtorture's suites for interfaces that go over named pipes as a rule, over TCP.
import { runAside } from "../rpc/run-aside.ts";
import { check, demand, expectNone } from "../support/report.ts";
import suites from "./torture.json" with { type: "json" };

/** Tests that end well, though they may leave something out, and those that can't pass, each with the reason. */
interface Suite {
  readonly passes: readonly string[];
  readonly fails: Readonly<Record<string, string>>;
}

/** It says that of itself, and marks a test that did all else as skipped: symbolic links and descriptors of keys. */
const leavesOut = /^\S+: security descriptor test disabled$/m;

export async function torture(
  address: string,
  suite: keyof typeof suites,
  user: string,
): Promise<void> {
  const { passes, fails } = suites[suite] as Suite;
  await check(`smbtorture ${suite}`, async () => {
    const binding = `ncacn_ip_tcp:${address}[135,ntlm,seal]`;
    const { stdout, stderr } = await runAside("smbtorture", [binding, suite, "-U", user], 120);
    const marks = [
      ...stdout.matchAll(/^(success|failure|error|skip): (\S+)(?: \[\n([^]*?)\n\])?/gm),
    ];
    demand(marks.length > 0, stderr.slice(-400));
    const why = new Map(
      marks.map(([, mark = "", name = "", said = ""]) => {
        const isWell = mark === "success" || (mark === "skip" && leavesOut.test(said));
        return [name, isWell ? null : said];
      }),
    );
    expectNone([
      ...passes
        .filter((name) => why.get(name) !== null)
        .map((name) => `${name}: ${why.get(name) ?? "it didn't run"}`),
      ...Object.keys(fails)
        .filter((name) => why.get(name) === null)
        .map((name) => `${name} passes: take it off the list`),
    ]);
    return `${passes.length} tests; ${Object.keys(fails).length} can't pass`;
  });
}

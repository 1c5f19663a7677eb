/** `clusctl affinity`: rules that keep groups together or apart. */
import type { AffinityRule, AffinityRuleChanges, AffinityType } from "@msrpc/clusapi";
import { Command, Option } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { type Column, table } from "../output/table.ts";
import { listOf, together } from "../output/together.ts";
import { UsageError } from "../usage-error.ts";

interface RuleView {
  readonly name: string;
  readonly type: AffinityType | null;
  readonly groups: readonly string[];
  readonly isEnabled: boolean;
  readonly isSoft: boolean;
}

const types: readonly AffinityType[] = [
  "sameNode",
  "differentNode",
  "sameFaultDomain",
  "differentFaultDomain",
];

const columns: readonly Column<RuleView>[] = [
  { heading: "NAME", value: ({ name }) => name },
  { heading: "TYPE", value: ({ type }) => type ?? "" },
  { heading: "GROUPS", value: ({ groups }) => groups.join(", ") },
  {
    heading: "COUNTS",
    value: ({ isEnabled, isSoft }) => (isEnabled ? (isSoft ? "where it can" : "always") : "no"),
  },
];

const viewOf = async (rule: AffinityRule): Promise<RuleView> => ({
  name: rule.name,
  ...(await rule.status()),
});

export function affinityCommand(io: Io): Command {
  const command = new Command("affinity").description("rules that keep groups together or apart");
  const list = works(
    new Command("list").description("list the rules"),
    io,
    async ({ cluster }): Promise<Report> => {
      const rules = await together(await listOf(cluster.affinityRules()), viewOf);
      return { json: rules, text: (style) => table(rules, columns, style) };
    },
  );
  command.addCommand(list, { isDefault: true });
  command.addCommand(
    works<{ readonly type: AffinityType }>(
      named("create", "make a rule that says nothing of any group yet").addOption(typeOption(true)),
      io,
      async ({ cluster, options: { type } }, name = "") =>
        done(
          `created affinity rule ${name}`,
          await viewOf(await cluster.createAffinityRule(name, type)),
        ),
    ),
  );
  command.addCommand(
    works<{ readonly type?: AffinityType; readonly counts?: string }>(
      named("set", "change what a rule says")
        .addOption(typeOption(false))
        .addOption(
          new Option(
            "--counts <how>",
            "whether a group stays offline rather than break it",
          ).choices(["always", "where-it-can", "no"]),
        ),
      io,
      async ({ cluster, options: { type, counts } }, name = "") => {
        if (type === undefined && counts === undefined) throw new UsageError("--type or --counts?");
        const changes: AffinityRuleChanges = {
          ...(type !== undefined && { type }),
          ...(counts !== undefined && { isEnabled: counts !== "no" }),
          ...(counts !== undefined && counts !== "no" && { isSoft: counts === "where-it-can" }),
        };
        const rule = cluster.affinityRule(name);
        await rule.status();
        await rule.set(changes);
        return done(`changed affinity rule ${name}`, await viewOf(rule));
      },
    ),
  );
  command.addCommand(
    works(
      named("add", "have a rule count for a group").argument("<group>", "the group"),
      io,
      async ({ cluster }, name = "", group = "") => {
        const rule = cluster.affinityRule(name);
        await rule.add(group);
        return done(`affinity rule ${name} counts for group ${group}`, await viewOf(rule));
      },
    ),
  );
  command.addCommand(
    works(
      named("remove", "have a rule count for a group no more").argument("<group>", "the group"),
      io,
      async ({ cluster }, name = "", group = "") => {
        const rule = cluster.affinityRule(name);
        await rule.remove(group);
        return done(
          `affinity rule ${name} no longer counts for group ${group}`,
          await viewOf(rule),
        );
      },
    ),
  );
  command.addCommand(
    works(named("delete", "delete a rule"), io, async (work, name = "") => {
      await work.confirm(`Delete affinity rule ${name}`);
      await work.cluster.affinityRule(name).delete();
      return done(`deleted affinity rule ${name}`, { deleted: name });
    }),
  );
  return command.addHelpText(
    "after",
    "\nA Windows cluster lists its rules, and lets only its own tools make them.\n" +
      "\nExample:\n  $ clusctl affinity create Apart --type differentNode",
  );
}

function typeOption(isNeeded: boolean): Option {
  const option = new Option("--type <type>", "what it has groups share, or not").choices(types);
  return option.makeOptionMandatory(isNeeded);
}

function named(name: string, description: string): Command {
  return new Command(name).description(description).argument("<rule>", "its name");
}

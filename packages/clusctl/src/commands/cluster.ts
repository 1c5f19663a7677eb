/** `clusctl cluster`: the cluster as a whole. */
import type { Quorum, QuorumChange } from "@msrpc/clusapi";
import { Command } from "commander";
import { done, type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { propertyCommands } from "./properties.ts";
import { printable } from "../output/table.ts";
import { UsageError } from "../usage-error.ts";

export function clusterCommand(io: Io): Command {
  const show = works(
    new Command("show").description("show the cluster's name and versions"),
    io,
    async ({ cluster }): Promise<Report> => {
      const [names, version] = await Promise.all([cluster.names(), cluster.version()]);
      const rows: readonly (readonly [string, string])[] = [
        ["Name", names.name],
        ["Answered by", names.answeringNode],
        ["System", version.system],
        ["Software", version.vendor],
        ["Versions", `${version.lowest ?? "?"} to ${version.highest ?? "?"}`],
      ];
      return {
        json: { ...names, version },
        text: (style) =>
          rows
            .map(([name, value]) => `${style.dim(name.padEnd(13))}${printable(value)}\n`)
            .join(""),
      };
    },
  );
  const rename = works(
    new Command("rename")
      .description("give the cluster another name, while nothing stands for it")
      .argument("<to>", "the new name"),
    io,
    async (work, to = "") => {
      await work.confirm(`Rename the cluster to ${to}: clients find it by its name`);
      const outcome = await work.cluster.rename(to);
      const when =
        outcome === "stored" ? "; it has its effect when its name comes online again" : "";
      return done(`renamed the cluster to ${to}${when}`, { name: to, outcome });
    },
  );
  const quorum = works<QuorumOptions>(
    new Command("quorum")
      .description("show or set what counts for the cluster's quorum")
      .option("--majority", "a majority of the nodes alone")
      .option("--witness <resource>", "of the nodes and a witness, which may be a disk")
      .option("--disk <resource>", "a disk alone: who has it is the cluster")
      .option("--path <path>", "where a disk keeps data of the cluster"),
    io,
    async (work) => {
      const change = changeOf(work.options);
      if (change !== null) {
        await work.confirm(`Have ${saidOf(change)} count for the quorum`);
        await work.cluster.setQuorum(change);
      }
      const found = await work.cluster.quorum();
      const at = found.path === "" ? "" : `, at ${found.path}`;
      return done(`${saidOf(found)} counts for the quorum${at}`, found);
    },
  );
  const command = new Command("cluster")
    .description("the cluster as a whole")
    .addCommand(show, { isDefault: true })
    .addCommand(rename)
    .addCommand(quorum)
    .addHelpText("after", "\nExample:\n  $ clusctl cluster quorum --witness 'Disk 1'");
  for (const one of propertyCommands(io, null, (cluster) => cluster)) command.addCommand(one);
  return command;
}

interface QuorumOptions {
  readonly majority?: true;
  readonly witness?: string;
  readonly disk?: string;
  readonly path?: string;
}

/** Null where nothing is to be changed. */
function changeOf({ majority, witness, disk, path }: QuorumOptions): QuorumChange | null {
  const given = [majority, witness, disk].filter((one) => one !== undefined);
  if (given.length > 1) throw new UsageError("--majority, --witness and --disk exclude each other");
  const where = path === undefined ? {} : { path };
  if (witness !== undefined) return { type: "witness", resource: witness, ...where };
  if (disk !== undefined) return { type: "disk", resource: disk, ...where };
  if (path !== undefined) throw new UsageError("--path goes with --witness or --disk");
  return majority === true ? { type: "majority" } : null;
}

function saidOf(quorum: QuorumChange | Quorum): string {
  const resource = "resource" in quorum ? quorum.resource : null;
  if (quorum.type === "majority") return "a majority of the nodes";
  const beside = quorum.type === "witness" ? "a majority of the nodes with " : "";
  return `${beside}resource ${resource}`;
}

/** `clusctl status`: the cluster on one screen. */
import { type Cluster, eventKinds } from "@msrpc/clusapi";
import { Command } from "commander";
import { type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { bursts } from "../output/bursts.ts";
import { following } from "../following.ts";
import { lookOf, markOf, type Style, styleFor, words } from "../output/style.ts";
import { pad, printable, widthOf } from "../output/table.ts";
import {
  type GroupView,
  interfacesOf,
  type InterfaceView,
  networksOf,
  type NetworkView,
  nodesOf,
  type NodeView,
  resourcesOf,
  type ResourceView,
  waitingGroupsOf,
} from "../views.ts";

interface Status {
  readonly name: string;
  readonly answeringNode: string;
  readonly nodes: readonly NodeView[];
  readonly groups: readonly (GroupView & { readonly resources: readonly ResourceView[] })[];
  readonly networks: readonly (NetworkView & { readonly interfaces: readonly InterfaceView[] })[];
}

/** All but the registry's, and what objects are named and set to as well: one look shows it. */
const watched = eventKinds.filter((kind) => kind !== "Registry");
/** Puts the cursor into the corner of a terminal that is empty. */
const cleared = "\u001b[H\u001b[2J";

export function statusCommand(io: Io): Command {
  const command = new Command("status")
    .description("show nodes, groups with their resources, and networks on one screen")
    .option("--watch", "show it again when something has changed, until interrupted")
    .addHelpText("after", "\nExample:\n  $ clusctl status --watch");
  return works<{ readonly watch?: true }>(command, io, async ({ cluster, options }) => {
    if (options.watch === true) await watch(io, cluster, options.json === true);
    return options.watch === true ? { json: undefined, text: () => "" } : await report(cluster);
  });
}

async function watch(io: Io, cluster: Cluster, isJson: boolean): Promise<void> {
  const show = async (): Promise<void> => {
    const { json, text } = await report(cluster);
    if (isJson) io.out(`${JSON.stringify(json)}\n`);
    else io.out(`${io.isTerminal ? cleared : ""}${text(styleFor(io.isTerminal))}`);
  };
  await following(io, true, async (signal) => {
    await using events = await cluster.events({ about: watched, signal }).open();
    await show();
    for await (const _burst of bursts(events)) await show();
  });
}

async function report(cluster: Cluster): Promise<Report> {
  const [names, nodes, groups, resources, networks, interfaces] = await Promise.all([
    cluster.names(),
    nodesOf(cluster),
    waitingGroupsOf(cluster),
    resourcesOf(cluster),
    networksOf(cluster),
    interfacesOf(cluster),
  ]);
  const status: Status = {
    ...names,
    nodes,
    groups: groups.map((group) => ({
      ...group,
      resources: resources.filter(({ group: name }) => name === group.name),
    })),
    networks: networks.map((network) => ({
      ...network,
      interfaces: interfaces.filter((one) => one.network === network.name),
    })),
  };
  return { json: status, text: (style) => screen(status, style) };
}

/** One line: a name that is indented, its state, and what there is to say about it. */
interface Line {
  readonly depth: number;
  readonly name: string;
  readonly state: string;
  readonly detail: string;
}

function screen({ name, answeringNode, nodes, groups, networks }: Status, style: Style): string {
  const sections: readonly (readonly [title: string, lines: readonly Line[]])[] = [
    ["NODES", nodes.map(({ name, state }) => ({ depth: 0, name, state, detail: "" }))],
    [
      "GROUPS",
      groups.flatMap(({ name, state, owner, resources, waitsFor }) => [
        { depth: 0, name, state, detail: placeOf(owner, waitsFor) },
        ...resources.map(({ name, state, type, reason }) => ({
          depth: 1,
          name,
          state,
          detail: reason === undefined ? type : `${type}: ${reason}`,
        })),
      ]),
    ],
    [
      "NETWORKS",
      networks.flatMap(({ name, state, interfaces }) => [
        { depth: 0, name, state, detail: "" },
        ...interfaces.map(({ name, state, node }) => ({ depth: 1, name, state, detail: node })),
      ]),
    ],
  ];
  const lines = sections.flatMap(([, lines]) => lines);
  const nameWidth = Math.max(...lines.map(({ depth, name }) => depth * 2 + widthOf(name)), 0);
  const stateWidth = Math.max(...lines.map(({ state }) => words(state).length), 0);
  const show = ({ depth, name, state, detail }: Line): string => {
    const indent = "  ".repeat(depth);
    const mark = style.state(markOf(state), state);
    const named = pad(printable(name), nameWidth - indent.length);
    const stated = style.state(detail === "" ? words(state) : pad(words(state), stateWidth), state);
    const rest = detail === "" ? "" : `  ${style.dim(printable(detail))}`;
    return `  ${indent}${mark} ${named}  ${stated}${rest}\n`;
  };
  const head = `${style.bold(printable(name))}  ${verdict(lines, style)}\n`;
  const foot = style.dim(`answered by ${printable(answeringNode)}`);
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `\n${style.dim(title)}\n${lines.map(show).join("")}`);
  return `${head}${body.join("")}\n${foot}\n`;
}

function placeOf(owner: string, waitsFor: readonly string[] | undefined): string {
  const place = owner === "" ? [] : [`on ${owner}`];
  const names = waitsFor?.join(", ") ?? "";
  const wait = waitsFor && [`waiting for ${names === "" ? "others to start" : names}`];
  return [...place, ...(wait ?? [])].join(", ");
}

/** What the eye looks for first. */
function verdict(lines: readonly Line[], style: Style): string {
  const count = (look: string): number =>
    lines.filter(({ state }) => lookOf(state) === look).length;
  const bad = count("bad");
  if (bad > 0) return style.state(`${bad} failed or down`, "Failed");
  const changing = count("changing");
  if (changing > 0) return style.state(`${changing} pending, paused or partly online`, "Pending");
  return style.state("all well", "Online");
}

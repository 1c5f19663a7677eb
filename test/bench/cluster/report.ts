/** What the benchmark of clusters found, as Markdown, and what grows faster than its size. */
import type { Cost } from "./cost.ts";
import type { Figures } from "./suite.ts";

interface Row {
  readonly name: string;
  /** What is shown. */
  readonly shown: (figures: Figures) => string;
  /** What may not grow faster than the size: processor time, or octets. */
  readonly cost: (figures: Figures) => number;
  /** It is of one object among the others: it should not grow at all. */
  readonly isOfOne?: true;
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;
/** How long it takes, and in brackets the processor time. */
const both = ({ milliseconds, processor }: Cost): string =>
  `${ms(milliseconds)} (${processor.toFixed(1)})`;
const mib = (value: number): string => `${(value / 2 ** 20).toFixed(1)} MiB`;

const rows: readonly Row[] = [
  {
    name: "start from the store, everything online",
    shown: ({ start }) => both(start),
    cost: ({ start }) => start.processor,
  },
  {
    name: "names of all resources",
    shown: ({ names }) => both(names),
    cost: ({ names }) => names.processor,
  },
  {
    name: "all resources with their groups",
    shown: ({ withGroups }) => both(withGroups),
    cost: ({ withGroups }) => withGroups.processor,
  },
  {
    name: "reads of a resource's common properties",
    shown: ({ read }) => `${Math.round(1000 / read.milliseconds)}/s (${read.processor.toFixed(2)})`,
    cost: ({ read }) => read.processor,
    isOfOne: true,
  },
  {
    name: "a resource offline, and online again",
    shown: ({ restart }) => both(restart),
    cost: ({ restart }) => restart.processor,
    isOfOne: true,
  },
  {
    name: "a resource made, and deleted",
    shown: ({ made }) => both(made),
    cost: ({ made }) => made.processor,
    isOfOne: true,
  },
  {
    name: "an event at every port, p99",
    shown: ({ fanOut, event }) => both({ ...event, milliseconds: fanOut }),
    cost: ({ event }) => event.processor,
  },
  {
    name: "memory of the cluster",
    shown: ({ cluster }) => mib(cluster),
    cost: ({ cluster }) => cluster,
  },
  {
    name: "memory of clients with their ports",
    shown: ({ watchers }) => mib(watchers),
    cost: ({ watchers }) => watchers,
  },
];

/** How much more than in proportion something may cost before it is a regression; something quadratic costs four times. */
const tolerance = 2;

export function formatClusterResults(results: readonly Figures[]): {
  readonly markdown: string;
  readonly missed: readonly string[];
} {
  const [quarter, full] = results;
  if (quarter === undefined || full === undefined) throw new Error("two sizes are compared");
  const missed: string[] = [];
  const lines = rows.map(({ name, shown, cost, isOfOne }) => {
    const growth = cost(full) / cost(quarter);
    const linear = isOfOne === true ? 1 : full.size.resources / quarter.size.resources;
    if (!(growth <= linear * tolerance)) {
      missed.push(`${name}: ${growth.toFixed(2)} times the cost, where ${linear} is linear`);
    }
    return `| ${[name, shown(quarter), shown(full), growth.toFixed(2), linear].join(" | ")} |`;
  });
  const { resources, groups, ports, clients } = full.size;
  const small = quarter.size;
  const header = [
    "what",
    `${small.resources} resources, ${small.groups} groups, ${small.ports} ports, ${small.clients} clients`,
    `${resources}, ${groups}, ${ports}, ${clients}`,
    "cost grows by",
    "linear",
  ];
  const markdown = [`| ${header.join(" | ")} |`, "| --- | --: | --: | --: | --: |", ...lines].join(
    "\n",
  );
  return { markdown, missed };
}

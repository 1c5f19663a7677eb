/** Compares two wire plans: what a client of the one and a server of the other make of each other's octets. */
import { type Direction, stubParts } from "../interpret/decode.ts";
import type { InterfacePlan, OperationPlan, TypePlan, WirePlan } from "../plan.ts";
import {
  breaking,
  type Change,
  type ComparedItem,
  type Comparison,
  compatible,
  isSame,
  rangeOf,
  type Verdicts,
  type Way,
  worst,
} from "./change.ts";
import { compareMembers, type ComparedMember, comparePlans } from "./named.ts";
import { type Comparer, type Pair } from "./types.ts";

/** What was found about a pair of types, used one way: their own changes, and the pairs that they use. */
interface Node {
  readonly name: string;
  readonly changes: Change[];
  readonly uses: Set<Node>;
  readonly usedBy: Set<Node>;
  /** Of its own changes and of what it uses. */
  verdicts: Verdicts;
}

/** Types that are named as the reason for a verdict; there may be thousands. */
const mostReasons = 8;

/**
 * Compares what two plans say of the wire, for NDR 2.0 and NDR64 apart. Interfaces stand for each other by UUID and
 * major version, or else by name; operations by opnum; parameters and fields by their places.
 */
export function compareWire(before: WirePlan, after: WirePlan): Comparison {
  return new PlanComparison(before, after).run();
}

class PlanComparison {
  readonly #before: WirePlan;
  readonly #after: WirePlan;
  readonly #nodes = new Map<string, Node>();
  readonly #operationNodes: Node[] = [];
  /** Comparisons of types that were met. */
  readonly #pending: (() => void)[] = [];
  readonly #items: ComparedItem[] = [];

  constructor(before: WirePlan, after: WirePlan) {
    this.#before = before;
    this.#after = after;
  }

  run(): Comparison {
    const pairs = pairInterfaces(this.#before.interfaces, this.#after.interfaces);
    for (const [was, is] of pairs) this.#interfaces(was, is);
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) next();
    spread([...this.#operationNodes, ...this.#nodes.values()]);
    for (const node of this.#operationNodes)
      this.#items.push(itemOf("operation", node.name, [node]));
    const items = [...this.#items, ...this.#types()];
    return { verdicts: worst(items.map(({ verdicts }) => verdicts)), items };
  }

  #interfaces(was: InterfacePlan | null, is: InterfacePlan | null): void {
    const changes = interfaceChanges(was, is);
    const name = (was ?? is)?.name ?? "";
    const verdicts = worst(changes.map((change) => change.verdicts));
    this.#items.push({ kind: "interface", name, verdicts, changes, because: [] });
    if (was === null || is === null) return;
    const opnums = Math.max(was.operations.length, is.operations.length);
    for (let opnum = 0; opnum < opnums; opnum++) {
      this.#operations(name, was.operations[opnum] ?? null, is.operations[opnum] ?? null);
    }
  }

  #operations(interfaceName: string, was: OperationPlan | null, is: OperationPlan | null): void {
    const node = newNode(`${interfaceName}.${(was ?? is)?.name ?? ""}`);
    node.changes.push(...operationChanges(was, is));
    this.#operationNodes.push(node);
    if (was?.form !== "call" || is?.form !== "call") return;
    this.#messages(node, "request", was, is);
    this.#messages(node, "response", was, is);
  }

  #messages(node: Node, way: Way, was: OperationPlan, is: OperationPlan): void {
    const direction: Direction = way === "request" ? "in" : "out";
    const pair: Pair = {
      path: way,
      way,
      before: rangeOf(was),
      after: rangeOf(is),
      positions: { before: new Map(), after: new Map() },
      requested: new Set(was.params.flatMap(({ name, isOut }) => (isOut ? [] : [name]))),
    };
    const comparer = this.#comparer(node);
    const [before, after] = [partsOf(was, direction), partsOf(is, direction)];
    const siblings = [was.params, is.params] as const;
    compareMembers(comparer, pair, before, after, "a parameter", siblings);
  }

  #comparer(node: Node): Comparer {
    return {
      typeBefore: (name) => this.#before.types[name],
      typeAfter: (name) => this.#after.types[name],
      note: ({ path, before, after }, verdicts, reason) =>
        void node.changes.push({ path, verdicts, reason, before, after }),
      meet: ({ way }, was, is) => {
        const used = this.#node(way, was, is);
        node.uses.add(used);
        used.usedBy.add(node);
      },
    };
  }

  /** The node of a pair of types, which is compared later: types may lead to one another for ever, or very deep. */
  #node(way: Way, was: TypePlan, is: TypePlan): Node {
    const key = JSON.stringify([way, was.name, is.name]);
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = newNode(shownName(was));
    this.#nodes.set(key, node);
    this.#pending.push(() => comparePlans(this.#comparer(node), way, was, is));
    return node;
  }

  /** What types come to, whichever way they are used. */
  #types(): ComparedItem[] {
    const byName = Map.groupBy(this.#nodes.values(), ({ name }) => name);
    const names = [...byName.keys()].toSorted();
    return names.map((name) => itemOf("type", name, byName.get(name) ?? []));
  }
}

function newNode(name: string): Node {
  const verdicts: Verdicts = { ndr: "same", ndr64: "same" };
  return { name, changes: [], uses: new Set(), usedBy: new Set(), verdicts };
}

/** Carries verdicts from what changed to all that uses it. They only get worse, so that it ends. */
function spread(nodes: readonly Node[]): void {
  const queue = nodes.filter(({ changes }) => changes.length > 0);
  for (const node of queue) node.verdicts = worst(node.changes.map(({ verdicts }) => verdicts));
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const user of node.usedBy) {
      const verdicts = worst([user.verdicts, node.verdicts]);
      const { ndr, ndr64 } = user.verdicts;
      if (verdicts.ndr === ndr && verdicts.ndr64 === ndr64) continue;
      user.verdicts = verdicts;
      queue.push(user);
    }
  }
}

/** What one node comes to, or several of one name. */
function itemOf(kind: ComparedItem["kind"], name: string, nodes: readonly Node[]): ComparedItem {
  return {
    kind,
    name,
    verdicts: worst(nodes.map(({ verdicts }) => verdicts)),
    changes: merged(nodes.flatMap(({ changes }) => changes)),
    because: reasonsFor(name, nodes),
  };
}

/** The nearest types that changed themselves, by name. */
function reasonsFor(name: string, nodes: readonly Node[]): string[] {
  const met = new Set<Node>(nodes);
  const found = new Set<string>();
  // A set gives what is added while it is walked through.
  for (const node of met) {
    if (node.name !== name && node.changes.length > 0) found.add(node.name);
    if (found.size >= mostReasons) break;
    for (const used of node.uses) if (!isSame(used.verdicts)) met.add(used);
  }
  return [...found].toSorted();
}

/** A change that is found for requests and for responses is one, as bad as the worse of them. */
function merged(changes: readonly Change[]): Change[] {
  const byKey = Map.groupBy(changes, ({ path, reason }) => JSON.stringify([path, reason]));
  return [...byKey.values()].map((alike): Change => {
    const [first] = alike as [Change, ...Change[]];
    return { ...first, verdicts: worst(alike.map(({ verdicts }) => verdicts)) };
  });
}

function shownName({ name, aliases }: TypePlan): string {
  return aliases[0] ?? name;
}

function partsOf(operation: OperationPlan, direction: Direction): ComparedMember[] {
  const places = new Map(operation.params.map(({ name, place }) => [name, place]));
  return stubParts(operation, direction).map(({ name, type }) => ({
    name,
    type,
    place: places.get(name) ?? operation.place,
  }));
}

function pairInterfaces(
  before: readonly InterfacePlan[],
  after: readonly InterfacePlan[],
): [InterfacePlan | null, InterfacePlan | null][] {
  const left = new Set(after);
  const take = (fits: (each: InterfacePlan) => boolean): InterfacePlan | null => {
    const found = [...left].find(fits) ?? null;
    if (found) left.delete(found);
    return found;
  };
  const sure = before.map((was) =>
    take(({ uuid, version }) => uuid === was.uuid && version.major === was.version.major),
  );
  const pairs = before.map((was, at): [InterfacePlan, InterfacePlan | null] => [
    was,
    sure[at] ?? take(({ name }) => name === was.name),
  ]);
  return [...pairs, ...[...left].map((is): [null, InterfacePlan] => [null, is])];
}

function interfaceChanges(was: InterfacePlan | null, is: InterfacePlan | null): Change[] {
  const ranges = { before: was && rangeOf(was), after: is && rangeOf(is) };
  const change = (verdicts: Verdicts, reason: string): Change => ({
    path: "",
    verdicts,
    reason,
    ...ranges,
  });
  if (was === null) return [change(compatible, "the interface came")];
  if (is === null) return [change(breaking, "the interface went")];
  if (was.uuid !== is.uuid) return [change(breaking, `its UUID was ${was.uuid}, is ${is.uuid}`)];
  const [then, now] = [was.version, is.version];
  const reason = `its version was ${then.major}.${then.minor}, is ${now.major}.${now.minor}`;
  if (then.major !== now.major || then.minor > now.minor) return [change(breaking, reason)];
  return then.minor < now.minor ? [change(compatible, reason)] : [];
}

function operationChanges(was: OperationPlan | null, is: OperationPlan | null): Change[] {
  const ranges = { before: was && rangeOf(was), after: is && rangeOf(is) };
  const change = (verdicts: Verdicts, reason: string): Change[] => [
    { path: "", verdicts, reason, ...ranges },
  ];
  const wasThere = was?.form === "call";
  const isThere = is?.form === "call";
  if (!wasThere && !isThere) return [];
  if (!wasThere) return change(compatible, `opnum ${is?.opnum ?? ""} came`);
  if (!isThere) return change(breaking, `opnum ${was.opnum} went`);
  if (was.semantics.maybe !== is.semantics.maybe) {
    const now = is.semantics.maybe ? "is answered by nobody now" : "is answered now";
    return change(
      breaking,
      `the operation ${now}: [maybe] ${is.semantics.maybe ? "came" : "went"}`,
    );
  }
  return [];
}

/** Whether an item is worth telling of. */
export function isChanged({ verdicts, changes }: ComparedItem): boolean {
  return changes.length > 0 || !isSame(verdicts);
}

/** A comparison as text, and as Markdown for a pull request. */
import {
  type Change,
  type ChangeRange,
  type ComparedItem,
  type Comparison,
  isChanged,
  type Verdict,
  type Verdicts,
} from "@msrpc/wire";

/** `breaking`; `breaking in NDR 2.0, same in NDR64` where they differ. */
function verdictText({ ndr, ndr64 }: Verdicts): string {
  return ndr === ndr64 ? ndr : `${ndr} in NDR 2.0, ${ndr64} in NDR64`;
}

const order: readonly Verdict[] = ["breaking", "compatible", "same"];

/** What is worse stands first; what is the same on the wire, last. */
function changed({ items }: Comparison): ComparedItem[] {
  const rank = ({ verdicts }: ComparedItem): number =>
    Math.min(order.indexOf(verdicts.ndr), order.indexOf(verdicts.ndr64));
  return items.filter(isChanged).toSorted((a, b) => rank(a) - rank(b));
}

/** How many items are what, over both syntaxes. */
export function countVerdicts({ items }: Comparison): Readonly<Record<Verdict, number>> {
  const counts = { same: 0, compatible: 0, breaking: 0 };
  for (const { verdicts } of items) {
    const { ndr, ndr64 } = verdicts;
    counts[order.find((each) => each === ndr || each === ndr64) ?? "same"]++;
  }
  return counts;
}

function summary(comparison: Comparison): string {
  const { breaking, compatible, same } = countVerdicts(comparison);
  return `${breaking} breaking, ${compatible} compatible, ${same} the same`;
}

function rangeText(range: ChangeRange | null): string {
  if (range === null) return "nothing";
  const { file, line, column, endColumn } = range;
  return `${file}:${line}:${column}-${endColumn}`;
}

function changeText({ path, reason }: Change): string {
  return path === "" ? reason : `${path}: ${reason}`;
}

export function renderText(comparison: Comparison): string {
  const lines = changed(comparison).flatMap(({ kind, name, verdicts, changes, because }) => [
    `${verdictText(verdicts)}: ${kind} ${name}`,
    ...changes.flatMap((change) => [
      `  ${changeText(change)} (${verdictText(change.verdicts)})`,
      `    ${rangeText(change.before)} -> ${rangeText(change.after)}`,
    ]),
    ...(because.length > 0 ? [`  because of ${because.join(", ")}`] : []),
  ]);
  return [...lines, summary(comparison), ""].join("\n");
}

export function renderMarkdown(comparison: Comparison, before: string, after: string): string {
  const items = changed(comparison).map(({ kind, name, verdicts, changes, because }) => {
    const { ndr, ndr64 } = verdicts;
    const reasons = [
      ...changes.map((change) => {
        const where = `${rangeText(change.before)} → ${rangeText(change.after)}`;
        return `${changeText(change)} (${where})`;
      }),
      ...(because.length > 0 ? [`because of ${because.join(", ")}`] : []),
    ];
    return `| ${kind} | ${cell(name)} | ${ndr} | ${ndr64} | ${reasons.map(cell).join("<br>")} |`;
  });
  const table =
    items.length === 0
      ? []
      : ["|  | name | NDR 2.0 | NDR64 | why |", "| --- | --- | --- | --- | --- |", ...items, ""];
  return [`**From ${cell(before)} to ${cell(after)}: ${summary(comparison)}**`, "", ...table].join(
    "\n",
  );
}

/** What would end a cell, or be read as markup, as itself. */
function cell(text: string): string {
  return text.replace(/[\\|*_<>`[\]]/g, "\\$&");
}

/** Rows as a table in plain text. */
import type { Cell, Row } from "./rows.ts";

const head = ["", "", "offset", "align", "size", "offset", "align", "size"];

/** A table whose columns are as wide as they need to be. */
export function table(rows: readonly Row[]): string {
  const lines = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const text = lines.map((line) => {
    const padded = line.map((cell, at) =>
      at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    return `${padded.slice(0, 2).join("  ")}  | ${padded.slice(2, 5).join(" ")} | ${padded.slice(5).join(" ")}`;
  });
  const start = (widths[0] ?? 0) + (widths[1] ?? 0) + 4;
  const span = (widths[2] ?? 0) + (widths[3] ?? 0) + (widths[4] ?? 0) + 2;
  const title = `${" ".repeat(start)}| ${"NDR 2.0".padEnd(span)} | NDR64`;
  return [title, ...text].map((line) => line.trimEnd()).join("\n");
}

function cellsOf({ depth, name, type, cells }: Row): string[] {
  const label = "  ".repeat(depth) + name;
  if (!cells) return [label, type, "", "", "", "", "", ""];
  return [label, type, ...columns(cells.ndr), ...columns(cells.ndr64)];
}

/** `..` for what depends on the value, `-` for what the syntax lacks. */
function columns(cell: Cell | null): string[] {
  if (!cell) return ["-", "-", "-"];
  const { offset, align, size } = cell;
  return [
    offset === null ? ".." : String(offset),
    String(align),
    size === null ? ".." : String(size),
  ];
}

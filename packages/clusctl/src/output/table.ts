/** Rows under headings, each column as wide as it needs. */
import { markOf, type Style, words } from "./style.ts";

export interface Column<Row> {
  readonly heading: string;
  value(row: Row): string;
  /** It is a state: it has its mark and colour. */
  readonly isState?: true;
}

export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  style: Style,
): string {
  const cells = rows.map((row) =>
    columns.map((column) => {
      const value = column.value(row);
      const shown = column.isState === true ? `${markOf(value)} ${words(value)}` : value;
      return { value, shown: printable(shown) };
    }),
  );
  const widths = columns.map(({ heading }, at) =>
    Math.max(widthOf(heading), ...cells.map((row) => widthOf(row[at]?.shown ?? ""))),
  );
  const heading = columns.map(({ heading }, at) => style.dim(pad(heading, widths[at] ?? 0)));
  const lines = cells.map((row) =>
    row.map(({ value, shown }, at) => {
      const padded = pad(shown, widths[at] ?? 0);
      return columns[at]?.isState === true ? style.state(padded, value) : padded;
    }),
  );
  return [heading, ...lines].map((line) => `${trimEnd(line.join("  "))}\n`).join("");
}

/** Names come from elsewhere: what would move the cursor is shown as a mark. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{fffd}");
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Columns of a terminal: those of East Asian scripts are twice as wide, marks that stand over letters have none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

function trimEnd(line: string): string {
  return line.replace(/ +((?:\u001b\[0m)?)$/, "$1");
}

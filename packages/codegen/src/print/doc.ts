/** A small layout language: a group stands on one line where it fits, else all its lines break. */

export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: "group"; readonly of: Doc }
  | { readonly kind: "indent"; readonly of: Doc }
  | { readonly kind: "line"; readonly flat: string }
  | { readonly kind: "ifBroken"; readonly text: string };

export const pageWidth = 100;

/** A space, or a new line. */
export const line: Doc = { kind: "line", flat: " " };
/** Nothing, or a new line. */
const softLine: Doc = { kind: "line", flat: "" };

export function group(...of: Doc[]): Doc {
  return { kind: "group", of };
}

export function indent(...of: Doc[]): Doc {
  return { kind: "indent", of };
}

/** `open a, b close`, or one item a line with a comma behind each. */
export function list(
  open: string,
  items: readonly Doc[],
  close: string,
  space: "" | " " = "",
): Doc {
  if (items.length === 0) return `${open}${close}`;
  const gap: Doc = { kind: "line", flat: space };
  return group(
    open,
    indent(gap, ...items.flatMap((item, i) => (i === 0 ? [item] : [",", line, item]))),
    { kind: "ifBroken", text: "," },
    gap,
    close,
  );
}

/** `head(a, b)`. An argument needs no parentheses of its own. */
export function call(head: string, ...args: Doc[]): Doc {
  return list(
    `${head}(`,
    args.map((arg) => (typeof arg === "string" && isWrapped(arg) ? arg.slice(1, -1) : arg)),
    ")",
  );
}

/** One pair of parentheses around all of a text. */
export function isWrapped(text: string): boolean {
  if (!text.startsWith("(") || !text.endsWith(")")) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i === text.length - 1;
  }
  return false;
}

/** `Name<A, B>`; a broken list of type arguments has no comma at its end. */
export function generic(head: string, ...args: Doc[]): Doc {
  if (args.length === 0) return head;
  const items = args.flatMap((item, i) => (i === 0 ? [item] : [",", line, item]));
  return group(`${head}<`, indent(softLine, ...items), softLine, ">");
}

/** `head = value`, on two lines where it is long; a call breaks between its arguments instead. */
export function assign(head: string, value: Doc): Doc {
  const isText = typeof value === "string";
  const text = isText ? value : "";
  const [left = "", right] = text.split(" && ");
  return right !== undefined
    ? group(head, indent(line, group(left, " &&", line, right)))
    : [head, " ", isText ? breakable(text) : value];
}

/** A call or object in a text as a document that can break between its parts. */
function breakable(text: string): Doc {
  const object = /^\{ (.*) \}$/.exec(text);
  const found = object ?? /^[\w.]+(?:<[^()]*>)?\((.*)\)$/.exec(text);
  const items = found === null ? null : splitArguments(found[1]!);
  if (items === null) return text;
  if (object !== null) return list("{", items, "}", " ");
  return call(text.slice(0, text.length - found![1]!.length - 2), ...items.map(breakable));
}

/** `"a" | "b"`, a member a line where it is long. */
export function union(members: readonly Doc[]): Doc {
  return group(
    { kind: "ifBroken", text: "| " },
    ...members.flatMap((item, i) => (i === 0 ? [item] : [line, "| ", item])),
  );
}

/** Arguments between the commas outside of brackets and text; null where the text is no list of them. */
function splitArguments(text: string): string[] | null {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"') isText = !isText;
    else if (isText) continue;
    else if ("([{<".includes(char)) depth++;
    else if (")]}>".includes(char) && text[i - 1] !== "=") depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 2;
    }
    if (depth < 0) return null;
  }
  return [...parts, text.slice(start)];
}

/** The text of a document that starts at column `column`; new lines start at `margin`. */
export function print(doc: Doc, margin = 0, column: number = margin): string {
  let out = "";
  let at = column;
  const todo: { doc: Doc; margin: number; flat: boolean }[] = [{ doc, margin, flat: false }];
  for (let item = todo.pop(); item !== undefined; item = todo.pop()) {
    const { doc: next, flat } = item;
    if (typeof next === "string") {
      out += next;
      at += next.length;
    } else if (isList(next)) {
      for (const part of next.toReversed()) todo.push({ ...item, doc: part });
    } else if (next.kind === "group") {
      const rest = flatWidthOfRest(todo);
      const fits = flat || at + flatWidth(next.of) + rest <= pageWidth;
      todo.push({ ...item, doc: next.of, flat: fits });
    } else if (next.kind === "indent") {
      todo.push({ ...item, doc: next.of, margin: item.margin + 2 });
    } else if (next.kind === "ifBroken") {
      if (!flat) out += next.text;
    } else if (flat) {
      out += next.flat;
      at += next.flat.length;
    } else {
      out += `\n${" ".repeat(item.margin)}`;
      at = item.margin;
    }
  }
  return out;
}

function isList(doc: Exclude<Doc, string>): doc is readonly Doc[] {
  return Array.isArray(doc);
}

function flatWidth(doc: Doc): number {
  if (typeof doc === "string") return doc.length;
  if (isList(doc)) return doc.reduce<number>((sum, part) => sum + flatWidth(part), 0);
  if (doc.kind === "line") return doc.flat.length;
  if (doc.kind === "ifBroken") return 0;
  return flatWidth(doc.of);
}

/** What follows a group up to the next place where the line may break anyway. */
function flatWidthOfRest(todo: readonly { doc: Doc; flat: boolean }[]): number {
  let width = 0;
  for (let i = todo.length - 1; i >= 0; i--) {
    const { doc, flat } = todo[i]!;
    const upTo = widthToBreak(doc, flat);
    width += upTo.width;
    if (upTo.ends) break;
  }
  return width;
}

function widthToBreak(doc: Doc, flat: boolean): { width: number; ends: boolean } {
  if (typeof doc === "string") return { width: doc.length, ends: false };
  if (isList(doc)) {
    let width = 0;
    for (const part of doc) {
      const upTo = widthToBreak(part, flat);
      width += upTo.width;
      if (upTo.ends) return { width, ends: true };
    }
    return { width, ends: false };
  }
  if (doc.kind === "line")
    return flat ? { width: doc.flat.length, ends: false } : { width: 0, ends: true };
  if (doc.kind === "ifBroken") return { width: flat ? 0 : doc.text.length, ends: false };
  return widthToBreak(doc.of, flat);
}

/**
 * The IDL in the Markdown of an Open Specification, as published: its appendix without the marks that the conversion to
 * Markdown left behind, and without the prose around it. Nothing is mended.
 */

export interface PublishedFile {
  /** As the documents import it: `ms-samr.idl`, or `ms-fax_faxobs.idl` where a document has several. */
  readonly name: string;
  readonly text: string;
}

const heading = /^#{1,6} (\d+(?:\.\d+)*) (.+?)\s*$/;
/** Their appendices hold no Microsoft IDL: [MS-UNMP] is written for ONC RPC. */
const otherLanguages: ReadonlySet<string> = new Set(["MS-UNMP"]);
const appendix = /^Appendix [A-Z](?:\.\d+)?: (.+)$/;

/** The files of IDL in one document. */
export function publishedIdl(document: string, markdown: string): PublishedFile[] {
  if (otherLanguages.has(document)) return [];
  const sections = splitSections(markdown);
  const full = sections.findIndex(
    ({ title }) => /^Appendix [A-Z]: Full /.test(title) && isIdlTitle(title),
  );
  const root = sections[full];
  if (root === undefined) return [];
  const parts = sections
    .slice(full + 1)
    .filter(({ number }) => number.startsWith(`${root.number}.`));
  if (parts.length === 0)
    return [{ name: `${document.toLowerCase()}.idl`, text: idlOf(root.lines) }];
  return parts.map(({ title, lines }) => {
    const file = appendix.exec(title)?.[1] ?? title;
    return { name: `${document}_${file}`.toLowerCase(), text: idlOf(lines) };
  });
}

function isIdlTitle(title: string): boolean {
  return /\b(IDL|NEGOEX)$/.test(title);
}

interface Section {
  readonly number: string;
  readonly title: string;
  readonly lines: string[];
}

function splitSections(markdown: string): Section[] {
  const sections: Section[] = [];
  for (const line of markdown.split("\n")) {
    const found = heading.exec(line);
    if (found) sections.push({ number: found[1] ?? "", title: found[2] ?? "", lines: [] });
    else if (/^#{1,6} /.test(line)) sections.push({ number: "", title: "", lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** The text without the blank line that stands behind every line, list marks, anchors and prose. */
function idlOf(lines: readonly string[]): string {
  const out: string[] = [];
  let isComment = false;
  for (const raw of lines) {
    const line = raw
      .replaceAll("\u00a0", " ")
      .replace(/^\s*- /, "")
      .trimEnd();
    if (line.trim() === "" || /^<a id="[^"]*"><\/a>$/.test(line)) continue;
    if (!isComment && isProse(line)) continue;
    out.push(line);
    isComment = endsInComment(line, isComment);
  }
  return out.map((line) => `${line}\n`).join("");
}

/** A sentence, a sentence's markup or a bare file name, none of which IDL has outside a comment. */
function isProse(line: string): boolean {
  if (/^[\w-]+\.(idl|h)$/i.test(line)) return true;
  if (!/^(\*\*)?[A-Z]/.test(line)) return false;
  return (
    line.includes("](") ||
    (/[.:]$/.test(line) && line.split(" ").length > 4 && !/[;{=]|\/\//.test(line))
  );
}

function endsInComment(line: string, isComment: boolean): boolean {
  const code = isComment ? line : line.replace(/\/\/.*$/, "");
  const open = code.lastIndexOf("/*");
  const close = code.lastIndexOf("*/");
  return open === close ? isComment : open > close;
}

/** What the Markdown of an Open Specification says in headings and tables: sections and statuses. */
import { basename } from "node:path";

export interface DocumentText {
  /** `MS-SAMR`, after its file. */
  readonly name: string;
  /** Target level of the strict check of NDR data that it asks for, [MS-RPCE] 3.1.1.5.3; null where it says none. */
  readonly level: 5 | 6 | null;
  /** Sections of operations and types, by the name in the heading. */
  readonly sections: ReadonlyMap<string, string>;
  /** Statuses that the tables of a section list, by the name in the heading; null where they don't state the number. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<string, number | null>>;
}

/** `#### 3.1.4.1 NetrConnectionEnum (Opnum 8)`; `#### 3.4.5.2 IVdsAsync::Wait (Opnum 4)`; `##### 2.2.2.1 SAMPR_HANDLE`. */
const heading =
  /^#{1,6} (\d+(?:\.\d+)+) ((?:\w+::)?\w+)(?:( ?\(opnum \d+\))| (?:structure|enumeration|union))?\s*$/i;
/** `##### 3.1.4.2.1 Receiving an EfsRpcOpenFileRaw Message (Opnum 0)`, as some documents have it. */
const received = /Receiving an? (\w+) Message(?= \(opnum)/i;
const statusName =
  /^(?:STATUS|ERROR|NERR|RPC_[SXE]|EPT_S|SCHED_[ES]|WAIT|APE|E|S)_\w+$|^NERR_?[A-Z]\w+$/;
const number = /^(?:0x[0-9A-Fa-f]{1,8}|\d{1,10})$/;

/** Names in the prose of a section, where it has no table of them. */
const statusInText = /\b(?:STATUS|ERROR|NERR|RPC_[SX]|SCHED_E)_[A-Z0-9_]*[A-Z0-9]\b/g;

/** `MS-SAMR` of `in/ms-samr.md`. */
export function documentName(path: string): string {
  return basename(path)
    .replace(/\.\w+$/, "")
    .toUpperCase();
}

export function readDocument(path: string, markdown: string): DocumentText {
  const sections = new Map<string, string>();
  const statuses = new Map<string, Map<string, number | null>>();
  const mentioned = new Map<string, Set<string>>();
  let at: { readonly name: string; readonly section: string; readonly isMethod: boolean } | null =
    null;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("#")) {
      const plain = line.replace(received, "$1");
      const [, section = "", name = "", method] = heading.exec(plain) ?? [];
      const isMethod = method !== undefined;
      // What stands in sections of its own below a method's is said of the method.
      const inner = /^#+ ([\d.]+)/.exec(line)?.[1] ?? "";
      if (at?.isMethod === true && !isMethod && inner.startsWith(`${at.section}.`)) continue;
      at = name === "" || sections.has(name) ? null : { name, section, isMethod };
      if (at === null) continue;
      sections.set(name, section);
      statuses.set(name, new Map());
      mentioned.set(name, new Set());
    } else if (at !== null) {
      const status = line.startsWith("|") ? statusOf(line.split("|")[1] ?? "") : null;
      if (status !== null) statuses.get(at.name)?.set(...status);
      const words = line.replaceAll("\\", "").match(statusInText) ?? [];
      for (const word of words) if (!isSuccess(word)) mentioned.get(at.name)?.add(word);
    }
  }
  for (const [name, words] of mentioned) {
    const listed = statuses.get(name);
    if (listed?.size === 0) for (const word of words) listed.set(word, null);
  }
  const level = /consistency check at target level ([56])\.0/.exec(markdown)?.[1];
  return {
    name: documentName(path),
    level: level === undefined ? null : level === "5" ? 5 : 6,
    sections,
    statuses,
  };
}

/** 0, which is not for a list of errors. */
function isSuccess(name: string): boolean {
  return /_SUCCESS$/i.test(name) || name === "S_OK";
}

/** `0xC0000022 STATUS_ACCESS_DENIED`, in either order, with or without the number. */
function statusOf(cell: string): [string, number | null] | null {
  const words = cell
    .replaceAll(/[*`()/]|<[^>]*>/g, " ")
    .trim()
    .split(/\s+/);
  const name = words.find((word) => statusName.test(word));
  const value = words.find((word) => number.test(word));
  if (name === undefined || words.length > 2 || isSuccess(name)) return null;
  return [name.replaceAll("\\", ""), value === undefined ? null : Number(value)];
}
